"""``doctranslate verify``, and ``translate --verify equivalence``: what is said, and how they exit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .test_app import PAIR, run

SOURCE = """\
import sys
from git import Repo
repo = Repo(".")
with open("notes.txt", "w") as file:
    file.write("\\n".join(sys.argv[1:]))
repo.index.add(["notes.txt"])
repo.index.commit("Add notes")
"""
RIGHT = """\
import sys
from dvc.repo import Repo
repo = Repo(".", uninitialized=True)
with open("notes.txt", "w") as file:
    file.write("\\n".join(sys.argv[1:]))
repo.scm.add("notes.txt")
repo.scm.commit("Add notes")
"""


@pytest.fixture
def programs(tmp_path: Path) -> tuple[str, str]:
    """A source and a right translation of it."""
    for name, code in (("source.py", SOURCE), ("right.py", RIGHT)):
        (tmp_path / name).write_text(code)
    return str(tmp_path / "source.py"), str(tmp_path / "right.py")


def test_verify_when_the_translation_is_right_then_says_so_and_writes_nothing(
    programs: tuple[str, str], tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))

    done = run("verify", *programs, *PAIR, "--arg", "one", "--arg", "{origin}", cwd=tmp_path)

    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    shown = done.stdout.decode()
    assert "pass    equivalence" in shown
    assert "isolation full" in shown
    assert "running the translation" in done.stderr.decode()
    assert sorted(tmp_path.rglob("*")) == before


def test_verify_when_the_translation_is_wrong_then_names_the_difference_and_exits_with_1(
    programs: tuple[str, str],
) -> None:
    done = run("verify", programs[0], "-", *PAIR, "-q", stdin=RIGHT.replace("Add notes", "Add").encode())

    assert done.returncode == 1
    assert b"commits, branch main" in done.stdout
    assert b"a commit has another message" in done.stdout
    assert done.stderr == b""


def test_verify_when_json_is_asked_for_then_every_difference_is_a_record(programs: tuple[str, str]) -> None:
    wrong = RIGHT.replace('repo.scm.add("notes.txt")\n', "")
    done = run("verify", programs[0], "-", *PAIR, "--json", "-q", stdin=wrong.encode())

    found = json.loads(done.stdout)
    assert not found["ok"]
    last = found["checks"][-1]
    assert (last["name"], last["outcome"]) == ("equivalence", "fail")
    assert {"kind", "where", "source", "translation", "reason"} == set(last["differences"][0])


def test_verify_when_the_source_cannot_run_here_then_is_skipped_and_exits_with_0(
    programs: tuple[str, str], tmp_path: Path
) -> None:
    needy = tmp_path / "needy.py"
    needy.write_text(SOURCE.replace("sys.argv[1:]", "[sys.argv[1]]"))

    done = run("verify", str(needy), programs[1], *PAIR)

    assert done.returncode == 0
    assert b"not executable here: it needs arguments" in done.stdout


def test_verify_when_a_setup_is_given_then_both_start_from_it(
    programs: tuple[str, str], tmp_path: Path
) -> None:
    setup = tmp_path / "start.sh"
    setup.write_text(
        "git init -q -b trunk\ngit config user.name Ada\ngit config user.email ada@example.com\n"
    )

    done = run("verify", *programs, *PAIR, "--setup", str(setup), "--json", "-q")

    assert done.returncode == 0, done.stdout.decode()


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--workspace", "no/such/folder"), 2, b"is not a folder"),
        (("--setup", "no/such.sh"), 2, b"cannot be read"),
        (("--isolation", "some"), 2, b"--isolation"),
        (("--level", "none"), 2, b"--level"),
        (("--dst", "gitpython"), 2, b"same library"),
    ],
)
def test_verify_when_called_wrongly_then_says_what_is_wrong(
    options: tuple[str, ...], code: int, said: bytes, programs: tuple[str, str]
) -> None:
    done = run("verify", *programs, *PAIR, *options)

    assert done.returncode == code
    assert said in done.stderr


def test_verify_when_the_setup_fails_then_exits_with_3(programs: tuple[str, str], tmp_path: Path) -> None:
    setup = tmp_path / "start.sh"
    setup.write_text("echo no luck >&2\nexit 5\n")

    done = run("verify", *programs, *PAIR, "--setup", str(setup))

    assert done.returncode == 3
    assert b"the setup failed (exit status 5): no luck" in done.stderr


@pytest.mark.parametrize("level", ["execute", "equivalence"])
def test_translate_when_it_is_to_be_run_then_the_report_says_how_it_went(
    level: str, programs: tuple[str, str]
) -> None:
    done = run("translate", programs[0], *PAIR, "--verify", level, "--arg", "x", "--json", "-q")

    found = json.loads(done.stdout)
    checks = {check["name"]: check["outcome"] for check in found["report"]["checks"]}
    assert checks["execute"] == "pass"
    assert checks.get("equivalence") == ("pass" if level == "equivalence" else None)
    assert done.returncode == 0, found["report"]
