"""What a pair of libraries asks of data and of exceptions."""

from __future__ import annotations

import pytest

from doctranslate.verification.equivalence.policy import find_policy


@pytest.mark.parametrize(
    ("data", "path", "expected"),
    [
        (None, "data/a.csv", True),
        (None, "train.py", False),
        (None, "model.onnx", True),
        (["data/"], "data/sub/a.txt", True),
        (["data/"], "model.onnx", False),
        (["*.txt"], "notes/a.txt", True),
        ([], "data/a.csv", False),
    ],
)
def test_data_when_asked_of_a_path_then_is_what_the_rules_say(
    data: list[str] | None, path: str, expected: bool
) -> None:
    is_data = find_policy("gitpython", "dvc", data=data).is_data

    assert is_data is not None
    assert is_data(path) is expected


def test_data_when_the_pair_has_no_rules_then_only_globs_say() -> None:
    assert find_policy("numpy", "scipy", data=None).is_data is None
    is_data = find_policy("numpy", "scipy", data=["*.csv"]).is_data
    assert is_data is not None
    assert is_data("a.csv")


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("git.exc.GitCommandError", "scmrepo.exceptions.RevError", True),
        ("git.exc.GitCommandError", "dvc.exceptions.NoRemoteError", True),
        ("git.exc.GitCommandError", "git.exc.GitCommandError", True),
        ("git.exc.GitCommandError", "_pygit2.GitError", False),
        ("git.exc.GitCommandError", "KeyError", False),
        ("git.exc.InvalidGitRepositoryError", "dvc.exceptions.NotDvcRepoError", True),
        ("KeyError", "dvc.exceptions.DvcException", False),
        ("KeyError", "KeyError", True),
    ],
)
def test_failure_when_of_the_source_library_then_an_own_one_of_the_target_stands_for_it(
    source: str, translation: str, expected: bool
) -> None:
    assert find_policy("gitpython", "dvc", data=None).same_failure(source, translation) is expected
