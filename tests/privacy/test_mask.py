import ast
import re
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctranslate.config import words_to_hide
from doctranslate.privacy import Hidden, Mask, providers
from tests.privacy.planted import PLANTED, Planted, made
from tests.translation.corpus import programs

WORD = "Winter-" + "Garden7"


def shape(code: str) -> str:
    """A program without what its strings say."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            node.value = type(node.value)()
    return ast.dump(tree)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.kind)
class TestPlanted:
    def test_hide_when_a_secret_is_planted_then_nothing_of_it_is_left(self, planted: Planted):
        masked = Mask.of(planted.program).hide(planted.program)
        assert not [secret for secret in planted.secrets if secret in masked]

    def test_restore_when_nothing_was_changed_then_the_program_is_the_same(self, planted: Planted):
        mask = Mask.of(planted.program)
        assert mask.restore(mask.hide(planted.program)) == planted.program

    def test_hide_when_a_secret_is_planted_then_the_program_keeps_its_shape_and_lines(self, planted: Planted):
        masked = Mask.of(planted.program).hide(planted.program)
        assert shape(masked) == shape(planted.program)
        assert masked.count("\n") == planted.program.count("\n")

    def test_of_when_made_again_then_placeholders_are_the_same(self, planted: Planted):
        first, again = Mask.of(planted.program), Mask.of(planted.program)
        assert first.hidden == again.hidden
        assert first.hide(planted.program) == again.hide(planted.program)

    def test_missing_when_the_masked_program_is_asked_then_nothing_is_missing_or_broken(
        self, planted: Planted
    ):
        mask = Mask.of(planted.program)
        masked = mask.hide(planted.program)
        assert mask.hidden
        assert mask.missing(masked) == ()
        assert mask.broken(masked) == ()
        assert mask.missing("") == mask.hidden

    def test_repr_when_printed_then_no_value_shows(self, planted: Planted):
        mask = Mask.of(planted.program)
        said = f"{mask!r} {mask} {mask.hidden} {mask._rules}"
        assert not [secret for secret in planted.secrets if secret in said]


def test_planted_when_counted_then_there_are_at_least_30_kinds():
    assert len({planted.kind for planted in PLANTED}) == len(PLANTED) >= 30


class TestNothingToHide:
    @pytest.mark.parametrize("program", programs(), ids=lambda program: program.name)
    def test_of_when_a_program_holds_no_secret_then_nothing_is_hidden(self, program):
        assert Mask.of(program.source).hidden == ()

    @pytest.mark.parametrize(
        "line",
        [
            'token = os.environ["TOKEN"]',
            'token = os.environ.get("GITHUB_TOKEN")',
            'password = getpass.getpass("Password: ")',
            'password = "changeme"',
            'password = "<your password>"',
            'token = "xxxxxxxxxxxxxxxx"',
            'api_key = "YOUR_API_KEY"',
            'api_key = "${API_KEY}"',
            'token = ""',
            'PASSWORD_FILE = "/run/secrets/db"',
            'token_url = "https://example.com/oauth/token"',
            'raise ValueError("the token is missing: set GITHUB_TOKEN")',
            'pad_token = "<pad>"; eos_token = "endoftext"',
            'tokens = ["the", "quick", "brown", "fox"]',
            'fields = ["user", "password", "email"]',
            'results = {"pass": "green", "fail": "red"}',
            'if "-----BEGIN RSA PRIVATE KEY-----" in text and "-----END RSA PRIVATE KEY-----" in text: pass',
            'sha = "da39a3ee5e6b4b0d3255bfef95601890afd80709"',
            'md5 = "d41d8cd98f00b204e9800998ecf8427e"',
            'run_id = "123e4567-e89b-12d3-a456-426614174000"',
            'repo.git.checkout("feature/prepare-dataset-2024-01-31")',
            'path = "data/processed/training_set_2021-final/part-00001.parquet"',
            'url = "https://github.com/iterative/dataset-registry"',
            'url = "git@github.com:iterative/dataset-registry.git"',
            'url = "http://localhost:8000/x"; other = "http://127.0.0.1:5000"',
            'url = f"https://{user}:{password}@{host}/repo.git"',
            'url = "https://user:password@example.com/repo.git"',
            'url = "https://%s:%s@%s/repo.git" % (user, password, host)',
            'config = ".dvc/config.local"; other = "config.local"',
            'lock = threading.local()  # as in threading.local',
            'author = "Jane Doe <jane@example.com>"',
            'print("pushed to origin/main, see s3://bucket/path")',
            'headers = {"Authorization": f"Bearer {token}"}',
            '"""Args:\n    token: The token of the service.\n    password: Optional.\n"""',
            'parser.add_argument("--token", help="Token of the service", default=None)',
            'version = "10.4"; other = "1.2.3.4"',
        ],
    )  # fmt: skip
    def test_of_when_a_line_only_looks_like_it_then_nothing_is_hidden(self, line):
        assert [Mask.of(line).restore(each.placeholder) for each in Mask.of(line).hidden] == []


class TestHide:
    def test_hide_when_a_traceback_repeats_a_value_then_it_has_the_same_placeholder(self):
        code = f'url = "https://ci-bot:{WORD}@git.payroll.internal/a/data.git"\n'
        mask = Mask.of(code)
        said = mask.hide(f"fatal: Authentication failed for 'https://ci-bot:{WORD}@git.payroll.internal/'")
        assert said == (
            "fatal: Authentication failed for "
            "'https://doctranslate-masked-1:doctranslate-masked-2@doctranslate-masked-3.invalid/'"
        )
        assert "doctranslate-masked-1:doctranslate-masked-2@doctranslate-masked-3.invalid/" in mask.hide(code)

    @pytest.mark.parametrize(
        "write",
        [
            lambda value: value,
            lambda value: repr(value),
            lambda value: __import__("json").dumps(value),
            lambda value: __import__("urllib.parse").parse.quote(value, safe=""),
            lambda value: __import__("base64").b64encode(value.encode()).decode(),
        ],
        ids=["as it is", "repr", "json", "url", "base64"],
    )
    def test_hide_when_the_value_is_written_otherwise_then_it_is_hidden_and_restored(self, write):
        value = "a'b" + '"c\\d{e}/ü+x'
        mask = Mask.of(f"password = {value!r}\n")
        written = f"said: {write(value)}."
        masked = mask.hide(written)
        assert write(value) not in masked
        assert "doctranslate-masked-1" in masked
        assert mask.restore(masked) == written

    def test_hide_when_a_private_url_is_masked_then_it_keeps_scheme_and_shape(self):
        code = 'url = "https://git.payroll.internal:8443/hr/salaries.git"\n'
        masked = Mask.of(code).hide(code)
        assert masked == 'url = "https://doctranslate-masked-1.invalid/doctranslate-masked-2.git"\n'

    def test_hide_when_a_key_block_is_masked_then_its_marks_stay(self):
        planted = next(each for each in PLANTED if each.kind == "private key")
        masked = Mask.of(planted.program).hide(planted.program)
        assert "BEGIN RSA PRIVATE KEY" in masked
        assert "END RSA PRIVATE KEY" in masked

    def test_hide_when_a_value_is_also_a_name_then_the_name_stays(self):
        code = 'password = "main"\n\ndef main(branch="main"):\n    main.password2 = main\n'
        mask = Mask.of(code)
        masked = mask.hide(code)
        assert shape(masked) == shape(code)
        assert '"main"' not in masked
        assert mask.restore(masked) == code

    def test_hide_when_values_stand_side_by_side_then_each_comes_back(self):
        first, second = "$ecret/1" + "x", "Winter7" + "x"
        code = f'password = "{first}"\ntoken = "{second}"\n'
        mask = Mask.of(code)
        for text in (
            first + second,
            second + first,
            second * 2 + "9",
            f"{second}--{second}-b",
            f"{second}.invalid",
            f"{first}b",
        ):
            assert mask.restore(mask.hide(text)) == text
            assert first not in mask.hide(text) and second not in mask.hide(text)

    def test_hide_when_the_program_holds_a_placeholder_itself_then_another_is_taken(self):
        code = f'x = "doctranslate-masked-1"\npassword = "{WORD}"\n'
        mask = Mask.of(code)
        assert mask.restore(mask.hide(code)) == code
        assert mask.hide(code).startswith('x = "doctranslate-masked-1"\n')

    @pytest.mark.parametrize("value", ["doctranslate-masked-", "masked-" + "1.inv", "hidden-" + "1"])
    def test_hide_when_a_value_is_a_part_of_a_placeholder_then_it_is_not_left(self, value):
        code = f'password = "{value}"\n'
        mask = Mask.of(code)
        assert value not in mask.hide(code)
        assert mask.restore(mask.hide(code)) == code

    def test_of_when_values_are_given_then_they_are_hidden_too(self):
        mask = Mask.of('url = "https://code.acme.com/repo"\n', also=["code.acme.com", "Project Cobalt"])
        assert (
            mask.hide("Project Cobalt at code.acme.com") == "doctranslate-masked-2 at doctranslate-masked-1"
        )
        assert mask.hidden == (Hidden("named by you", 1, "doctranslate-masked-1"),)

    def test_words_to_hide_when_the_environment_names_some_then_they_are_taken_apart(self, monkeypatch):
        monkeypatch.setenv("DOCTRANSLATE_HIDE", "gitlab.acme.com, Project Cobalt,")
        assert words_to_hide() == ("gitlab.acme.com", "Project Cobalt")
        monkeypatch.delenv("DOCTRANSLATE_HIDE")
        assert words_to_hide() == ()

    def test_of_when_it_is_no_python_then_its_lines_are_read(self):
        code = f'print "x"\npassword = "{WORD}"\nurl = "https://git.payroll.internal/x"\n'
        mask = Mask.of(code)
        assert WORD not in mask.hide(code)
        assert "payroll" not in mask.hide(code)
        assert mask.restore(mask.hide(code)) == code

    def test_hide_when_a_token_is_whole_here_and_in_two_pieces_there_then_all_of_it_is_hidden(self):
        token = "ghp_" + made("twice", 36)
        code = f'x = "{token}"\ny = "{token[:14]}" + "{token[14:]}"\n'
        masked = Mask.of(code).hide(code)
        assert not [piece for piece in (token, token[:14], token[14:]) if piece in masked]
        assert Mask.of(code).restore(masked) == code

    def test_of_when_a_line_is_told_then_it_is_the_first_one_of_the_value(self):
        code = f'import git\n\n\npassword = "{WORD}"\nagain = "{WORD}"\n'
        assert [each.line for each in Mask.of(code).hidden] == [4]


class TestRestore:
    @pytest.mark.parametrize(
        "quoted",
        [
            "'{}'",
            '"{}"',
            '"""{}"""',
            "'''{}'''",
            'r"{}"',
            "rb'{}'",
            "b'{}'",
            'f"{} {{x}}"',
            "f'{}'",
            'f"""{}"""',
        ],
    )
    def test_restore_when_the_model_quotes_otherwise_then_the_string_is_the_same(self, quoted):
        value = "it's-" + '"c\\d{e}'
        mask = Mask.of(f"password = {value!r}\n")
        code = f"x = 1\npassword = {quoted.format('doctranslate-masked-1')}\n"
        restored = mask.restore(code)
        assert mask.broken(code) == ()
        names = {"x": 1}
        exec(restored, names)  # a literal of our own
        found = names["password"]
        wanted = quoted.format(value) if quoted.startswith("f") and "x" in quoted else value
        if quoted.startswith('f"{} {{x}}"'):
            wanted = f"{value} 1"
        assert (found.decode() if isinstance(found, bytes) else found) == wanted

    def test_restore_when_it_is_no_python_then_values_are_put_back_as_the_program_wrote_them(self):
        mask = Mask.of(f'password = "{WORD}"\n')
        assert mask.restore("Use doctranslate-masked-1 (as before).") == f"Use {WORD} (as before)."

    def test_restore_when_no_placeholder_is_there_then_the_text_is_the_same(self):
        assert Mask.of(f'password = "{WORD}"\n').restore("x = 'y'") == "x = 'y'"

    def test_missing_when_the_model_dropped_one_then_it_is_named(self):
        code = f'password = "{WORD}"\nurl = "https://git.payroll.internal/"\n'
        mask = Mask.of(code)
        lacking = mask.missing('url = "https://doctranslate-masked-2.invalid/"\n')
        assert lacking == (Hidden("password", 1, "doctranslate-masked-1"),)

    @pytest.mark.parametrize(
        "piece",
        ["doctranslate-masked-9", "DOCTRANSLATE_MASKED_1", "doctranslate-masked", "doctranslate_masked_1", "masked-1",
         "doctranslate-masked-2", "Doctranslate-Masked-1"],
    )  # fmt: skip
    def test_broken_when_the_model_altered_one_then_it_is_named(self, piece):
        code = f'password = "{WORD}"\nurl = "https://git.payroll.internal/"\n'
        assert Mask.of(code).broken(f'x = "doctranslate-masked-1"\ny = "{piece}"\n') == (piece,)

    def test_broken_when_the_quotes_are_others_then_it_is_whole(self):
        mask = Mask.of(f'password = "{WORD}"\n')
        assert mask.broken("x = 'doctranslate-masked-1'; y = f'{z}doctranslate-masked-1'") == ()


SECRETS = [
    WORD,
    "$ecret/1" + "x",
    made("property", 40),
    "git.payroll.internal",
    "10.20.30.40",
    "trust" + "no1",
    "h4" + "nk",
]
PROPERTY = (
    f'password = "{SECRETS[0]}"\ndb_password = "{SECRETS[1]}"\nkey = "{SECRETS[2]}"\n'
    f'url = "https://{SECRETS[3]}:8080/a/data.git"\nhost = "{SECRETS[4]}"\ntoken = "{SECRETS[5]}"\npw = "{SECRETS[6]}"\n'
)
PIECES = st.one_of(
    st.sampled_from(SECRETS),
    st.sampled_from(
        [
            '"',
            "'",
            "\n",
            " ",
            "://",
            "@",
            ":",
            "--",
            "-",
            ".invalid",
            "\\",
            "doctranslate",
            "masked",
            "1",
            "b",
            "/a/data",
        ]
    ),
    st.text(max_size=8),
)


class TestProperties:
    mask = Mask.of(PROPERTY)

    @settings(max_examples=500, deadline=None)
    @given(st.lists(PIECES, max_size=12).map("".join))
    def test_restore_when_any_text_was_hidden_then_it_is_the_same_text(self, text):
        if "doctranslate-masked-" in text:
            return  # no text but what this mask made holds its placeholders
        masked = self.mask.hide(text)
        assert self.mask.restore(masked) == text
        assert masked.count("\n") == text.count("\n")
        assert not [secret for secret in SECRETS if len(secret) >= 6 and secret in masked]

    @settings(max_examples=200, deadline=None)
    @given(
        st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x2FF), min_size=3, max_size=20),
        st.booleans(),
    )
    def test_hide_when_any_password_is_planted_then_it_is_back_in_whatever_quotes(self, value, is_double):
        code = f"import git\n\nservice_password = {value!r}\nrepo = git.Repo()\n"
        mask = Mask.of(code)
        masked = mask.hide(code)
        assert shape(masked) == shape(code)
        assert mask.restore(masked) == code
        if mask.hidden and is_double:
            masked = masked.replace("'", '"')
        names = ast.parse(mask.restore(masked)).body[1]
        assert isinstance(names, ast.Assign)
        assert ast.literal_eval(names.value) == value


class TestLibrary:
    def test_of_when_secrets_are_found_then_no_socket_is_opened(self, monkeypatch):
        import requests

        def refuse(*args, **kwargs):
            raise AssertionError("a request was made")

        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(requests.Session, "request", refuse)
        for planted in PLANTED:
            assert Mask.of(planted.program).hidden

    def test_known_when_every_detector_is_named_then_it_exists(self):
        from detect_secrets import plugins

        there = {
            re.sub(r"\.py$", "", each.name)
            for each in __import__("pathlib").Path(plugins.__path__[0]).glob("*.py")
        }
        left_out = {
            "__init__",
            "base",
            "basic_auth",
            "high_entropy_strings",
            "ip_public",
            "keyword",
            "npm",
            "private_key",
        }
        assert there - left_out == set(providers._PLUGINS)
