"""Which names say that a secret is behind them, and which values are none all the same."""

from __future__ import annotations

import math
import re


def words(text: str) -> frozenset[str]:
    """The words of a text, as a table of names is written here."""
    return frozenset(text.split())


_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SECRETS = words(
    "password passwd pwd passphrase passcode pass pw secret token credential credentials cred creds apikey apitoken "
    "accesskey secretkey privatekey authkey accountkey authtoken accesstoken bearer jwt secrets tokens passwords "
    "contrasena passwort kennwort"
)
_KINDS_OF_KEY = words(
    "api access secret private auth account encryption signing master service shared storage license client webhook "
    "app application admin subscription consumer deploy aws gcp azure openai anthropic stripe db database"
)
# Words after the secret's one by which the name means something else: the address of a token, the name of a secret.
_ABOUT = words(
    "url uri file filename path dir name names env var variable id ids type kind prompt header headers field label "
    "help message msg error regex re pattern length len size count min max limit budget policy endpoint host param "
    "params arg option flag provider manager service store backend class cls format prefix suffix separator sep "
    "expiry expires ttl timeout age scope scopes usage source arn version required input hint column attr "
    "placeholder pos idx index span"
)
# Marks of language models, not of doors.
_MARKS = words("pad bos eos sep cls mask unk stop end start special next page num max min n first last")

_PLACEHOLDERS = re.compile(
    r"(?ix) <.*> | \[.*\] | \{.*\} | \$\{.*\} | %\(?\w*\)?[sdr] | [x*.\-_#?0]+ | \S*(?:x{4}|\*{3}|\.{3})\S* |"
    r"change[-_ ]?(?:me|it|this).* | replace[-_ ]?(?:me|this|with).* | insert[-_ ].* | enter[-_ ].* |"
    r"(?:your|my|the|a|some|any|new|old|user|test|example|sample|dummy|fake|default)?[-_ ]?"
    r"(?:password|passwd|pwd|pass|pw|passphrase|secret|token|credentials?|(?:api|access|secret|private)[-_ ]?key|"
    r"user(?:name)?|bucket|container|account)(?:[-_ ]?(?:here|goes[-_ ]here|name|value))? |"
    r"your[-_ ].* | example.* | dummy | fake | placeholder | todo | tbd | fixme | none | null | true | false |"
    r"redacted | hidden | masked | undefined | optional | required | unset | missing | empty | prompt | ask"
)
_ENVIRONMENT = re.compile(r"\$?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_FILE = re.compile(
    r"(?i)[\w./~\\-]+\.(?:txt|pem|json|ya?ml|key|pub|env|cfg|ini|toml|netrc|crt|cer|p12|csv|py|db)"
)
_REGEX = re.compile(r"\\[bBwWdDsS](?:[+*?)]|\{\d)|\(\?[:P=!<i]|\[[^\]]+\][+*?{]")
_CLASS = re.compile(r"(?:[A-Z][a-z]+){3,}")
# Words that are as often no secret: a test that did pass, the tokens of a text.
_LOOSE = words("pass secrets tokens passwords creds")
_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")


def says_secret(name: str) -> bool:
    """Whether a name says that its value is a secret: ``db_password``, ``githubToken``, ``--api-key``.

    Args:
        name: Of a variable, an attribute, an argument, a key, an option, an environment variable.
    """
    parts = [part.lower() for part in _PARTS.findall(name)]
    for i, part in enumerate(parts):
        if i + 1 < len(parts) and part in _KINDS_OF_KEY and parts[i + 1] in ("key", "keys"):
            rest = parts[i + 2 :]
        elif part in _SECRETS and not (i and parts[i - 1] in _MARKS):
            rest = parts[i + 1 :]
        else:
            continue
        if not _ABOUT.intersection(rest):
            return True
    return False


def says_bucket(name: str) -> bool:
    """Whether a name says that its value is the name of a bucket."""
    parts = [part.lower() for part in _PARTS.findall(name)]
    return parts[-1:] == ["bucket"] or parts[-2:] == ["bucket", "name"]


def says_host(name: str) -> bool:
    """Whether a name says that its value is a host."""
    return [part.lower() for part in _PARTS.findall(name)][-1:] in (["host"], ["hostname"])


def is_trivial(value: str, *, name: str = "") -> bool:
    """Whether a value cannot be a secret whatever its name says: a placeholder, a message, a path, a reference.

    Args:
        value: The string.
        name: What it is assigned to.
    """
    text = value.strip()
    if len(text) < 3 or _PLACEHOLDERS.fullmatch(text) or "://" in text or _FILE.fullmatch(text):
        return True
    if text.lower().lstrip("-") == name.lower().lstrip("-") or _REGEX.search(text):
        return True
    if text[0] == "$" and _ENVIRONMENT.fullmatch(text):
        return True
    if says_secret(text) and (_ENVIRONMENT.fullmatch(text) or _CLASS.fullmatch(text)):
        return True
    if name.lower() in _LOOSE and not is_secret_like(text):
        return True
    if text[0] in "/~." and is_wordy(text):
        return True
    n_words = len(text.split())
    return n_words > 1 and (
        text[-1] in ".:?!" or n_words > 8 or "%" in text or "{" in text or not _is_phrase(name)
    )


def _is_phrase(name: str) -> bool:
    """Whether several words may be the secret: passwords may, keys and tokens have no spaces."""
    return not name or any(part in name.lower() for part in ("pass", "pwd", "pw", "secret"))


def is_secret_like(value: str) -> bool:
    """Whether a value looks like a secret by itself: letters with digits or signs among them, and no words."""
    has_letter = any(char.isalpha() for char in value)
    has_other = any(not char.isalpha() and char not in " _-./" for char in value)
    return len(value) >= 6 and has_letter and has_other and not any(char.isspace() for char in value)


def is_wordy(value: str) -> bool:
    """Whether a string is made of words and numbers, as names and paths are, and not of random letters."""
    pieces = _PIECES.findall(value)
    letters = sum(map(len, pieces))
    return bool(pieces) and letters / len(pieces) >= 3.0


def needed_entropy(n_chars: int, *, most: float) -> float:
    """From how many bits a character on a string of this length counts as random.

    Args:
        n_chars: Its length.
        most: The limit for long strings; a short one cannot reach it even if all its characters differ.
    """
    return min(most, 0.85 * math.log2(n_chars))
