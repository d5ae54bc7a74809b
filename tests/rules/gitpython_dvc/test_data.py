"""Which paths are data."""

from __future__ import annotations

import pytest

from doctranslate.rules.gitpython_dvc.data import policy
from tests.rules.conftest import HEAD, Rewrite


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("data/x.csv", True),
        ("x.parquet", True),
        ("data/readme.md", False),
        ("src/data/prepare.py", False),
        ("./data/raw", True),
        ("models", True),
        ("train.py", False),
        ("params.yaml", False),
        ("data/x.csv.dvc", False),
        (".dvc/config", False),
        ("database", False),
    ],
)
def test_path_is_data_by_suffix_or_folder(path: str, expected: bool) -> None:
    assert policy(given=None, tracked=()).is_data(path) is expected


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.psd", "art/a.psd", True),
        ("art/**", "art/deep/a", True),
        ("/top.bin", "top.bin", True),
        ("art/", "art/a", True),
        ("name.x", "deep/name.x", True),
        ("*.psd", "a.py", False),
    ],
)
def test_pattern_of_the_caller_alone_decides(pattern: str, path: str, expected: bool) -> None:
    chosen = policy(given=(pattern,), tracked=())

    assert chosen.is_data(path) is expected
    assert not chosen.is_data("data/x.csv")


def test_tracked_pattern_is_data_beside_the_usual_ones() -> None:
    chosen = policy(given=None, tracked=("*.psd",))

    assert chosen.is_data("a.psd")
    assert chosen.is_data("data/x.csv")


def test_globs_of_the_caller_reach_the_translated_program(rewrite: Rewrite) -> None:
    code = rewrite(HEAD + "repo.index.add([name])\n", data=("art/*",)).code

    assert 'DATA = ("art/*",)\n' in code


def test_no_data_at_all_leaves_everything_with_git(rewrite: Rewrite) -> None:
    code = rewrite(HEAD + "repo.index.add(['data/x.csv'])\n", data=()).code

    assert code.endswith("repo.scm.add('data/x.csv')\n")


def test_data_remote_is_set_up_where_data_is_tracked(rewrite: Rewrite) -> None:
    code = rewrite(HEAD + "repo.index.add(['data/x.csv'])\n", data_remote="s3://bucket").code

    assert "DATA_REMOTE = 's3://bucket'\n" in code
    assert "repo = use_data_remote(open_repo())\n" in code
