"""The ladder as a whole, and that it stands whatever it is given."""

from __future__ import annotations

import sys
import textwrap
import warnings
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import Check
from .programs import HONEST
from .reports import named

LADDER = ["parses", "no-source-imports", "calls-exist", "nothing-dangerous"]


def test_check_static_when_all_is_well_then_gives_the_checks_in_order(check: Check) -> None:
    report = check("from dvc.repo import Repo\nRepo().push()\n")
    assert [one.name for one in report.checks] == LADDER
    assert report.ok


@pytest.mark.parametrize(
    ("code", "line"),
    [("def f(:\n", 1), ("x = 1\n\ty = 2\n", 2), ("a\0b", 0), ("x = '\ud800'", 0), ("(" * 500, 1)],
)
def test_check_static_when_the_code_does_not_parse_then_skips_the_rest(
    code: str, line: int, check: Check
) -> None:
    report = check(code)
    first, *rest = report.checks
    assert first.outcome == "fail"
    assert first.findings[0].line in (line, 0)
    assert [(one.outcome, one.reason) for one in rest] == [("skipped", "the code does not parse")] * 3


def test_check_static_when_strings_have_bad_escapes_then_warns_nobody(check: Check) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check('print("\\d")\n').ok


@pytest.mark.parametrize(
    "code",
    [
        "x" + ".a" * 3000,
        "x" + ".a()" * 800,
        " + ".join(["'a'"] * 5000),
        "if x:\n    pass\n" + "elif x:\n    pass\n" * 1000,
        "[" * 60 + "]" * 60,
        "x = x\nx = [x]\nx = x.x\n",
        "def f(x):\n    return f(x)\nf(f)\n",
        "class A(A): pass\nA().x\n",
        "class A(B): pass\nclass B(A): pass\nA().x.y()\nB()()\n",
        "a = b\nb = a\na.x()\n",
        "class A(x): pass\nclass A(A): pass\nclass B(A): x = A\nclass A(B, A): pass\nx = A()\nx.x.y\n",
        "x = {**x, 'a': x, 'b': [x]}\ny = (x, x, [y])\nx.append(y)\nx[y] = x, y\n" * 20,
        "lambda: (yield)",
        "def f():\n    global g\n    def g(): nonlocal_ = g\n",
        "x: 'x' = x\ny: '(' = 1\nz: 'list[' = 2\n",
    ],
)
def test_check_static_when_the_code_is_odd_then_still_reports(code: str, check: Check) -> None:
    assert [one.name for one in check(code, source=code).checks] == LADDER


_PIECES = [
    *(
        "repo",
        "Repo",
        "git",
        "dvc",
        "x",
        "self",
        "add",
        "push",
        "scm",
        "os",
        "eval",
        "f",
        "(",
        ")",
        "[",
        "]",
        "{",
    ),
    *(
        "}",
        ".",
        ",",
        ":",
        "=",
        "=>",
        "\n",
        "\n    ",
        "\n        ",
        "def ",
        "class ",
        "import ",
        "from ",
        "lambda ",
        "for ",
    ),
    *(
        "in ",
        "with ",
        "as ",
        "return ",
        "yield ",
        "await ",
        "async ",
        "if ",
        "else ",
        "try",
        "except ",
        "*",
        "**",
    ),
    *(
        "'a'",
        "1",
        "None",
        "global ",
        "nonlocal ",
        "match ",
        "case ",
        ":=",
        "@",
        "del ",
        "not ",
        "|",
        "f'{x}'",
    ),
]
_STATEMENTS = [
    *(
        "repo = Repo(x)",
        "from dvc.repo import Repo",
        "import dvc.api as x",
        "x = [x for x in x]",
        "del x, repo",
    ),
    *(
        "def x(self, *a, b=Repo(), **k): return self",
        "class Repo(Repo): x = Repo",
        "x = repo.scm or x",
        "self.x = x",
    ),
    *(
        "with Repo() as (x, *repo): x.y",
        "for x.y, repo[0] in x: pass",
        "x(*x, **x)",
        "repo.push(x=1)",
        "x += repo",
    ),
    *(
        "try: x\nexcept (x, Repo) as repo: repo.z",
        "(x := repo).add()",
        "x = {**x, 'a': repo}['a']",
        "from os import *",
    ),
    *(
        "async def f():\n async for x in f(): await x",
        "isinstance(x.y, (Repo, x))",
        "getattr(x, 'y')",
        "x: 'Repo|x' = x",
    ),
    *(
        "match x:\n case Repo(a=repo): repo.b\n case {'a': x, **repo}: pass",
        "@x\n@x.setter\ndef x(): yield x",
    ),
    *(
        "super().x()",
        "x = lambda x=x: (yield x)",
        "global x",
        "x.append(x)",
        "x[x] = x",
        "x = vars()['x'](x)",
    ),
]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(code=st.lists(st.sampled_from(_PIECES), max_size=25).map("".join) | st.text(max_size=40))
def test_check_static_on_any_text_then_never_raises(code: str, check: Check) -> None:
    assert [one.name for one in check(code, source=code).checks] == LADDER


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(statements=st.lists(st.sampled_from(_STATEMENTS), max_size=12))
def test_check_static_on_any_program_then_never_raises(statements: list[str], check: Check) -> None:
    code = "\n".join(statements)
    report = check(code, source=code)
    assert [one.name for one in report.checks] == LADDER
    assert named(report, "nothing-dangerous").outcome in ("pass", "skipped")


def _modules_of_dvc() -> list[Path]:
    spec = find_spec("dvc")
    assert spec is not None and spec.origin is not None
    return sorted((Path(spec.origin).parent / "repo").rglob("*.py"))


def test_check_calls_on_the_librarys_own_source_then_finds_no_invention(check: Check) -> None:
    """DVC calls DVC: whatever is found there is a mistake of the check."""
    found = []
    for path in _modules_of_dvc():
        code = path.read_text(encoding="utf-8")
        report = check(code, source=code)
        found += [f"{path.name}:{f.line}: {f.message}" for one in report.checks for f in one.findings]
    assert len(_modules_of_dvc()) > 50
    assert found == []


def test_check_static_when_the_program_grows_fourfold_then_the_work_does_too(check: Check) -> None:
    block = textwrap.dedent(HONEST["class"])

    def n_calls(n_blocks: int) -> int:
        code = "\n".join(block.replace("Store", f"Store{i}") for i in range(n_blocks))
        counted = 0

        def count(frame: object, event: str, argument: object) -> None:
            nonlocal counted
            counted += event == "call"

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            assert check(code, source=code).ok
        finally:
            sys.setprofile(before)
        return counted

    n_calls(1)
    assert n_calls(40) < 5 * n_calls(10)
