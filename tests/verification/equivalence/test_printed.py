"""What of two outputs is the same to a person."""

from __future__ import annotations

import pytest

from doctranslate.verification.equivalence.failing import uncaught, why_not_here
from doctranslate.verification.equivalence.policy import Policy
from doctranslate.verification.equivalence.printed import compare_printed, surely_differ
from doctranslate.verification.equivalence.state import WorldState
from doctranslate.verification.sandbox import SandboxRun

SHA, OTHER = "a1" * 20, "b2" * 20


def _run(stdout: str = "", *, code: int = 0, stderr: str = "") -> SandboxRun:
    return SandboxRun(code, stdout, stderr, 1.0)


def _world(**ids: str) -> WorldState:
    return WorldState({}, {}, (), {sha: name for name, sha in ids.items()}, {})


@pytest.mark.parametrize(
    ("source", "translation", "is_same"),
    [
        ("done\n", "done\n", True),
        ("done\n", "done", False),
        ("done\n", "Initialized DVC repository.\n\nYou can now commit the changes to git.\n\ndone\n", True),
        ("a\n\nb\n", "a\nb\n", False),
        ("data/a.csv\n", "data/a.csv.dvc\n", True),
        ("data/a.csv\n", "data/a.csv\ndata/a.csv.dvc\ndata/.gitignore\n.dvc/config\n", True),
        ("A\ta.txt\n", "A\ta.txt\nA\t.dvcignore\n", True),
        ("took 0.12 s\n", "took 0.31 s\n", True),
        ("took 3 steps\n", "took 4 steps\n", False),
        ("in /tmp/tmpabc\n", "in /tmp/tmpxyz\n", True),
        ("<X at 0x7f00aa11bb>\n", "<X at 0x7f00aa22cc>\n", True),
        ("1 file added\n", "1 file added\n", True),
        ("1 file added\n", "", False),
        ("", "1 file pushed\n", True),
    ],
)
def test_output_when_compared_then_chatter_and_what_changes_by_itself_is_no_difference(
    source: str, translation: str, is_same: bool
) -> None:
    found = list(compare_printed(_run(source), _world(), _run(translation), _world(), Policy()))

    assert (found == []) is is_same, found


def test_output_when_it_has_ids_then_they_are_compared_by_what_they_name() -> None:
    one, other = _world(first=SHA, second=OTHER), _world(first=OTHER, second=SHA)

    assert not list(compare_printed(_run(SHA[:8]), one, _run(OTHER[:8]), other, Policy()))
    assert list(compare_printed(_run(SHA[:8]), one, _run(SHA[:8]), other, Policy()))


def test_difference_when_sure_then_holds_whatever_the_ids_and_dates_are() -> None:
    assert not surely_differ(_run(f"at {SHA} on Mon 3\n"), _run(f"at {OTHER[:7]} on Tue 14\n"), Policy())
    assert surely_differ(_run("saved\n"), _run(""), Policy())
    assert surely_differ(_run("saved\n"), _run("saved\n", code=1), Policy())


TRACE = 'Traceback (most recent call last):\n  File "/x/program/program.py", line 3, in <module>\n    run()\n'


@pytest.mark.parametrize(
    ("stderr", "kind"),
    [
        (TRACE + "KeyError: 'x'\n", "KeyError"),
        (TRACE + "git.exc.GitCommandError: Cmd('git') failed\n  cmdline: git x\n  stderr: 'y'\n", "git.exc.GitCommandError"),
        (TRACE + "ValueError: a\n\nDuring handling of the above exception, another exception occurred:\n\n" + TRACE + "KeyError\n", "KeyError"),
        (TRACE + "KeyError: 'x'\nException ignored in: <function f>\n" + TRACE + "ImportError: shutting down\n", "KeyError"),
        ("error: no luck\n", None),
    ],
)  # fmt: skip
def test_exception_when_nothing_caught_it_then_is_known_by_its_name(stderr: str, kind: str | None) -> None:
    found = uncaught(_run(code=1, stderr=stderr))

    assert (found and found.kind) == kind


def test_reason_when_a_program_chose_its_exit_status_then_there_is_none() -> None:
    assert why_not_here(_run(code=2, stderr="cannot push\n")) == ""
    assert "arguments" in why_not_here(_run(code=2, stderr="usage: x [-h] path\nx: error: the following\n"))
    assert why_not_here(_run(code=0, stderr="fatal: Could not resolve host: example.com\n")) == ""


@pytest.mark.parametrize(
    ("source", "translation", "is_same"),
    [
        ((2, "KeyError"), (2, "KeyError"), True),
        ((2, "KeyError"), (5, "KeyError"), False),
        ((2, "KeyError"), (2, "ValueError"), True),
        ((1, "KeyError"), (1, "KeyError"), True),
        ((1, "KeyError"), (1, "ValueError"), False),
        ((1, "KeyError"), (2, "KeyError"), False),
        ((-2, "KeyboardInterrupt"), (-2, "KeyboardInterrupt"), True),
        ((-2, "KeyboardInterrupt"), (1, "KeyboardInterrupt"), False),
    ],
)
def test_ending_when_a_traceback_was_printed_then_the_exit_status_counts_all_the_same(
    source: tuple[int, str], translation: tuple[int, str], is_same: bool
) -> None:
    one, other = (_run(code=code, stderr=f"{TRACE}{kind}: 'x'\n") for code, kind in (source, translation))

    found = list(compare_printed(one, _world(), other, _world(), Policy()))

    assert [each.kind for each in found] == ([] if is_same else ["exit"])
