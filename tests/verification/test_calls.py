"""Rung 3 on the real API of DVC: inventions are named with their line, honest programs are not."""

from __future__ import annotations

import textwrap

import pytest

from .conftest import Check
from .programs import HONEST, HONEST_SOURCE
from .reports import lines, named, text

HEAD = "from dvc.repo import Repo\nfrom scmrepo.git import Git\nimport dvc.api\n"
"""Three lines: the first line of a case is line 4."""

INVENTED = {
    "method": ('repo = Repo(".")\nrepo.add_remote_storage("s3", "s3://b")', 5, "add_remote_storage"),
    "keyword": ('repo = Repo(".")\nrepo.push(branch="main")', 5, "'branch'"),
    "keyword of constructor": ('Repo(path=".")', 4, "'path'"),
    "keyword of classmethod": ('Git.init("x", initial_branch="main")', 4, "'initial_branch'"),
    "keyword of function": ('dvc.api.read("f", revision="HEAD")', 4, "did you mean 'rev'"),
    "function": ('dvc.api.commit("m")', 4, "did you mean 'all_commits'"),
    "imported function": ("from dvc.api import commit", 4, "'commit'"),
    "imported class": ("from dvc.repo import Repository", 4, "did you mean 'Repo'"),
    "imported exception": ("from dvc.exceptions import DvcRepoError", 4, "did you mean 'NotDvcRepoError'"),
    "module": ("import dvc.client", 4, "no module dvc.client"),
    "module by from": ("from dvc.remotes import Remote", 4, "no module dvc.remotes"),
    "exception by attribute": (
        "import dvc.exceptions\ntry:\n    pass\nexcept dvc.exceptions.RepoError:\n    pass",
        7,
        "RepoError",
    ),
    "method in with": ('with Repo(".") as r:\n    r.create_tag("v1")', 5, "did you mean 'scm.tag'"),
    "method of attribute": ('Repo(".").scm.create_remote("o", "u")', 4, "Git has no method 'create_remote'"),
    "method of alias": ('g = Repo(".").scm\ng.iter_commits("main")', 5, "iter_commits"),
    "old attribute": ('repo = Repo(".")\nrepo.remotes.origin.push()', 5, "'remotes'"),
    "old method of index": ('repo = Repo(".")\nrepo.index.add(["f"])', 5, "Index has no method"),
    "author of commit": ('Repo(".").scm.commit("m", author="me")', 4, "it takes msg, no_verify"),
    "too many positional": ('Git(".").tag("v1", "HEAD", True, "m", "x")', 4, "at most 4"),
    "missing argument": ('Repo(".").add()', 4, "'targets'"),
    "argument twice": ('Repo(".").add("a", targets="b")', 4, "twice"),
    "method called on class": ('Repo.add("data.csv")', 4, "'targets'"),
    "method taken for property": ('print(Git(".").active_branch.name)', 4, "call it first"),
    "string taken for object": ('print(Git(".").active_branch().name)', 4, "str has no attribute 'name'"),
    "property called": ('Repo(".").root_dir()', 4, "not a function"),
    "object called": ('Repo(".").scm()', 4, "not a function"),
    "attribute of result": ('Git(".").resolve_commit("HEAD").tree', 4, "GitCommit has no attribute 'tree'"),
    "element of result": ('for stage in Repo(".").add("f"):\n    stage.hexsha', 5, "dvc.stage.Stage"),
    "in a comprehension": ('[s.size for s in Repo(".").add("f")]', 4, "'size'"),
    "in a dict": ('rs = {}\nrs["a"] = Repo("a")\nfor n, r in rs.items():\n    r.heads', 7, "'heads'"),
    "in a list": ("rs = []\nrs.append(Repo())\nrs[0].log()", 6, "'log'"),
    "parameter from caller": ('def f(r, x):\n    r.stage_file(x)\nf(Repo("."), "x")', 5, "stage_file"),
    "parameter with annotation": ('def f(r: "Repo"):\n    r.lfs("install")', 5, "'lfs'"),
    "optional parameter": ("def f(r: Repo | None = None):\n    r.lfs()", 5, "'lfs'"),
    "default by or": ("def f(r=None):\n    r = r or Repo()\n    r.stash()", 6, "scm.stash"),
    "result of own function": ('def f():\n    return Repo(".")\nf().clone("x")', 6, "'clone'"),
    "own attribute": (
        'class A:\n    def __init__(self):\n        self.r = Repo(".")\n    def go(self):\n        self.r.tag("v")',
        8,
        "scm.tag",
    ),
    "own property": (
        "class A:\n    @property\n    def r(self):\n        return Repo()\n    def f(self):\n        self.r.log()",
        9,
        "'log'",
    ),
    "own subclass": ("class A(Repo):\n    def go(self):\n        self.no_such()", 6, "'no_such'"),
    "own subclass with a mixin": ("class M: pass\nclass A(M, Repo): pass\nA().no_such()", 6, "'no_such'"),
    "super": ("class A(Repo):\n    def go(self):\n        super().no_such()", 6, "'no_such'"),
    "global": (
        "r: Repo | None = None\ndef f():\n    global r\n    r = Repo()\ndef g():\n    r.heads",
        9,
        "'heads'",
    ),
    "walrus": ("if r := Repo():\n    r.commit_all()", 5, "commit_all"),
    "lambda": ("r = Repo()\nf = lambda: r.lfs()", 5, "'lfs'"),
    "conditional": ('r = Repo("a") if 1 else Repo("b")\nr.log()', 5, "'log'"),
    "getattr with literal": ('r = Repo()\ngetattr(r, "track_lfs")("*.bin")', 5, "track_lfs"),
    "behind an except": ("try:\n    Repo().stage_all()\nexcept Exception:\n    pass", 5, "stage_all"),
    "own context manager": (
        "import contextlib\n@contextlib.contextmanager\ndef f():\n    yield Repo()\nwith f() as r:\n    r.log()",
        9,
        "'log'",
    ),
    "never imported": ("DVCFileSystem()", 4, "'DVCFileSystem' is not defined"),
}


