"""What a served body is: its media type, its text in spite of what the server says, and whether it only leads on."""

from __future__ import annotations

import codecs
import contextlib
import re
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from doctranslate.errors import MissingExtraError

HTML = "text/html"
_SERVED = {
    "text/html": HTML,
    "application/xhtml+xml": HTML,
    "text/markdown": "text/markdown",
    "text/x-markdown": "text/markdown",
    "text/x-rst": "text/x-rst",
    "text/prs.fallenstein.rst": "text/x-rst",
    "text/plain": "text/plain",
}
_SUFFIXES = {".md": "text/markdown", ".markdown": "text/markdown", ".rst": "text/x-rst"}
_UNKNOWN = ("", "application/octet-stream", "binary/octet-stream", "unknown/unknown", "application/x-unknown")
_MARKUP = re.compile(
    rb"<(!doctype\s+html|html|head|body|title|meta|h[1-6]|p|div|main|article)[\s>]", re.IGNORECASE
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Python's codecs that decode programs and host names, not pages; some take quadratic time.
_NOT_FOR_PAGES = frozenset({"unicode_escape", "raw_unicode_escape", "punycode", "idna", "utf_7", "undefined"})
# Charsets whose bytes are ASCII, or may well be UTF-8.
_LOOK_LIKE_ASCII = ("iso2022", "hz", "utf-16", "utf-32")
_SAMPLE_BYTES = 65_536
_REFRESH_HINT = re.compile(r"http-equiv\s*=\s*[\"']?\s*refresh", re.IGNORECASE)
_REFRESH = re.compile(r"\s*(\d{1,9})[\d.]*\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"']+?)[\"']?\s*", re.IGNORECASE)
_STUB_CHARS = 200
_STUB_BYTES = 100_000
_REFRESH_S = 5


def media_type(content_type: str, url: str) -> str:
    """Which of the kinds that are read a body is of.

    Args:
        content_type: The header, or "" where there is none.
        url: Where it came from: its suffix decides where the server does not know better than "text".

    Returns:
        One of `base.Fetched`'s media types; "" when only the body can tell; else the type, which is not one of those.
    """
    served = re.split("[;,]", content_type, maxsplit=1)[0].strip().lower()
    by_suffix = _SUFFIXES.get(PurePosixPath(urlsplit(url).path).suffix.lower(), "")
    if by_suffix and (served in _UNKNOWN or served == "text/plain"):
        return by_suffix
    if served in ("", *_UNKNOWN[3:]):
        return ""
    return _SERVED.get(served, served)


def is_read(kind: str) -> bool:
    """Whether bodies of a media type are read."""
    return kind in _SERVED.values()


def sniffed(body: bytes) -> str:
    """The media type of a body that nothing is known of.

    Args:
        body: All of it, or its beginning.

    Returns:
        ``text/html``, ``text/plain``, or ``application/octet-stream``.
    """
    head = body[:4_096]
    if not head.startswith(tuple(bom for bom, _ in _BOMS)) and re.search(
        rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head
    ):
        return "application/octet-stream"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    return HTML if _MARKUP.search(head.replace(b"\x00", b"")) else "text/plain"


def charset_of(content_type: str) -> str:
    """The charset that a Content-Type header names, or ""."""
    message = Message()
    message["Content-Type"] = content_type
    found = message.get_param("charset", "")
    return found.strip() if isinstance(found, str) else ""


def decoded(body: bytes, *, charset: str, is_html: bool) -> str:
    """The text of a body, whatever it was declared to be. No body makes it fail.

    A byte order mark decides. What reads as UTF-8 is UTF-8, since text in another charset never does by accident;
    else what the header and the page declare counts, as long as the bytes bear it out; else
    Windows-1252, as in browsers.

    Args:
        body: The body, unpacked.
        charset: What the header declares, or "".
        is_html: Whether a ``<meta charset>`` counts.

    Raises:
        MissingExtraError: beautifulsoup4 is needed and not installed.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body.decode(name, errors="replace")
    declared = _declared(body, charset, is_html=is_html)
    for codec in (*(name for name in declared if name.startswith(_LOOK_LIKE_ASCII)), "utf-8"):
        with contextlib.suppress(UnicodeError):
            return body.decode(codec)
    text = body.decode("utf-8", errors="replace")
    n_bad = text.count("\ufffd")
    # A few broken bytes in a page of UTF-8 are no reason to take it for something else.
    if n_bad * 2 <= sum(char > "\x7f" for char in text) - n_bad:
        return text
    for codec in declared:
        with contextlib.suppress(UnicodeError):
            return body.decode(codec)
    return body.decode("cp1252", errors="replace")


def refresh_target(text: str) -> str | None:
    """Where a page that holds nothing but an immediate ``<meta http-equiv="refresh">`` leads.

    Args:
        text: HTML.

    Returns:
        The target as it is written, or None for a page of its own.

    Raises:
        MissingExtraError: lxml is needed and not installed.
    """
    if len(text) > _STUB_BYTES or not _REFRESH_HINT.search(text):
        return None
    try:
        from lxml import etree, html
    except ImportError as exc:
        raise MissingExtraError("lxml", extra="crawl", needed_for="reading web pages") from exc
    try:
        # As bytes: lxml refuses a str that declares an encoding.
        root = html.document_fromstring(
            text.encode(errors="replace"), parser=html.HTMLParser(encoding="utf-8")
        )
    except (etree.LxmlError, ValueError):
        return None
    target = None
    # What stands in a noscript is for browsers that run no scripts, and mostly leads to a plea to turn them on.
    for meta in root.xpath("//meta[@http-equiv and @content and not(ancestor::noscript)]"):
        found = _REFRESH.fullmatch(meta.get("content"))
        if meta.get("http-equiv").strip().lower() == "refresh" and found and int(found[1]) <= _REFRESH_S:
            target = target or found[2]
    shown = "".join(
        root.xpath("//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]")
    )
    return target if len(" ".join(shown.split())) < _STUB_CHARS else None


def _named_in(head: bytes) -> str:
    """The charset that a page of HTML says it is in, or ""."""
    try:
        from bs4.dammit import EncodingDetector
    except ImportError as exc:
        raise MissingExtraError("bs4", extra="crawl", needed_for="reading web pages") from exc
    return EncodingDetector.find_declared_encoding(head, is_html=True, search_entire_document=True) or ""


def _declared(body: bytes, charset: str, *, is_html: bool) -> list[str]:
    found = [_codec(charset)]
    if found[0].startswith(("utf-16", "utf-32")) and b"\x00" not in body[:_SAMPLE_BYTES]:
        found = []
    if is_html and (named := _named_in(body[:4_096])):
        # The declaration was read as ASCII, so it cannot be true of these.
        codec = _codec(named)
        found.append("utf-8" if codec.startswith(("utf-16", "utf-32")) else codec)
    return [codec for codec in found if codec]


def _codec(name: str) -> str:
    """Python's name of a charset; "" for one that is not known, or not of pages."""
    try:
        known = codecs.lookup(name.strip().strip("\"'") or "?").name
        "".encode(known)  # some codecs are not of text
    except (LookupError, ValueError, TypeError, UnicodeError):
        return ""
    if known.replace("-", "_") in _NOT_FOR_PAGES:
        return ""
    # Browsers take both for their superset of Windows, and pages mean it (WHATWG Encoding Standard).
    return "cp1252" if known in ("iso8859-1", "ascii") else known
