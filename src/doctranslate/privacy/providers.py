"""Keys and tokens that show by their form: what detect-secrets knows, and what it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

from doctranslate.privacy.names import is_secret_like, is_trivial, is_wordy, needed_entropy, says_secret

_PLUGINS = {
    "artifactory": "ArtifactoryDetector",
    "aws": "AWSKeyDetector",
    "azure_storage_key": "AzureStorageKeyDetector",
    "cloudant": "CloudantDetector",
    "discord": "DiscordBotTokenDetector",
    "github_token": "GitHubTokenDetector",
    "gitlab_token": "GitLabTokenDetector",
    "ibm_cloud_iam": "IbmCloudIamDetector",
    "ibm_cos_hmac": "IbmCosHmacDetector",
    "jwt": "JwtTokenDetector",
    "mailchimp": "MailchimpDetector",
    "openai": "OpenAIDetector",
    "pypi_token": "PypiTokenDetector",
    "sendgrid": "SendGridDetector",
    "slack": "SlackDetector",
    "softlayer": "SoftlayerDetector",
    "square_oauth": "SquareOAuthDetector",
    "stripe": "StripeDetector",
    "telegram_token": "TelegramBotTokenDetector",
    "twilio": "TwilioKeyDetector",
}
# What detect-secrets 1.5 does not know. A group named "value" is the secret, else it is the whole match.
_OWN = {
    "Anthropic key": r"\bsk-ant-[\w-]{20,}",
    "OpenAI key": r"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}",
    "Google API key": r"\bAIza[\w-]{30,}",
    "Google OAuth token": r"\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}|\b1//0[\w-]{30,}",
    "GitHub Token": r"\bgithub_pat_\w{22,}",
    "GitLab Token": r"\bgl[a-z]{2,6}-[\w-]{20,}",
    "Hugging Face token": r"\bhf_[A-Za-z0-9]{20,}",
    "NPM token": r"\bnpm_[A-Za-z0-9]{30,}|_authToken=(?P<value>[^\s'\"]{8,})",
    "PyPI Token": r"\bpypi-[\w-]{50,}",
    "Slack Token": r"\bxapp-\d-[\w-]{20,}|\bxox[a-z](?:\.[a-z]{2,4})?-[\w-]{10,}",
    "webhook": r"https://(?:hooks\.slack\.com/(?:services|workflows)|discord(?:app)?\.com/api/webhooks|"
    r"[\w-]+\.webhook\.office\.com)/(?P<value>[\w/@-]{20,})",
    "Stripe Access Key": r"\b(?:[srp]k_(?:live|test)|whsec)_[0-9A-Za-z]{16,}",
    "Azure Storage Account access key": r"\b(?:AccountKey|SharedAccessKey)=(?P<value>[A-Za-z0-9+/]{16,}={0,2})",
    "signature of an address": r"(?i)\b(?:sig|X-Amz-(?:Signature|Credential|Security-Token)|Signature)="
    r"(?P<value>[\w%+/=-]{16,})",
    "DigitalOcean token": r"\bdo[opr]_v1_[a-f0-9]{32,}",
    "Databricks token": r"\bdapi[a-f0-9]{32}(?:-\d)?\b",
    "Vault token": r"\bhvs\.[\w-]{20,}",
    "Azure AD client secret": r"\b\w{3}8Q~[\w.~-]{30,}",
    "authorization header": r"(?i)\b(?:bearer|basic)\s+(?P<value>[\w.~+/-]{8,}={0,2})|"
    r"\btoken\s+(?P<token>[A-Za-z0-9_.-]{16,})",
    "credentials of a file": r"\blogin\s+\S+\s+password\s+(?P<value>[^\s'\"]{3,})|"  # .netrc
    r"\bmodify\s+(?:--?\w+\s+)*[\w-]+\s+(?:password|access_key_id|secret_access_key|session_token|token|account_key|"
    r"sas_token|client_secret|connection_string)\s+(?P<option>[^\s'\"]{3,})",  # dvc remote modify
    "credentials of a command": r"(?<!\S)(?:-u|--user)[ =](?P<value>[^\s:'\"]{2,}:[^\s'\"]{3,})",
}
# Has no mark of its own: counts where a key id is.
_AWS_SECRET = re.compile(r"(?<![\w/+=-])(?=[\w/+]*[g-zG-Z])(?=[a-z/+]*[A-Z0-9])[A-Za-z0-9/+]{40}(?![\w/+=-])")
_OWN_COMPILED = {kind: re.compile(pattern) for kind, pattern in _OWN.items()}
_KEY_BLOCK = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?P<body>.{1,20000}?)-----END ", re.DOTALL
)
_KEY_LINE = re.compile(r"\\[nr]|(?P<line>[A-Za-z0-9+/=]+)")
_KEY_END = r"(?:\\[nr]|[\s\"',+(#])*-----END "
_ASSIGNED = re.compile(
    r"(?<![\w-])(?P<name>--?[A-Za-z][\w-]{0,80}|[A-Za-z][\w.-]{0,80})[\"']?(?P<sign>[ \t]*(?:=>|:=|==?|:)[ \t]*)"
    r"(?P<quote>[\"'`]?)(?P<value>[^\s\"',;&(){}\[\]<>`\x00]{3,})"
)
_OPTION = re.compile(
    r"(?<!\S)(?P<name>--[A-Za-z][\w-]*)(?P<sign>[ \t]+)(?P<quote>[\"']?)(?P<value>[^-\s\"'{}\x00][^\s\"'{}\x00]{2,})"
)
_RUN = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_HEX = re.compile(r"[0-9a-fA-F]+")
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ALPHABET = re.compile(r"(?i)0123456|1234567|abcdefg")
_DIGESTS = frozenset({30, 32, 38, 40, 56, 64, 96, 128})  # also without the two that name a folder
_CODE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


@cache
def _detect_secrets() -> dict[str, Any]:
    """The detectors of detect-secrets, and its two measures of entropy. None of them calls anything here.

    Only ``analyze_line`` verifies a find, by asking its provider; it is never called.
    """
    home = "detect_secrets.plugins."
    plugins = {name: getattr(import_module(home + name), cls)() for name, cls in _PLUGINS.items()}
    entropy = import_module(home + "high_entropy_strings")
    return {**plugins, "base64": entropy.Base64HighEntropyString(), "hex": entropy.HexHighEntropyString()}


def known(text: str) -> Iterator[tuple[str, int, int]]:
    """Keys and tokens of providers, by their form.

    Args:
        text: A program as written, or any of its strings.

    Returns:
        The kind, and where the secret starts and ends.
    """
    detectors = _detect_secrets()
    for name in _PLUGINS:
        plugin = detectors[name]
        if not any(plugin.analyze_string(text)):
            continue
        for pattern in plugin.denylist:
            for match in pattern.finditer(text):
                yield from _of_plugin(plugin.secret_type, match, text)
        if name == "aws":
            for match in _AWS_SECRET.finditer(text):
                yield plugin.secret_type, *match.span()
    for kind, pattern in _OWN_COMPILED.items():
        for match in pattern.finditer(text):
            group = match.lastgroup or 0
            if not is_trivial(match[group]) and not _is_words(kind, match[group]):
                yield kind, *match.span(group)


def key_blocks(text: str) -> Iterator[tuple[int, int, str]]:
    """The lines of private keys, without the marks around them: what it is may be seen.

    Args:
        text: A program as written: the lines may be its own, or stand in strings with an escaped line end.

    Returns:
        Where a line starts and ends, and what has to follow it for it to count; "" for nothing.
    """
    for block in _KEY_BLOCK.finditer(text):
        at = block.start("body")
        runs = [
            (at + run.start(), at + run.end()) for run in _KEY_LINE.finditer(block["body"]) if run["line"]
        ]
        lines = [run for run in runs if run[1] - run[0] >= 16 and not is_wordy(text[slice(*run)])]
        yield from ((*line, "") for line in lines)
        if lines and runs[-1] not in lines and runs[-1] > lines[-1]:
            yield *runs[-1], _KEY_END  # too short to be looked for everywhere


def assigned(text: str, *, is_prose: bool) -> Iterator[tuple[str, int, int]]:
    """What stands behind ``password=``, ``"token": `` or ``--api-key`` within a string or a comment.

    Args:
        text: The string or comment.
        is_prose: Whether it may be a sentence, in which ``token: the name`` is no secret.
    """
    for match in (*_ASSIGNED.finditer(text), *_OPTION.finditer(text)):
        name, sign, value = match["name"], match["sign"], match["value"].rstrip(".:!?")
        if not says_secret(name) or is_trivial(value, name=name):
            continue
        is_tight = _is_setting(text, match) if is_prose else sign == "=" or not sign.strip()
        if not (match["quote"] or is_tight or is_secret_like(value)) or _is_code(value, match["quote"]):
            continue
        kind = "password" if "pass" in name.lower() else "secret by its name"
        yield kind, match.start("value"), match.start("value") + len(value)


def random_looking(text: str, *, is_whole: bool, near_secret: bool) -> Iterator[tuple[int, int]]:
    """Strings of high entropy.

    Digests (hexadecimal, of the length of MD5, SHA-1, SHA-256 …) and UUIDs are left: programs on data are full of them.

    Args:
        text: A string or a comment.
        is_whole: Whether it is one string literal.
        near_secret: Whether its line speaks of a key or a token, so that a digest may be one.
    """
    detectors = _detect_secrets()
    for match in _RUN.finditer(text):
        run = match.group()
        if not (is_whole and run == text) and ("/" in run or "+" in run):
            longest = max(re.split(r"[/+]", run), key=len)
            start = match.start() + run.index(longest)
        else:
            longest, start = run, match.start()
        if (
            len(longest) < 20
            or _UUID.search(longest)
            or _ALPHABET.search(longest)
            or re.search(r"sha\d{3}-$", text[:start])
        ):
            continue
        if _HEX.fullmatch(longest):
            entropy = detectors["hex"].calculate_shannon_entropy(longest)
            if entropy > 3.0 and (len(longest) not in _DIGESTS or near_secret) and not longest.isdigit():
                yield start, start + len(longest)
        elif _is_random(longest, detectors["base64"].calculate_shannon_entropy(longest)):
            yield start, start + len(longest)


def _is_random(text: str, entropy: float) -> bool:
    has_upper, has_lower = any(map(str.isupper, text)), any(map(str.islower, text))
    if not any(map(str.isdigit, text)) or not (has_upper or has_lower):
        return False
    # 4.5 is detect-secrets' limit for base64; of letters of one case and digits there are half as many.
    most = 4.5 if has_upper and has_lower else 4.0
    return entropy > needed_entropy(len(text), most=most) and not is_wordy(text)


def _of_plugin(kind: str, match: re.Match[str], text: str) -> Iterator[tuple[str, int, int]]:
    """Where the secret of a match is: its group, unless that is a prefix only, as of GitHub's tokens."""
    start, end = match.span()
    if match.lastindex and match.start(1) > match.start():
        start, end = match.span(1)
    shown = text[start:end]
    start += len(shown) - len(shown.lstrip(" =:\"'\t\n"))
    end -= len(shown) - len(shown.rstrip(" =:\"'\t\n"))
    if shown.startswith("AccountKey="):
        start += len("AccountKey=")
    # Tokens grow: what goes on in letters is the same token, and JWTs are matched without their signature.
    while tail := re.compile(r"[\w-]+|\.(?=[\w-]{8})" if kind == "JSON Web Token" else r"[\w-]+").match(
        text, end
    ):
        end = tail.end()
    if any(map(str.isdigit, text[start:end])) and not is_trivial(text[start:end]):
        yield kind, start, end


def _is_words(kind: str, value: str) -> bool:
    """Whether what a loose pattern found is prose: ``Bearer authentication``, ``sk-learn-contrib-packages``."""
    if kind == "authorization header":
        return not any(map(str.isalnum, value)) or (is_wordy(value) and not any(map(str.isdigit, value)))
    return kind in ("OpenAI key", "GitLab Token", "webhook") and is_wordy(value)


def _is_setting(text: str, match: re.Match[str]) -> bool:
    """Whether ``name = value`` is a line of its own, or one word of a command, and not an argument or a sentence."""
    start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
    line = text[start : end if end >= 0 else len(text)].strip(" \t\r#*\"'")
    if line == match.group().strip("\"'"):
        return True
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return match["sign"] == "=" and not before.strip() and not after.strip()


def _is_code(value: str, quote: str) -> bool:
    """Whether a value without quotes is a name of a program: ``password=args.password``."""
    return (
        not quote
        and _CODE.fullmatch(value) is not None
        and ("." in value or says_secret(value))
        and is_wordy(value)
    )
