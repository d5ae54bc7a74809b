"""The mistakes are made where they are meant to be made, and nowhere else."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from .mutations import MUTATIONS, addition, has_call, made_by, mutant

CALLS = {
    "dropped commit": 'repo.scm.commit("Add")',
    "wrong tag": 'repo.scm.tag("v1")',
    "data left in git": 'repo.add("data/a.csv")',
    "missing push": "repo.push()",
    "wrong file": 'file.write("x")',
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_mutation_when_the_program_has_its_call_then_only_that_goes_through_it(mutation: str) -> None:
    code = '"""Docs."""\nfrom __future__ import annotations\n' + "\n".join(CALLS.values()) + "\n"

    tree = ast.parse(mutant(code, mutation))

    sent = [
        ast.unparse(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "_mistaken"
    ]
    assert sent == [repr(CALLS[mutation].partition("(")[0].rpartition(".")[2])]
    assert ast.get_docstring(tree) == "Docs."
    assert isinstance(tree.body[1], ast.ImportFrom), "the future import is not first any more"
    assert has_call(code, mutation)
    assert not has_call(code.replace(CALLS[mutation], ""), mutation)


def _run(code: str, work: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=work, capture_output=True, text=True, check=False, timeout=120
    )


def test_mutation_when_the_call_is_on_something_else_then_it_is_made_in_the_end(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "origin.git")], check=True)
    code = "class Basket:\n    def add(self, thing):\n        print('added', thing)\nBasket().add('pear')\n"

    done = _run(mutant(code, "data left in git"), work)

    assert (done.returncode, done.stdout) == (0, "added pear\n"), done.stderr
    assert made_by(done.stderr) == "an addition at the end"


def test_mutation_when_a_file_is_written_then_other_content_is_in_it(tmp_path: Path) -> None:
    code = "from pathlib import Path\nPath('a.txt').write_text('x')\nprint('done')\n"

    done = _run(mutant(code, "wrong file"), tmp_path)

    assert (done.returncode, done.stdout, made_by(done.stderr)) == (0, "done\n", "a call")
    assert (tmp_path / "a.txt").read_text() == "x~"


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_addition_when_run_on_a_repository_then_changes_it_or_its_remote(
    mutation: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("home", "work"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "home/.gitconfig"))
    (tmp_path / "home/.gitconfig").write_text("[user]\n\tname = Ada\n\temail = ada@example.com\n")
    script = """
        git init -q --bare -b main origin.git; cd work; git init -q -b main; git remote add origin ../origin.git
        echo 1 > a.txt; git add a.txt; git commit -q -m Begin; echo 2 > a.txt; git commit -q -a -m Go; git push -q origin main
    """
    subprocess.run(["bash", "-euc", script], cwd=tmp_path, check=True)

    def look() -> str:
        see = "git show-ref; git status --porcelain; git -C ../origin.git show-ref || true"
        return subprocess.run(
            ["bash", "-c", see], cwd=tmp_path / "work", capture_output=True, text=True
        ).stdout

    before = look()
    done = _run(addition(mutation), tmp_path / "work")

    assert made_by(done.stderr) == "an addition at the end", done.stderr
    assert look() != before
