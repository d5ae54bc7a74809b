"""One address, one spelling: so that a page is known again however a link writes it."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urljoin, urlsplit

MAX_LENGTH = 2_000
"""Characters of the longest address that is read; longer ones are made by scripts, not by authors."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_IN_PATH = _UNRESERVED | frozenset("!$&'()*+,;=:@/")
_IN_QUERY = _IN_PATH | frozenset("?")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_EDGES = "".join(map(chr, range(0x21)))  # what browsers strip: control characters and spaces
_BREAKS = str.maketrans("", "", "\t\r\n")
_ESCAPE_OR_CHAR = re.compile(r"%([0-9A-Fa-f]{2})|(.)", re.DOTALL)
# What mail and advertisement tools hang on links; no documentation reads it.
_TRACKING = re.compile(
    r"(utm_\w*|mtm_\w*|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|msclkid|yclid|twclid|ttclid|igshid|li_fat_id|srsltid"
    r"|mc_cid|mc_eid|mkt_tok|_ga|_gl|_hsenc|_hsmi|vero_id|oly_enc_id|oly_anon_id)",
    re.IGNORECASE,
)


def normalise(url: str, *, base: str = "") -> str | None:
    """The one spelling of a page's address, without its fragment.

    Scheme and host are lower case, the host in ASCII; the scheme's own port, dot segments, tracking parameters and an
    empty query are dropped; what needs no percent-encoding has none, the rest has it in upper case.
    Normalising twice changes nothing.

    Args:
        url: As a link or a person writes it.
        base: Address of the page that a relative one stands on.

    Returns:
        The address, or None for what is not one of a page: another scheme than http and https, no host, a user
        name or password, more than `MAX_LENGTH` characters, or nothing that can be understood.

    Source: RFC 3986, section 6.2; the leniency of browsers (backslashes, line breaks) after the WHATWG URL Standard.
    """
    text = url.strip(_EDGES).translate(_BREAKS).partition("#")[0]
    if len(text) > MAX_LENGTH:
        return None
    target, mark, query = text.partition("?")
    text = target.replace("\\", "/") + mark + query
    try:
        parts = urlsplit(urljoin(base, text) if base else text)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host or "@" in parts.netloc or port == 0:
        return None
    netloc = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    path = _without_dots(_encoded(parts.path, _IN_PATH))
    query = _without_tracking(_encoded(parts.query, _IN_QUERY))
    found = f"{parts.scheme}://{netloc}{path}{'?' if query else ''}{query}"
    return found if len(found) <= MAX_LENGTH else None


def origin(url: str) -> str:
    """Scheme, host and port: ``https://host`` or ``http://host:8000``.

    Args:
        url: Normalised.
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def host_of(url: str) -> str:
    """The host, in lower case, without its port; of an IPv6 address, without the brackets.

    Args:
        url: An absolute address.
    """
    return urlsplit(url).hostname or ""


def folder_of(url: str) -> str:
    """The address up to the last slash of its path: ``https://h/a/`` of ``https://h/a/b.html``.

    Args:
        url: Normalised.
    """
    return url.partition("?")[0].rpartition("/")[0] + "/"


def _host(name: str) -> str:
    """A host's name in ASCII; "" for none.

    Raises:
        ValueError: It is not one.
    """
    name = name.lower()
    if ":" in name:
        return f"[{ipaddress.IPv6Address(name).compressed}]"
    if not name.isascii():
        name = name.encode("idna").decode("ascii").lower()
    name = name.removesuffix(".")
    if name and not _HOST.fullmatch(name):
        raise ValueError(f"not a host: {name}")
    return name


def _encoded(text: str, allowed: frozenset[str]) -> str:
    def spell(match: re.Match[str]) -> str:
        digits, char = match.groups()
        if digits:
            decoded = chr(int(digits, 16))
            return decoded if decoded in _UNRESERVED else f"%{digits.upper()}"
        return char if char in allowed else "".join(f"%{b:02X}" for b in char.encode(errors="replace"))

    return _ESCAPE_OR_CHAR.sub(spell, text)


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.removeprefix("/").split("/")
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")  # it names a folder
    return "/" + "/".join(kept)


def _without_tracking(query: str) -> str:
    return "&".join(
        part for part in query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0])
    )
