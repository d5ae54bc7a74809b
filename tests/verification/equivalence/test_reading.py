"""What stands for ids and dates, and what of a file is a user's."""

from __future__ import annotations

import time

import pytest

from doctranslate.verification.equivalence.reading.commit_names import (
    Commit,
    Names,
    name_commits,
    parents_first,
)
from doctranslate.verification.equivalence.reading.contents import is_plumbing, lfs_patterns, without_books
from doctranslate.verification.equivalence.reading.dates import Clock, date_texts

FIRST, SECOND, OTHER = "25e6218" + "a" * 33, "7f00dd1" + "b" * 33, "25e9999" + "c" * 33


def _commit(sha: str, message: str, *parents: str) -> Commit:
    return Commit(sha, "", parents, "Ada", "Ada", (0, 0), message)


NAMES = Names({FIRST: "commit 1 'a'", SECOND: "commit 2 'b'", OTHER: "commit 2 'c'"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"at {FIRST}.", "at <commit 1 'a'>."),
        (FIRST[:7], "<commit 1 'a', 7 digits>"),
        (FIRST[:8], "<commit 1 'a', 8 digits>"),
        (f"v1-3-g{SECOND[:7]}-dirty", "v1-3-g<commit 2 'b', 7 digits>-dirty"),
        (f"model_{SECOND[:7]}.pkl", "model_<commit 2 'b', 7 digits>.pkl"),
        ('{"sha": "' + SECOND + '"}', '{"sha": "<commit 2 \'b\'>"}'),
        ("25e", "25e"),
        ("25e62180", "25e62180"),
        ("facade 25e6218x x25e6218", "facade 25e6218x x25e6218"),
        ("f" * 40, "f" * 40),
    ],
)
def test_ids_when_in_a_text_then_are_replaced_by_what_they_name(text: str, expected: str) -> None:
    assert NAMES.replace(text) == expected


def test_commits_when_named_then_by_place_and_message_whatever_their_ids() -> None:
    def history(*ids: str) -> list[str]:
        one, two, three, merge = ids
        commits = {
            one: _commit(one, "Begin\n\nAt length"),
            two: _commit(two, "Work", one),
            three: _commit(three, "Work", one),
            merge: _commit(merge, f"Merge {two}", two, three),
        }
        names = name_commits(commits, {"refs/heads/main": merge, "refs/heads/side": three})
        return [names[sha] for sha in ids]

    found = history("1" * 40, "2" * 40, "3" * 40, "4" * 40)

    assert found == history("f" * 40, "e" * 40, "d" * 40, "c" * 40)
    assert found == ["commit 1 'Begin'", "commit 2 'Work'", "commit 2 'Work' (2)", "commit 3 'Merge <id>'"]


def test_history_when_longer_than_recursion_allows_then_is_ordered() -> None:
    commits = {str(n): _commit(str(n), "x", *([str(n - 1)] if n else [])) for n in range(5000)}

    assert parents_first(commits, ["4999"]) == [str(n) for n in range(5000)]


def test_dates_when_of_new_commits_or_of_the_run_then_stand_for_one_time() -> None:
    fixed, made = 1767323045, int(time.mktime((2030, 5, 6, 7, 8, 9, 0, 0, 0)))
    texts = Names({}, date_texts([made], Clock(fixed=fixed, began=made, ended=made + 2)))

    assert texts.replace("on 2030-05-06, again 2030-05-06") == "on 2026-01-02, again 2026-01-02"
    assert texts.replace(f"{made + 1}") == f"{fixed}"
    assert texts.replace("2026-01-02 and 2029-05-06") == "2026-01-02 and 2029-05-06"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("data/a.csv.dvc", True),
        (".dvc/config", True),
        ("sub/.dvc/config", True),
        (".dvcignore", True),
        ("dvc.lock", True),
        ("dvc.yaml", False),
        (".gitignore", False),
        ("data/a.csv", False),
        ("dvc/config.py", False),
    ],
)
def test_plumbing_when_asked_then_is_dvc_own_files_only(path: str, expected: bool) -> None:
    assert is_plumbing(path) is expected


def test_gitignore_when_dvc_wrote_in_it_then_the_user_part_is_left() -> None:
    siblings = ["data/a.csv.dvc", "data/.gitignore"]

    assert without_books("data/.gitignore", b"/a.csv\n", siblings) is None
    assert without_books("data/.gitignore", b"*.tmp\n/a.csv\n/b.csv\n", siblings) == b"*.tmp\n/b.csv\n"
    assert without_books(".gitignore", b"/a.csv\n", siblings) == b"/a.csv\n"
    assert without_books(".gitignore", b"/a \\[1\\].csv\n", ["a [1].csv.dvc"]) is None


def test_gitattributes_when_lfs_is_in_it_then_the_rest_is_left() -> None:
    content = b"*.bin filter=lfs diff=lfs merge=lfs -text\n*.sh text eol=lf\n"

    assert without_books(".gitattributes", content, []) == b"*.sh text eol=lf\n"
    assert lfs_patterns(content) == ["*.bin"]