@pytest.mark.parametrize("case", INVENTED)
def test_check_calls_when_something_is_invented_then_names_it_with_its_line(case: str, check: Check) -> None:
    code, line, said = INVENTED[case]
    found = named(check(HEAD + code + "\n"), "calls-exist")
    assert found.outcome == "fail"
    assert lines(found) == {line}
    assert said in text(found)


@pytest.mark.parametrize("case", HONEST)
def test_check_static_when_the_program_is_honest_then_finds_nothing(case: str, check: Check) -> None:
    report = check(textwrap.dedent(HONEST[case]), source=HONEST_SOURCE)
    assert report.ok, str(report)
    assert not [finding for one in report.checks for finding in one.findings]


@pytest.mark.parametrize("case", HONEST)
def test_check_calls_when_an_honest_program_gets_one_invention_then_fails(case: str, check: Check) -> None:
    code = textwrap.dedent(HONEST[case]) + "\nimport dvc.repo as _added\n_added.Repo().no_such_method()\n"
    found = named(check(code, source="import git\nimport os\nimport argparse\n"), "calls-exist")
    assert lines(found) == {code.count("\n")}


def test_check_calls_when_types_are_unknown_then_counts_them_and_finds_nothing(check: Check) -> None:
    code = "from dvc.repo import Repo\nRepo().push()\n\ndef f(thing):\n    thing.anything(at=1)\n"
    found = named(check(code), "calls-exist")
    assert found.outcome == "pass"
    assert "2 calls on dvc" in found.reason
    assert "1 of unknown type" in found.reason


def test_check_calls_when_arguments_are_starred_then_binds_loosely(check: Check) -> None:
    code = "from dvc.repo import Repo\ndef f(*a, **k):\n    Repo().add(*a)\n    Repo().add(**k)\n"
    assert check(code).ok


def test_check_calls_when_starred_call_has_a_wrong_keyword_then_names_it(check: Check) -> None:
    code = "from dvc.repo import Repo\ndef f(**k):\n    Repo().push(branch=1, **k)\n"
    assert lines(named(check(code), "calls-exist")) == {3}


def test_check_calls_when_an_import_has_a_fallback_that_exists_then_passes(check: Check) -> None:
    code = "try:\n    from dvc.repo import Repository as R\nexcept ImportError:\n    from dvc.repo import Repo as R\n"
    assert check(code + "R()\n").ok


def test_check_calls_when_no_fallback_exists_then_fails(check: Check) -> None:
    code = "try:\n    from dvc.repo import Repository as R\nexcept ImportError:\n    R = None\n"
    assert lines(named(check(code), "calls-exist")) == {2}


def test_check_calls_when_the_program_asks_with_hasattr_then_does_not_judge(check: Check) -> None:
    assert check('from dvc.repo import Repo\nr = Repo()\nif hasattr(r, "log"):\n    r.log()\n').ok


def test_check_calls_when_isinstance_narrows_then_believes_it(check: Check) -> None:
    code = (
        "from scmrepo.base import Base\nfrom scmrepo.git import Git\n\n"
        "def f(scm: Base):\n    if isinstance(scm, Git):\n        return scm.resolve_commit('HEAD')\n"
    )
    assert check(code).ok
    without = code.replace("    if isinstance(scm, Git):\n    ", "")
    assert lines(named(check(without), "calls-exist")) == {5}


def test_check_calls_when_an_undefined_name_was_undefined_before_then_is_silent(check: Check) -> None:
    assert check("display(1)\n", source="import git\ndisplay(git)\n").ok
    assert not check("display(1)\n", source="import git\n").ok
