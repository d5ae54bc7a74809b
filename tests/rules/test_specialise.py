"""Copied functions become as short as the program needs them, and do the same."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any

import libcst as cst
import pytest

from doctranslate.rules.base import RuleSet
from doctranslate.rules.names import read_prelude
from doctranslate.rules.reraise import drop_reraising
from doctranslate.rules.specialise import specialise


def _code(text: str) -> str:
    return textwrap.dedent(text).strip("\n") + "\n"


def _specialised(copied: str, program: str, **options: Any) -> str:
    return specialise(cst.parse_module(_code(copied)), ast.parse(program), **options).code


def _body(body: str, parameters: str = "x=None", arguments: str = "") -> str:
    """A body after specialising for one call."""
    copied = f"def f({parameters}):\n{textwrap.indent(_code(body), '    ')}"
    new = specialise(cst.parse_module(copied), ast.parse(f"f({arguments})")).code
    head, _, rest = new.partition("\n")
    assert head == "def f():"
    return textwrap.dedent(rest)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return x is None", "return True"),
        ("return x is not None", "return False"),
        ("return not x", "return True"),
        ("return x or y", "return y"),
        ("return x and y", "return None"),
        ("return (x or y + 1) * 2", "return (y + 1) * 2"),
        ("return y or x", "return y or None"),
        ("return 1 if x else 2", "return 2"),
        ("return x in (None, y)", "return True"),
        ("return x not in (None, y)", "return False"),
        ("return x in (y(), None)", "return None in (y(), None)"),
        ("return x == 0, x != 0", "return False, True"),
        ("return g(a, *(x or ()), **({'b': x} if x else {}))", "return g(a)"),
        ("return [a, *(x or [])]", "return [a]"),
        ("if x:\n    a()\nb()", "b()"),
        ("if x is None:\n    a()  # why\nelse:\n    b()", "a()  # why"),
        ("if x:\n    a()\nelse:\n    # why\n    b()", "# why\nb()"),
        ("if x:\n    a()\nelif y:\n    b()\nelse:\n    c()", "if y:\n    b()\nelse:\n    c()"),
        ("if y:\n    a()\nelif x:\n    b()\nelse:\n    c()", "if y:\n    a()\nelse:\n    c()"),
        ("if y:\n    a()\nelif not x:\n    b()\nelse:\n    c()", "if y:\n    a()\nelse:\n    b()"),
        ("if y:\n    a()\nelif x:\n    b()", "if y:\n    a()"),
        ("if y and not x:\n    a()", "if y:\n    a()"),
        ("while (y or z) and x != 0:\n    a()", "while y or z:\n    a()"),
        ("while x:\n    a()\nb()", "b()"),
        ("if not x:\n    return a()\nb()", "return a()"),
        ("x = None if x is None else x - 1\nreturn x", "return None"),
        ("if x:\n    x -= 1\nreturn y", "return y"),
        ("kept, more = [], x\nreturn a(kept)", "kept = []\nreturn a(kept)"),
        ("unread = x\nreturn a()", "return a()"),
        ("unread = a(x)\nreturn b()", "unread = a(None)\nreturn b()"),
        ("if a():\n    unread = x\nreturn b()", "if a():\n    pass\nreturn b()"),
        ("if y:\n    unread = x\nreturn b()", "return b()"),
        ("y = a() if x else ()\nreturn z in y, b(y)", "return False, b(())"),
        ("y = x\nif z:\n    y = 1\nreturn y", "y = None\nif z:\n    y = 1\nreturn y"),
        ("y = x\nfor y in z:\n    a(y)", "y = None\nfor y in z:\n    a(y)"),
        ('return [f"a/{n}" for n in x or [b()]]', 'return [f"a/{b()}"]'),
        ('return [f"{c()}/{n}" for n in x or [b()]]', 'return [f"{c()}/{n}" for n in [b()]]'),
        ('return [f"a/{n}" for n in x or [b("c")]]', 'return [f"a/{n}" for n in [b("c")]]'),
    ],
)
def test_specialise_when_a_parameter_is_never_given_then_what_it_decides_is_folded(
    before: str, after: str
) -> None:
    assert _body(before).strip() == after


@pytest.mark.parametrize(
    ("parameters", "before", "after"),
    [
        ('x="a"', 'return f"{x}/b", f"{x}/{y}"', 'return "a/b", f"a/{y}"'),
        ("*x", "for each in x or [a()]:\n    b(each)", "for each in [a()]:\n    b(each)"),
        ("x=()", "return set(x), list(y)", "return set(), list(y)"),
        ("*x", "for each in x:\n    b(each)\nc()", "c()"),
        ("**x", "return g(1, **x)", "return g(1)"),
        ("*, x=False", "return g(1, x=x)", "return g(1, x=False)"),
    ],
)
def test_specialise_when_parameters_are_of_other_kinds_then_they_go_as_well(
    parameters: str, before: str, after: str
) -> None:
    assert _body(before, parameters).strip() == after


@pytest.mark.parametrize(
    ("copied", "program"),
    [
        ("def f(x=None):\n    return x\n", "f(1)\nf()"),
        ("def f(x=None):\n    return x\n", "f(x=1)"),
        ("def f(x=None):\n    return x\n", "f(*y)"),
        ("def f(x=None):\n    return x\n", "f(**y)"),
        ("def f(x=None):\n    return x\n", "g(f)"),
        ("def f(x=None):\n    x = y\n    return x\n", "f()"),
        ("def f(x=0):\n    x += 1\n    return x\n", "f()"),
        ("def f(x=0):\n    for x in y:\n        g(x)\n", "f()"),
        ("def f(x=0):\n    return lambda x: x\n", "f()"),
        ("def f(x=None):\n    if x:\n        yield x\n", "f()"),
        ("def f(x=None):\n    return [x for x in y]\n", "f()"),
        ("def f(x=None):\n    with y as x:\n        return x\n", "f()"),
        ("def f(x='a'):\n    return f'{g(x)}'\n", "f()"),
        ("def f(x=[]):\n    x.append(1)\n    return x\n", "f()"),
        ("def f(x=y):\n    return x\n", "f()"),
        ("def f(**x):\n    x['a'] = 1\n    return x\n", "f()"),
    ],
)
def test_specialise_when_a_value_may_differ_then_the_function_stays(copied: str, program: str) -> None:
    assert _specialised(copied, program) == copied


def test_specialise_when_a_branch_goes_then_what_only_it_called_goes_too() -> None:
    copied = """
    def f(deep=False):
        if deep:
            return g()
        return h(quiet=deep)


    def g():
        return h(quiet=True)


    def h(quiet=False):
        return 1 if quiet else 2
    """

    assert _specialised(copied, "f()") == _code("""
    def f():
        return h()


    def h():
        return 2
    """)


def test_specialise_when_copies_give_each_other_one_value_then_it_is_no_argument() -> None:
    copied = """
    def f(x):
        return [g(x, fast=True), g(1, fast=True)]


    def g(x, fast=False):
        return g(x - 1, fast=fast) if fast else x
    """

    assert _specialised(copied, "f(3)") == _code("""
    def f(x):
        return [g(x), g(1)]


    def g(x):
        return g(x - 1)
    """)


def test_specialise_when_the_program_gives_a_value_then_its_call_stays_right() -> None:
    copied = "def f(x, y=None, *, z=False):\n    return x, y, z\n"

    assert _specialised(copied, "f(1, z=True)\nf(2, z=True)") == (
        "def f(x, *, z=False):\n    return x, None, z\n"
    )


def test_specialise_when_a_method_takes_a_value_anyway_then_it_is_not_said() -> None:
    copied = "def f(a, force=False):\n    return a.go(1, force=force), a.stay(force=force)\n"

    new = _specialised(copied, "f(a)", defaults={"go": {"force": False}})

    assert new == "def f(a):\n    return a.go(1), a.stay(force=False)\n"


def test_specialise_when_done_again_then_changes_nothing(rules: RuleSet) -> None:
    prelude = read_prelude(rules.prelude_path)
    functions = [
        n for n, node in prelude.definitions.items() if isinstance(node, cst.FunctionDef | cst.ClassDef)
    ]
    copied = cst.parse_module("\n\n".join(prelude.code(name, {}) for name in functions))
    program = ast.parse("\n".join(f"{name}()" for name in functions))

    once = specialise(copied, program, defaults=prelude.defaults)

    assert len(once.code) < len(copied.code)
    assert specialise(once, program, defaults=prelude.defaults).code == once.code


def test_specialise_when_run_then_answers_and_effects_are_the_same() -> None:
    copied = _code("""
    def f(n, step=1, skip=0, limit=None, seen=None):
        note("start")
        while n > 0 and limit != 0:
            n -= step
            if skip:
                skip -= 1
                continue
            if seen is not None and note(n):
                return
            limit = None if limit is None else limit - 1
            yield n
        note("end")
    """)
    short = _specialised(copied, "f(4)")
    assert len(short.splitlines()) < len(copied.splitlines()) - 4
    results = []
    for code in (copied, short):
        notes: list[object] = []
        space: dict[str, Any] = {"note": notes.append}
        exec(code, space)
        results.append(([*space["f"](4)], notes))

    assert results[0] == results[1]


_OPENING = """
def f(x):
    try:
        found = g(x)
    except OneError as error:
        if not x:
            raise OtherError(x) from error
        raise ThirdError(str(error)) from error
    return found
