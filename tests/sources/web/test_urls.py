"""The one spelling of an address."""

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doctranslate.sources.web.urls import MAX_LENGTH, folder_of, host_of, normalise, origin


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HTTP://Example.ORG:80", "http://example.org/"),
        ("https://example.org:443/a#b", "https://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/a/%2e%2E/b/.", "https://example.org/b/"),
        ("https://example.org/../../a/..", "https://example.org/"),
        ("https://example.org/%7euser/%c3%a4%2f", "https://example.org/~user/%C3%A4%2F"),
        ("https://example.org/ä b|c", "https://example.org/%C3%A4%20b%7Cc"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/a?", "https://example.org/a"),
        ("https://example.org?q=1", "https://example.org/?q=1"),
        ("https://example.org/a?b=2&utm_source=x&a=1&UTM_Medium=y&gclid", "https://example.org/a?b=2&a=1"),
        ("https://example.org/a?fbclid=1#c", "https://example.org/a"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("http://[2001:DB8:0::1]:80/", "http://[2001:db8::1]/"),
        ("\n https://example.org/a\tb\r\n ", "https://example.org/ab"),
        ("https:\\\\example.org\\a", "https://example.org/a"),
        ("https://example.org/a//b/", "https://example.org/a//b/"),
    ],
)
def test_normalise_when_spellings_differ_then_one_is_left(written, normal):
    assert normalise(written) == normal


@pytest.mark.parametrize(
    "written",
    [
        "",
        "page.html",
        "mailto:a@example.org",
        "javascript:void(0)",
        "data:text/html,x",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://",
        "https:///a",
        "https://user:password@example.org/",
        "https://@example.org/",
        "https://example.org:99999/",
        "https://example.org:x/",
        "https://[::1/",
        "https://[fe80::1%25eth0]:x/",
        "https://exa mple.org/",
        "https://a..b/",
        "https://ex%61mple.org/",
        "https://" + "ä" * 80 + ".example/",
        "https://example.org/" + "a" * MAX_LENGTH,
        "https://example.org/" + "ä" * (MAX_LENGTH // 3),
    ],
)
def test_normalise_when_it_is_no_address_of_a_page_then_there_is_none(written):
    assert normalise(written) is None


@pytest.mark.parametrize(
    ("link", "absolute"),
    [
        ("c.html", "https://example.org/a/c.html"),
        ("../c.html#x", "https://example.org/c.html"),
        ("/c", "https://example.org/c"),
        ("//other.example/c", "https://other.example/c"),
        ("?page=2", "https://example.org/a/b.html?page=2"),
        ("#x", "https://example.org/a/b.html"),
        ("", "https://example.org/a/b.html"),
        ("mailto:a@example.org", None),
        ("JavaScript:void(0)", None),
    ],
)
def test_normalise_when_a_link_is_relative_then_it_is_read_from_its_page(link, absolute):
    assert normalise(link, base="https://example.org/a/b.html") == absolute


def test_normalise_when_only_the_fragment_is_long_then_the_address_counts():
    assert normalise("https://example.org/#" + "x" * 5_000) == "https://example.org/"


@given(
    st.one_of(
        st.text(max_size=60),
        st.text(alphabet="abAB./%?&=#:@;\\ [2e5F~|ä+-_", max_size=60).map("https://example.org/".__add__),
        st.text(alphabet="abAB./%:@ä-_[]1", max_size=30).map("HTTP://".__add__),
    )
)
@example("http://example.org/%2541")
@example("http://example.org/?&&utm_%73ource=1&a&&")
@example("http://example.org/\ud800")
@example("http://example.org/%2e./%2e%2e/")
def test_normalise_when_done_twice_then_nothing_changes(written):
    once = normalise(written)
    if once is not None:
        assert normalise(once) == once
        assert once.isascii() and once == once.strip()
        assert urlsplit(once).scheme in ("http", "https")
        assert normalise("", base=once) == once


def test_parts_when_asked_for_then_they_are_those_of_the_address():
    assert origin("http://example.org:8000/a?b") == "http://example.org:8000"
    assert origin("https://example.org/") == "https://example.org"
    assert host_of("http://[::1]:8000/a") == "::1"
    assert host_of("http://example.org:8000/a") == "example.org"
    assert folder_of("https://example.org/a/b.html?c=/d/") == "https://example.org/a/"
    assert folder_of("https://example.org/a/") == "https://example.org/a/"
