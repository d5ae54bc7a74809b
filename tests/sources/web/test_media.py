"""What a body is, whatever the server says; served bodies are in `test_http`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctranslate.sources.web.media import charset_of, decoded, is_read, media_type, refresh_target, sniffed


@pytest.mark.parametrize(
    ("content_type", "url", "kind"),
    [
        ("text/html; charset=utf-8", "https://h/a.md", "text/html"),
        ("text/plain", "https://h/a.MD?x=.rst", "text/markdown"),
        ("text/plain", "https://h/a?x=.md", "text/plain"),
        ("text/plain, text/plain", "https://h/a", "text/plain"),
        ("", "https://h/a", ""),
        ("unknown/unknown", "https://h/a", ""),
        ("", "https://h/a.rst", "text/x-rst"),
        ("application/octet-stream", "https://h/a", "application/octet-stream"),
        ("image/png", "https://h/a.md", "image/png"),
    ],
)
def test_media_type_when_header_and_suffix_are_looked_at_then_the_more_exact_one_counts(
    content_type, url, kind
):
    assert media_type(content_type, url) == kind


def test_is_read_when_a_type_is_of_documents_then_it_is():
    kinds = ["text/html", "text/markdown", "text/x-rst", "text/plain", "", "image/png", "application/json"]
    assert [kind for kind in kinds if is_read(kind)] == kinds[:4]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "text/plain"),
        (b"  \n<!DOCTYPE html><html>", "text/html"),
        (b"# A heading\n\ntext", "text/plain"),
        (b"a < b and c > d", "text/plain"),
        ("<html>".encode("utf-16"), "text/html"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "application/octet-stream"),
        (b"PK\x03\x04", "application/octet-stream"),
        (b"%PDF-1.7\n", "application/pdf"),
    ],
)
def test_sniffed_when_nothing_is_declared_then_the_beginning_tells(body, kind):
    assert sniffed(body) == kind


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/html; charset=UTF-8", "UTF-8"),
        ('text/html; x=y; CHARSET="latin-1"', "latin-1"),
        ("text/html", ""),
        ("", ""),
        ("text/html; charset*=utf-8''x", ""),
        ("; charset", ""),
    ],
)
def test_charset_of_when_a_header_is_read_then_junk_is_nothing(content_type, charset):
    assert charset_of(content_type) == charset


CHARSETS = [
    "",
    "utf-8",
    "latin-1",
    "ascii",
    "utf-16",
    "utf-7",
    "shift_jis",
    "iso-2022-jp",
    "hz",
    "zlib",
    "idna",
    "punycode",
]


@given(
    body=st.binary(max_size=300),
    charset=st.sampled_from([*CHARSETS, "\0", "x" * 50, "é"]),
    is_html=st.booleans(),
)
def test_decoded_when_bytes_are_anything_then_there_is_a_text(body, charset, is_html):
    assert isinstance(decoded(body, charset=charset, is_html=is_html), str)


@given(
    text=st.text(max_size=200),
    charset=st.sampled_from(["", "utf-8", "latin-1", "cp1252", "shift_jis", "no-such"]),
)
def test_decoded_when_a_text_is_utf8_then_it_comes_back_whatever_is_declared(text, charset):
    body = text.encode(errors="ignore")
    assert decoded(body, charset=charset, is_html=False) == body.decode("utf-8-sig")


@pytest.mark.parametrize("charset", ["cp1251", "koi8-r", "shift_jis", "gbk", "euc-jp", "big5"])
def test_decoded_when_a_charset_is_declared_and_true_then_it_counts(charset):
    text = {"cp1251": "Привет, мир", "koi8-r": "Привет, мир", "gbk": "汉字文本", "big5": "漢字文本"}.get(
        charset, "日本語のテキスト"
    )
    assert decoded(text.encode(charset), charset=charset, is_html=False) == text


def test_refresh_target_when_there_are_several_then_the_first_counts():
    metas = "".join(f'<meta http-equiv="refresh" content="{n}; url={n}.html">' for n in (9, 1, 2))
    assert refresh_target(metas) == "1.html"


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("0;URL='a.html'", "a.html"),
        ("0; a.html", "a.html"),
        ("0, url = a.html", "a.html"),
        ("5;url=a.html", "a.html"),
        ("6;url=a.html", None),
        ("0", None),
        ("", None),
        ("x;url=a.html", None),
        ("1.2.3;url=a.html", "a.html"),
    ],
)
def test_refresh_target_when_it_is_written_in_all_ways_then_it_is_read(content, target):
    assert (
        refresh_target(f'<html><head><meta content="{content}" http-equiv="Refresh"></head></html>') == target
    )


@pytest.mark.parametrize(
    "text", ["", "<", '<meta http-equiv="refresh"', "\0http-equiv=refresh", "http-equiv=refresh" * 9]
)
def test_refresh_target_when_the_page_is_broken_then_it_leads_nowhere(text):
    assert refresh_target(text) is None
