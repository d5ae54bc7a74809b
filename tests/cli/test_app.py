"""The command line: what goes where, what is written, and how it exits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(sys.executable).parent / "doctranslate"
PROGRAM = 'import git\n\nrepo = git.Repo(".")\nrepo.index.commit("x")\n'
PAIR = ("--src", "gitpython", "--dst", "dvc")


def run(
    *args: str, stdin: bytes = b"", cwd: Path | None = None, **env: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [TOOL, *args],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, **env},
        timeout=300,
        check=False,
    )


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return path


def test_translate_when_nothing_is_said_then_code_is_printed_and_nothing_is_written(program: Path) -> None:
    done = run("translate", str(program), *PAIR)
    assert done.returncode == 0, done.stderr.decode()
    assert b"from dvc.repo import Repo" in done.stdout
    assert b"import git\n" not in done.stdout
    assert b"pass" in done.stderr and b"engine offline" in done.stderr
    assert program.read_text() == PROGRAM
    assert list(program.parent.iterdir()) == [program]


def test_translate_when_standard_input_is_read_then_standard_output_is_the_program() -> None:
    done = run("translate", "-", *PAIR, "--quiet", stdin=PROGRAM.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    compile(done.stdout, "translated", "exec")


def test_translate_when_a_diff_is_asked_for_then_it_applies(program: Path) -> None:
    done = run("translate", str(program), *PAIR, "--diff", "-q")
    assert done.stdout.startswith(b"--- a/")
    assert b"\n+from dvc.repo import Repo\n" in done.stdout


def test_translate_when_json_is_asked_for_then_it_has_everything(program: Path) -> None:
    found = json.loads(run("translate", str(program), *PAIR, "--json", "-q").stdout)
    assert found["ok"] and found["changed"] and found["engine"] == "offline"
    assert [check["name"] for check in found["report"]["checks"]][0] == "parses"
    assert found["retrieved"]["docs_dst"] and found["citations"] and found["diff"]


def test_translate_when_write_is_given_then_the_file_is_replaced_and_keeps_its_mode(program: Path) -> None:
    program.chmod(0o750)
    done = run("translate", str(program), *PAIR, "--write")
    assert done.stdout == b""
    assert b"wrote" in done.stderr
    assert "dvc.repo" in program.read_text()
    assert program.stat().st_mode & 0o777 == 0o750


def test_translate_when_output_exists_then_it_is_kept_unless_forced(program: Path) -> None:
    other = program.with_name("other.py")
    other.write_text("mine")
    done = run("translate", str(program), *PAIR, "-o", str(other))
    assert done.returncode == 2 and other.read_text() == "mine"
    assert run("translate", str(program), *PAIR, "-o", str(other), "--force").returncode == 0
    assert "dvc.repo" in other.read_text()


def test_translate_when_bytes_are_declared_then_encoding_line_ends_and_mark_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "latin.py"
    path.write_bytes(
        "# coding: latin-1\r\nimport git\r\nrepo = git.Repo('.')\r\nrepo.index.commit('caf\xe9')\r\n".encode(
            "latin-1"
        )
    )
    assert run("translate", str(path), *PAIR, "--write").returncode == 0
    assert b"caf\xe9" in path.read_bytes()
    assert b"\n" not in path.read_bytes().replace(b"\r\n", b"")
    marked = tmp_path / "bom.py"
    marked.write_bytes(b"\xef\xbb\xbf" + PROGRAM.encode())
    assert run("translate", str(marked), *PAIR, "--write").returncode == 0
    assert marked.read_bytes().startswith(b"\xef\xbb\xbf")


def test_translate_when_the_library_is_not_used_then_it_is_said_and_exits_0(tmp_path: Path) -> None:
    path = tmp_path / "plain.py"
    path.write_text("print(1)\n")
    done = run("translate", str(path), *PAIR, "--write")
    assert done.returncode == 0
    assert b"does not use gitpython" in done.stderr and b"unchanged" in done.stderr
    assert path.read_text() == "print(1)\n"


@pytest.mark.parametrize(
    ("args", "stdin", "code", "said"),
    [
        (("translate", "missing.py", *PAIR), b"", 2, "cannot read missing.py"),
        (("translate", "-", *PAIR), b"def f(:\n", 2, "line 1: not Python"),
        (("translate", "-", *PAIR), b"caf\xe9 = 1\n", 2, "not text in the encoding"),
        (("translate", "-", "--src", "gitpython", "--dst", "gitpython"), b"", 2, "same library"),
        (("translate", "-", "--src", "gitpythn", "--dst", "dvc"), b"", 2, "'gitpython'"),
        (("translate", "-", *PAIR, "--write"), b"", 2, "--write replaces FILE"),
        (("translate", "-", *PAIR, "--diff", "--json"), b"", 2, "exclude each other"),
        (("translate", "-", *PAIR, "--strategy", "magic"), b"", 2, "magic"),
        (("translate", "-", "--src", "gitpython"), b"", 2, "--dst"),
        (("search", "gitpythn", "x"), b"", 2, "unknown component"),
        (("nonsense",), b"", 2, "nonsense"),
    ],
)  # fmt: skip
def test_run_when_the_call_is_wrong_then_one_clear_error_and_no_traceback(
    args: tuple[str, ...], stdin: bytes, code: int, said: str, tmp_path: Path
) -> None:
    done = run(*args, stdin=stdin, cwd=tmp_path)
    assert done.returncode == code
    assert said in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_translate_when_a_check_fails_then_it_exits_1_and_writes_only_when_forced(program: Path) -> None:
    program.write_text(PROGRAM + 'import importlib\n\nold = importlib.import_module("git")\n')
    before = program.read_bytes()
    done = run("translate", str(program), *PAIR, "--write")
    assert done.returncode == 1
    assert program.read_bytes() == before
    assert b"was not written" in done.stderr and b"no-source-imports" in done.stderr
    assert run("translate", str(program), *PAIR, "--write", "--force").returncode == 1
    assert program.read_bytes() != before


def test_translate_when_a_file_is_read_only_then_it_is_kept_unless_forced(program: Path) -> None:
    program.chmod(0o444)
    done = run("translate", str(program), *PAIR, "--write")
    assert done.returncode == 2 and program.read_text() == PROGRAM
    assert run("translate", str(program), *PAIR, "--write", "--force", "-q").stderr == b""
    assert "dvc.repo" in program.read_text()


def test_translate_when_something_is_left_then_it_exits_1(program: Path) -> None:
    program.write_text(PROGRAM + "repo.git.gc()\n")
    done = run("translate", str(program), *PAIR, "--no-bridge")
    assert done.returncode == 1
    assert b"not translated" in done.stderr and b"source line 5" in done.stderr


def test_translate_when_a_diff_is_made_elsewhere_then_its_names_are_plain(program: Path) -> None:
    done = run("translate", str(program), *PAIR, "--diff", "-q", cwd=program.parent)
    assert done.stdout.splitlines()[:2] == [b"--- a/program.py", b"+++ b/program.py"]


def test_stores_when_one_is_broken_then_it_is_named_and_exits_1(tmp_path: Path) -> None:
    assert run("build", "packaging", "--stores", str(tmp_path)).returncode == 0
    listed = json.loads(run("stores", "--stores", str(tmp_path), "--json").stdout)
    assert [row["component"] for row in listed] == ["packaging"]
    (Path(listed[0]["path"]) / "vectors.npy").write_bytes(b"")
    done = run("stores", "--stores", str(tmp_path))
    assert done.returncode == 1
    assert b"BROKEN" in done.stdout


def test_search_when_a_name_is_given_then_it_comes_first() -> None:
    found = json.loads(run("search", "dvc", "scmrepo.git.Git.tag", "--json").stdout)
    assert found[0]["symbol"] == "scmrepo.git.Git.tag"
    assert "annotated" in found[0]["signatures"][0]


def test_components_when_listed_then_the_curated_pair_is_there() -> None:
    names = [c["name"] for c in json.loads(run("components", "--json").stdout)]
    assert names == ["dvc", "gitpython"]


def test_run_when_the_reader_goes_away_then_it_ends_quietly(program: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f"'{TOOL}' translate '{program}' --src gitpython --dst dvc -q | head -1"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert b"Traceback" not in done.stderr
