"""Programs with secrets planted in them, one kind each.

No secret is real. All are put together when this module is imported, so that no scanner of the repository takes
fright: the letters come from a digest of the kind's name, in the form that the provider gives its keys.
"""

from __future__ import annotations

import base64
import hashlib
import json
import string
from dataclasses import dataclass

LOWER = string.ascii_lowercase + string.digits
UPPER = string.ascii_uppercase + string.digits
MIXED = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
BASE64 = MIXED + "+/"


@dataclass(frozen=True)
class Planted:
    """A program that holds secrets.

    Attributes:
        kind: What is planted; unique.
        program: GitPython code that parses.
        secrets: What must not be seen outside, as the program has it when it runs or as it is written.
    """

    kind: str
    program: str
    secrets: tuple[str, ...]


def made(seed: str, length: int, alphabet: str = MIXED) -> str:
    """Letters that look random, the same each time."""
    digest = b""
    while len(digest) < length:
        digest += hashlib.sha256(f"{seed}{len(digest)}".encode()).digest()
    return "".join(alphabet[byte % len(alphabet)] for byte in digest[:length])


def _jwt() -> str:
    def part(fields: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")

    return ".".join((part({"alg": "HS256"}), part({"sub": "ci", "iat": 1516239022}), made("jwt", 43)))


def _pem(kind: str, n_lines: int = 4, tail: int = 20) -> tuple[str, tuple[str, ...]]:
    lines = [made(f"{kind}{i}", 64, BASE64) for i in range(n_lines)]
    if tail:
        lines.append(made(f"{kind}tail", tail - 2, BASE64) + "==")
    dashes = "-" * 5
    block = "\n".join((f"{dashes}BEGIN {kind}{dashes}", *lines, f"{dashes}END {kind}{dashes}"))
    return block, tuple(lines)


TOKENS = {
    "AWS access key id": "AKIA" + made("aws id", 16, UPPER),
    "AWS session key id": "ASIA" + made("aws session", 16, UPPER),
    "GitHub personal token": "ghp_" + made("ghp", 36),
    "GitHub app token": "ghs_" + made("ghs", 36),
    "GitHub fine-grained token": "github_pat_" + made("pat", 22) + "_" + made("pat2", 59),
    "GitLab token": "glpat-" + made("glpat", 20),
    "GitLab deploy token": "gldt-" + made("gldt", 20),
    "Slack bot token": "xoxb-" + made("slack", 12, string.digits) + "-" + made("slack2", 24),
    "Slack app token": "xapp-1-" + made("xapp", 11, UPPER) + "-" + made("xapp2", 40, LOWER),
    "Slack webhook": "https://hooks.slack.com/services/T"
    + made("wh", 8, UPPER)
    + "/B"
    + made("wh2", 8, UPPER)
    + "/"
    + made("wh3", 24),
    "Stripe live key": "sk_" + "live_" + made("stripe", 24),
    "Stripe test key": "sk_" + "test_" + made("stripe test", 24),
    "OpenAI key": "sk-" + made("openai", 20) + "T3BlbkFJ" + made("openai2", 20),
    "OpenAI project key": "sk-proj-" + made("openai3", 48),
    "Anthropic key": "sk-ant-api03-" + made("anthropic", 93),
    "Google API key": "AIza" + made("google", 35),
    "Google OAuth token": "ya29." + made("oauth", 60),
    "SendGrid key": "SG." + made("sg", 22) + "." + made("sg2", 43),
    "Twilio key": "SK" + made("twilio", 32, LOWER),
    "npm token": "npm_" + made("npm", 36),
    "PyPI token": "pypi-AgEIcHlwaS5vcmc" + made("pypi", 120),
    "Hugging Face token": "hf_" + made("hf", 34),
    "JSON web token": _jwt(),
    "Telegram bot token": made("tg", 9, "123456789") + ":" + made("tg2", 35),
    "Discord bot token": "M" + made("dc", 23) + "." + made("dc2", 6) + "." + made("dc3", 27),
    "Mailchimp key": made("mc", 32, LOWER) + "-us12",
    "DigitalOcean token": "dop_v1_" + made("do", 64, HEX),
    "Databricks token": "dapi" + made("db", 32, HEX),
    "Vault token": "hvs." + made("hvs", 90),
    "random letters": made("random", 40, BASE64),
    "short random letters": made("short", 24),
    "long hexadecimal": made("hexadecimal", 48, HEX),
}
"""Each shows by its form or its randomness alone, whatever name it stands under."""


def _shown_by_form() -> list[Planted]:
    found = []
    for kind, secret in TOKENS.items():
        program = (
            "import git\nfrom service import Client\n\n"
            f'client = Client("{secret}")\n'
            'repo = git.Repo(".")\nrepo.remotes.origin.pull()\nclient.report(repo.head.commit.hexsha)\n'
        )
        found.append(Planted(kind, program, (secret,)))
    return found


def _shown_by_name() -> list[Planted]:
    word = "Winter-" + "Garden7"
    short = "h4" + "nk"
    lower = "sword" + "fish"
    phrase = "correct horse " + "battery staple"
    quoted = "a'b" + '"c\\d{e}'
    aws = made("aws secret", 40, BASE64)
    plain = "trust" + "no1"
    hexed = made("named hex", 32, HEX)
    repo = 'repo = git.Repo(".")\nrepo.remotes.origin.push()\n'
    return [
        Planted("assigned password", f'import git\n\nDB_PASSWORD = "{word}"\n{repo}', (word,)),
        Planted("short password", f'import git\n\npassword = "{short}"\n{repo}', (short,)),
        Planted("password of small letters", f'import git\n\nPASSWORD: str = "{lower}"\n{repo}', (lower,)),
        Planted("pass phrase", f'import git\n\nssh_passphrase = "{phrase}"\n{repo}', (phrase,)),
        Planted(
            "password with quotes",
            f"import git\n\npassword = {quoted!r}\n{repo}",
            (quoted, repr(quoted)[1:-1]),
        ),
        Planted(
            "attribute",
            f'import git\n\nclass Job:\n    def __init__(self):\n        self.api_token = "{plain}"\n\n{repo}',
            (plain,),
        ),
        Planted(
            "keyword argument",
            f'import git\nfrom db import connect\n\nconnect(user="ci", password="{plain}")\n{repo}',
            (plain,),
        ),
        Planted(
            "dict key",
            f'import git\n\nsettings = {{"user": "ci", "client_secret": "{word}"}}\n{repo}',
            (word,),
        ),
        Planted(
            "default of a parameter",
            f'import git\n\ndef login(user, *, secret_key="{plain}"):\n    return user, secret_key\n\n{repo}',
            (plain,),
        ),
        Planted(
            "default of an environment variable",
            f'import os\nimport git\n\ntoken = os.environ.get("CI_TOKEN", "{plain}")\n{repo}',
            (plain,),
        ),
        Planted(
            "environment of a child",
            f'import os\nimport git\n\nos.environ["GIT_PASSWORD"] = "{word}"\n{repo}',
            (word,),
        ),
        Planted(
            "default of an option",
            f'import argparse\nimport git\n\nparser = argparse.ArgumentParser()\nparser.add_argument("--password", default="{plain}")\n{repo}',
            (plain,),
        ),
        Planted(
            "words of a command",
            f'import subprocess\nimport git\n\nsubprocess.run(["tool", "--api-key", "{plain}", "sync"], check=True)\n{repo}',
            (plain,),
        ),
        Planted(
            "a command in one string",
            f'import os\nimport git\n\nos.system("tool --user ci --password={lower} sync")\n{repo}',
            (lower,),
        ),
        Planted(
            "curl",
            f'import os\nimport git\n\nos.system("curl -u ci:{plain} https://example.com/hook")\n{repo}',
            (plain,),
        ),
        Planted(
            "comparison",
            f'import sys\nimport git\n\npassword = sys.argv[1]\nif password == "{plain}":\n    git.Repo(".").remotes.origin.push()\n',
            (plain,),
        ),
        Planted("bytes", f'import git\n\nsigning_key = b"{word}"\n{repo}', (word,)),
        Planted("comment", f"import git\n\n# the old password: {word}\n{repo}", (word,)),
        Planted("code in a comment", f'import git\n\n# API_KEY = "{lower}"\n{repo}', (lower,)),
        Planted(
            "docstring",
            f'"""Pushes.\n\nRun with TOKEN={plain} in the environment.\n"""\nimport git\n\n{repo}',
            (plain,),
        ),
        Planted(
            "pair of credentials",
            f'import requests\nimport git\n\nrequests.post("https://example.com/hook", auth=("ci@example.com", "{plain}"))\n{repo}',
            (plain, "ci@example.com"),
        ),
        Planted(
            "AWS secret key", f'import git\n\nsettings = dict(aws_secret_access_key="{aws}")\n{repo}', (aws,)
        ),
        Planted(
            "hexadecimal behind a name",
            f'import git\nfrom service import Client\n\nclient = Client(auth_token="{hexed}")\n{repo}',
            (hexed,),
        ),
        Planted(
            "bearer header",
            f'import git\nimport requests\n\nrequests.get("https://example.com", headers={{"Authorization": "Bearer {plain}{plain}"}})\n{repo}',
            (plain,),
        ),
        Planted(
            "basic header",
            f'import git\nimport requests\n\nrequests.get("https://example.com", headers={{"Authorization": "Basic {base64.b64encode(b"ci:" + plain.encode()).decode()}"}})\n{repo}',
            (base64.b64encode(b"ci:" + plain.encode()).decode(),),
        ),
        Planted(
            "git config",
            f'import git\n\nwith git.Repo(".").config_writer() as config:\n    config.set_value("remote \\"dvc\\"", "password", "{plain}")\n',
            (plain,),
        ),
    ]


def _in_settings() -> list[Planted]:
    plain, lower = "trust" + "no1", "sword" + "fish"
    aws_id, aws = "AKIA" + made("pair id", 16, UPPER), made("pair secret", 40, BASE64)
    repo = 'repo = git.Repo(".")\nrepo.remotes.origin.push()\n'
    ini = f"[db]\nuser = etl\npassword = {lower}\nhost = 10.1.2.3\n"
    yaml = f"auth:\n  api_token: {lower}\n"
    modify = ("remote", "modify", "--local", "storage", "password", lower)
    return [
        Planted(
            "settings in a string", f'import git\n\nSETTINGS = """\n{ini}"""\n{repo}', (lower, "10.1.2.3")
        ),
        Planted("YAML in a string", f'import git\n\nSETTINGS = """\n{yaml}"""\n{repo}', (lower,)),
        Planted(
            "netrc", f'import git\n\nline = "machine github.com login bot password {lower}"\n{repo}', (lower,)
        ),
        Planted(
            "words of a dvc command",
            f"import git\nfrom dvc.cli import main\n\nmain({list(modify)!r})\n{repo}",
            (lower,),
        ),
        Planted(
            "dvc command", f'import os\nimport git\n\nos.system("dvc {" ".join(modify)}")\n{repo}', (lower,)
        ),
        Planted(
            "shell variable",
            f'import os\nimport git\n\nos.system("export TOKEN={lower} && ./push.sh")\n{repo}',
            (lower,),
        ),
        Planted(
            "host as an argument",
            f'import git\nfrom db import connect\n\nconnect(host="warehouse7")\n{repo}',
            ("warehouse7",),
        ),
        Planted(
            "default within an f-string",
            f"import os\nimport git\n\nurl = f\"https://x-access-token:{{os.environ.get('GH_TOKEN', '{plain}')}}@github.com/a/b\"\n{repo}",
            (plain,),
        ),
        Planted(
            "password without a user",
            f'import redis\nimport git\n\nredis.from_url("redis://:{plain}@example.com:6379/0")\n{repo}',
            (plain,),
        ),
        Planted(
            "password in a query",
            f'import git\n\nurl = "jdbc:postgresql://example.com/hr?user=etl&password={plain}"\n{repo}',
            (plain,),
        ),
        Planted(
            "pair of AWS keys",
            f'import git\nfrom store import Store\n\nStore("{aws_id}", "{aws}")\n{repo}',
            (aws_id, aws),
        ),
        Planted(
            "default of a field",
            f'import git\nfrom pydantic import BaseModel, Field\n\nclass Settings(BaseModel):\n    password: str = Field(default="{lower}")\n\n{repo}',
            (lower,),
        ),
    ]


def _in_addresses() -> list[Planted]:
    word = "Winter+" + "Garden7"
    token = "glpat-" + made("url", 20)
    account_key = made("azure", 86, BASE64) + "=="
    signature = made("sas", 43, MIXED) + "%3D"
    repo = 'repo = git.Repo.clone_from(url, "work")\n'

    def clone(url: str, *secrets: str, kind: str) -> Planted:
        return Planted(kind, f'import git\n\nurl = "{url}"\n{repo}', secrets)

    return [
        clone(
            f"https://ci-bot:{word}@github.com/org/repo.git",
            word,
            "ci-bot",
            kind="user and password in an address",
        ),
        clone(
            f"https://oauth2:{token}@gitlab.com/org/repo.git", token, kind="token as password in an address"
        ),
        clone(f"https://{token}@gitlab.com/org/repo.git", token, kind="token alone in an address"),
        clone(
            "https://git.payroll.internal/hr/salaries.git",
            "git.payroll.internal",
            "hr/salaries",
            kind="host under .internal",
        ),
        clone(
            "ssh://git@code.acme.corp:7999/hr/salaries.git",
            "code.acme.corp",
            "7999",
            "hr/salaries",
            kind="host under .corp with a port",
        ),
        clone(
            "git@gitlab.acme.lan:hr/salaries.git", "gitlab.acme.lan", "hr/salaries", kind="scp-like address"
        ),
        clone(
            "deploy@10.20.30.40:/srv/git/salaries.git",
            "10.20.30.40",
            "srv/git/salaries",
            kind="scp-like address of a number",
        ),
        clone(
            "http://192.168.17.4:3000/hr/salaries.git",
            "192.168.17.4",
            "3000",
            "hr/salaries",
            kind="private IP address",
        ),
        clone("http://gitea:3000/hr/salaries.git", "gitea:3000", "hr/salaries", kind="host of one word"),
        clone(
            "https://[fd12:3456:789a::1]/hr/salaries.git", "fd12:3456:789a::1", kind="private IPv6 address"
        ),
        Planted(
            "database address",
            f'import git\n\nDB = "postgresql+psycopg2://etl:{word}@warehouse.acme.internal:5432/hr"\nrepo = git.Repo(".")\n',
            (word, "warehouse.acme.internal", "5432"),
        ),
        Planted(
            "bucket",
            'import git\n\nremote = "s3://acme-hr-raw/salaries/2024.csv"\nrepo = git.Repo(".")\nrepo.git.add(A=True)\n',
            ("acme-hr-raw", "salaries/2024"),
        ),
        Planted(
            "bucket of another cloud",
            'import git\n\nremotes = ["gs://acme-hr-raw/x", "azure://acme-container/y"]\nrepo = git.Repo(".")\n',
            ("acme-hr-raw", "acme-container"),
        ),
        Planted(
            "bucket as an argument",
            'import boto3\nimport git\n\nboto3.client("s3").download_file(Bucket="acme-hr-raw", Key="a.csv", Filename="a.csv")\ngit.Repo(".").index.add(["a.csv"])\n',
            ("acme-hr-raw",),
        ),
        Planted(
            "Azure connection string",
            f'import git\n\nconnection = "DefaultEndpointsProtocol=https;AccountName=acmehr;AccountKey={account_key};EndpointSuffix=core.windows.net"\nrepo = git.Repo(".")\n',
            (account_key,),
        ),
        Planted(
            "signed address",
            f'import git\n\nurl = "https://acmehr.blob.core.windows.net/raw/a.csv?sv=2022&sig={signature}"\nrepo = git.Repo(".")\n',
            (signature, "acmehr"),
        ),
        Planted(
            "address in an f-string",
            f'import git\n\nname = "salaries"\nurl = f"https://ci:{word}@git.payroll.internal/hr/{{name}}.git"\n{repo}',
            (word, "git.payroll.internal"),
        ),
        Planted(
            "address in a comment",
            'import git\n\n# see https://wiki.payroll.internal/how-to-push\nrepo = git.Repo(".")\n',
            ("wiki.payroll.internal", "how-to-push"),
        ),
        Planted(
            "host alone",
            'import git\n\nHOST = "nas01.payroll.internal"\nrepo = git.Repo.clone_from("ssh://git@" + HOST + "/data.git", "data")\n',
            ("nas01.payroll.internal",),
        ),
    ]


def _keys() -> list[Planted]:
    rsa, rsa_lines = _pem("RSA PRIVATE KEY")
    ssh, ssh_lines = _pem("OPENSSH PRIVATE KEY", tail=6)
    plain, plain_lines = _pem("PRIVATE KEY", tail=0)
    escaped = plain.replace("\n", "\\n")
    token = TOKENS["GitHub personal token"]
    return [
        Planted("private key", f'import git\n\nKEY = """{rsa}\n"""\nrepo = git.Repo(".")\n', rsa_lines),
        Planted(
            "private key in a comment",
            "import git\n\n" + "".join(f"# {line}\n" for line in ssh.splitlines()) + 'repo = git.Repo(".")\n',
            ssh_lines,
        ),
        Planted(
            "private key on one line",
            f'import git\n\nKEY = "{escaped}\\n"\nrepo = git.Repo(".")\n',
            plain_lines,
        ),
        Planted(
            "private key of many strings",
            "import git\n\nKEY = (\n"
            + "".join(f'    "{line}\\n"\n' for line in rsa.splitlines())
            + ')\nrepo = git.Repo(".")\n',
            rsa_lines,
        ),
        Planted(
            "token in two strings",
            f'import git\n\ntoken = ("{token[:12]}"\n         "{token[12:]}")\nrepo = git.Repo(".")\n',
            (token[:12], token[12:]),
        ),
        Planted(
            "token in a sum",
            f'import git\n\nx = "{token[:12]}" + "{token[12:]}"\nrepo = git.Repo(".")\n',
            (token[:12], token[12:]),
        ),
        Planted(
            "token in two places",
            f'import git\n\nx = "{token}"\ny = f"https://{token}@github.com/org/repo"\nrepo = git.Repo.clone_from(y, "r")\n',
            (token,),
        ),
    ]


PLANTED: tuple[Planted, ...] = (
    *_shown_by_form(),
    *_shown_by_name(),
    *_in_settings(),
    *_in_addresses(),
    *_keys(),
)
