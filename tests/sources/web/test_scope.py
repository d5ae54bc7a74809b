"""What belongs to a site."""

import pytest

from doctranslate.component_spec import DocSite
from doctranslate.errors import SpecError
from doctranslate.sources.web.scope import Scope


@pytest.mark.parametrize(
    ("url", "below"),
    [
        ("https://example.org/a/b.html", "https://example.org/a/"),
        ("https://example.org/a/", "https://example.org/a/"),
        ("https://example.org", "https://example.org/"),
    ],
)
def test_prefixes_when_none_are_given_then_they_are_the_folders_of_the_starts(url, below):
    scope = Scope(DocSite(url=url, start=("https://example.org/other/x.html",)))
    assert scope.prefixes == (below, "https://example.org/other/")


def test_starts_when_two_spellings_are_one_address_then_it_is_there_once():
    scope = Scope(
        DocSite(url="https://Example.org", start=("https://example.org/#top", "https://example.org/b"))
    )
    assert scope.starts == ("https://example.org/", "https://example.org/b")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://example.org/docs/a", ""),
        ("https://example.org/docs/", ""),
        ("https://example.org/docs", ""),
        ("https://example.org/docs?a=1", ""),
        ("http://example.org/docs/a", ""),
        ("https://example.org/docs2/a", "outside https://example.org/docs"),
        ("https://example.org/", "outside https://example.org/docs"),
        ("https://www.example.org/docs/a", "outside https://example.org/docs"),
        ("https://example.org.evil.example/docs/a", "outside https://example.org/docs"),
        ("https://example.org:8443/docs/a", "outside https://example.org/docs"),
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_refusal_when_a_prefix_is_given_then_it_holds_whole_segments(url, reason, slash):
    scope = Scope(DocSite(url="https://example.org/", prefixes=(f"https://example.org/docs{slash}",)))
    assert scope.refusal(url) == (reason + slash if reason else "")


def test_refusal_when_outside_then_all_prefixes_are_named():
    scope = Scope(DocSite(url="https://a.example/", start=("https://b.example/x/",)))
    assert scope.refusal("https://c.example/") == "outside https://a.example/ and https://b.example/x/"


def test_refusal_when_patterns_are_given_then_skip_goes_before_include():
    scope = Scope(DocSite(url="https://example.org/", include=("/api/",), skip=(r"/old/", r"\?")))
    assert scope.refusal("https://example.org/api/x") == ""
    assert scope.refusal("https://example.org/blog/x") == "matches no include pattern"
    assert scope.refusal("https://example.org/api/old/x") == "skipped by '/old/'"
    assert scope.refusal("https://example.org/api/x?y=1") == r"skipped by '\\?'"


@pytest.mark.parametrize(
    "name", ["a.png", "a.tar.gz", "b.CSS", "x.whl", "manual.pdf", "search.js", "setup.exe"]
)
def test_refusal_when_a_file_can_be_no_page_then_it_costs_no_request(name):
    suffix = name.rpartition(".")[2].lower()
    assert Scope(DocSite(url="https://example.org/")).refusal(f"https://example.org/a/{name}") == (
        f"a file of type .{suffix}"
    )


@pytest.mark.parametrize(
    "path",
    ["zip", "png/", "numpy.save", "a.html", "v1.2", "x.md", "io.json", "a.zip/", "a.zip/page", "?f=a.png"],
)
def test_refusal_when_a_page_only_looks_like_a_file_then_it_is_read(path):
    assert Scope(DocSite(url="https://example.org/")).refusal(f"https://example.org/{path}") == ""


@pytest.mark.parametrize(
    ("path", "is_trap"),
    [
        ("a/a/a", True),
        ("x/a/b/a/b/a/b/index.html", True),
        ("a/b/c/a/b/c/a/b/c", True),
        ("a///b", False),
        ("a////b", True),
        ("a/a/b", False),
        ("a/b/a/b/a", False),
        ("2024/01/01", False),
        ("/".join(map(str, range(60))), True),
    ],
)
def test_refusal_when_a_path_repeats_itself_then_it_is_a_trap(path, is_trap):
    reason = Scope(DocSite(url="https://example.org/")).refusal(f"https://example.org/{path}")
    assert reason == ("a path that repeats itself" if is_trap else "")


def test_is_within_when_an_address_is_below_a_prefix_then_patterns_do_not_matter():
    scope = Scope(DocSite(url="https://example.org/a/", skip=("/a/b",)))
    assert scope.is_within("https://example.org/a/b") and scope.is_within("https://example.org/a/c.png")
    assert not scope.is_within("https://example.org/b/") and not scope.is_within("")


@pytest.mark.parametrize("field", ["url", "start", "prefixes"])
def test_scope_when_an_address_of_the_site_is_none_then_it_is_not_left_out_in_silence(field):
    wrong = "https://user:password@example.org/"
    settings = {"url": wrong} if field == "url" else {"url": "https://example.org/", field: (wrong,)}
    with pytest.raises(SpecError, match=rf"docs\.{field}"):
        Scope(DocSite(**settings))
