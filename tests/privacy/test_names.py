import pytest

from doctranslate.privacy.addresses import is_private
from doctranslate.privacy.names import is_trivial, is_wordy, says_host, says_secret


@pytest.mark.parametrize(
    "name",
    ["password", "DB_PASSWORD", "dbPassword", "passwd", "--password", "api_key", "apiKey", "X-API-Key", "GITHUB_TOKEN",
     "accessToken", "client_secret", "aws_secret_access_key", "credentials", "ssh_passphrase", "password_prod", "token2"],
)  # fmt: skip
def test_says_secret_when_a_name_says_so_then_true(name):
    assert says_secret(name)


@pytest.mark.parametrize(
    "name",
    ["tokenizer", "token_url", "password_file", "secret_name", "key", "primary_key", "keyword", "compass", "bypass_cache",
     "passenger", "pad_token", "max_tokens", "next_page_token", "secretary", "branch", "author", "token_type", ""],
)  # fmt: skip
def test_says_secret_when_a_name_means_something_else_then_false(name):
    assert not says_secret(name)


@pytest.mark.parametrize("name", ["host", "db_host", "HOSTNAME", "redisHost"])
def test_says_host_when_a_name_ends_so_then_true(name):
    assert says_host(name)
    assert not says_host(name + "_count")


@pytest.mark.parametrize(
    ("value", "name"),
    [("changeme", "password"), ("<token>", "token"), ("xxxxxxxx", "token"), ("***", "password"), ("", "password"),
     ("YOUR_TOKEN", "token"), ("GITHUB_TOKEN", "token"), ("$TOKEN", "token"), ("${TOKEN}", "token"), ("password", "password"),
     ("/run/secrets/db", "password"), ("token.txt", "token"), ("Enter the password:", "password"), ("%(password)s", "password"),
     ("your-api-key-here", "api_key"), ("sk-...", "api_key"), ("None", "token"), (r"\w+", "token")],
)  # fmt: skip
def test_is_trivial_when_it_can_be_no_secret_then_true(value, name):
    assert is_trivial(value, name=name)


@pytest.mark.parametrize(
    "value",
    ["hunter" + "2", "swordfish", "p@ss w0rd", "correct horse battery staple", "$ecret1", "0000001", "supersecret", "/x9K2+vR8="],
)  # fmt: skip
def test_is_trivial_when_it_may_be_a_password_then_false(value):
    assert not is_trivial(value, name="password")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("feature/prepare-dataset-2024", True),
        ("DatasetVersionControl2021Final", True),
        ("kJ8xQ2mT7LrW2bNz8Vc", False),
    ],
)
def test_is_wordy_when_words_are_told_from_random_letters_then_as_expected(value, expected):
    assert is_wordy(value) is expected


@pytest.mark.parametrize(
    "host",
    ["10.0.0.5", "172.20.1.1", "192.168.1.7", "100.64.3.2", "fd00::5", "[fd00::5]", "gitea", "git.acme.corp", "x.internal",
     "nas.local", "NAS.LAN", "git.internal.acme.com", "router.home.arpa", "git.acme.corp."],
)  # fmt: skip
def test_is_private_when_a_host_is_one_of_a_private_network_then_true(host):
    assert is_private(host)


@pytest.mark.parametrize(
    "host",
    ["github.com", "pypi.org", "example.com", "localhost", "127.0.0.1", "::1", "0.0.0.0", "8.8.8.8", "172.32.0.1", "10.0.0.0",
     "169.254.169.254", "gitlab.acme.com", "", "host", "corporation.com"],
)  # fmt: skip
def test_is_private_when_a_host_is_public_or_this_machine_then_false(host):
    assert not is_private(host)