"""


@pytest.mark.parametrize(
    ("program", "stays"),
    [
        ("f(1)", False),
        ("try:\n    f(1)\nexcept Exception:\n    pass", False),
        ("try:\n    f(1)\nexcept OtherError:\n    pass", True),
        ("try:\n    f(1)\nexcept module.ThirdError:\n    pass", True),
        ("with suppress(OneError):\n    f(1)", True),
    ],
)
def test_drop_reraising_when_the_program_tells_errors_apart_then_they_stay(program: str, stays: bool) -> None:
    copied = cst.parse_module(_code(_OPENING))

    new = drop_reraising(copied, ast.parse(program), {"OneError", "OtherError", "ThirdError"})

    assert new.code == (copied.code if stays else "def f(x):\n    found = g(x)\n    return found\n")


def test_drop_reraising_when_a_copy_handles_the_error_then_it_stays() -> None:
    handles = "\n\ndef h(x):\n    try:\n        f(x)\n    except ThirdError:\n        return 1\n"
    copied = cst.parse_module(_code(_OPENING) + handles)

    assert drop_reraising(copied, ast.parse("h(1)"), {"ThirdError"}).code == copied.code


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_defaults_of_the_prelude_are_those_of_the_methods(rules: RuleSet) -> None:
    from dvc.repo import Repo
    from git import IndexFile
    from scmrepo.git.backend.base import BaseGitBackend

    for method, keywords in read_prelude(rules.prelude_path).defaults.items():
        for keyword, value in keywords.items():
            found = [
                inspect.signature(getattr(owner, method)).parameters[keyword].default
                for owner in (BaseGitBackend, Repo, IndexFile)
                if keyword in inspect.signature(getattr(owner, method, lambda: None)).parameters
            ]
            assert found, method
            assert found == [value] * len(found), method
