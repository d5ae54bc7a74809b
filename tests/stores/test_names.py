import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctranslate.stores.names import names_in, resolve

SYMBOLS = (
    "git.repo.base.Repo.create_tag",
    "git.repo.base.Repo.push",
    "git.remote.Remote.push",
    "git.cmd.Git.tag",
    "cli:add",
)


def ending_in(suffix):
    return [symbol for symbol in SYMBOLS if symbol == suffix or symbol.endswith(f".{suffix}")]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("push", ["push"]),
        ("push()", ["push"]),
        ("push data to a remote", []),
        ("what does Git.tag do", ["Git.tag"]),
        ("r = repo.create_tag('v1')", ["repo.create_tag"]),
        ("use createTag or TagReference", ["createTag", "TagReference"]),
        ("cli:add", ["cli:add"]),
        ("", []),
    ],
)
def test_names_in_a_query_are_those_that_look_like_names(query, names):
    assert names_in(query) == names


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("git.repo.base.Repo.create_tag", "git.repo.base.Repo.create_tag"),
        ("Repo.create_tag", "git.repo.base.Repo.create_tag"),
        ("create_tag", "git.repo.base.Repo.create_tag"),
        ("git.Repo.push", "git.repo.base.Repo.push"),
        ("repo.create_tag", "git.repo.base.Repo.create_tag"),
        ("tag", "git.cmd.Git.tag"),
        ("cli:add", "cli:add"),
        ("git.cmd.Git.tag.__init__", "git.cmd.Git.tag"),
        ("nothing.__init__", None),
        ("push", None),
        ("other.Repo.push", None),
        ("os.path.tag", None),
        ("nothing", None),
    ],
)
def test_resolve_gives_the_one_symbol_that_is_meant_or_none(name, symbol):
    assert resolve(name, ending_in) == symbol


@given(st.text())
def test_names_in_any_text_stand_in_it(text):
    for name in names_in(text):
        assert name in text
