"""Rung 4: what is added is reported, what the source did already is not."""

from __future__ import annotations

import pytest

from .conftest import Check
from .reports import lines, named, text

DANGEROUS = {
    "system": ('import os\nos.system("ls")', 2, "os.system can start a process"),
    "system by from": ('from os import system as s\ns("ls")', 2, "os.system"),
    "module alias": ("import subprocess as sp\nsp.run([])", 2, "subprocess.run"),
    "assigned alias": ('import os\no = os\no.system("x")', 3, "os.system"),
    "getattr of pieces": ('import os\ngetattr(os, "sys" + "tem")("x")', 2, "os.system"),
    "getattr of f-string": ("import os\ngetattr(os, f\"sys{'tem'}\")(0)", 2, "os.system"),
    "getattr at run time": ("import os\ndef f(n):\n    getattr(os, n)()", 3, "getattr(os, …)"),
    "globals": ('globals()["__builtins__"].eval("1")', 1, "builtins.eval"),
    "builtins item": ('__builtins__["exec"]("1")', 1, "builtins.exec"),
    "builtins attribute": ('__builtins__.eval("1")', 1, "builtins.eval"),
    "module dict": ('import os\nos.__dict__["system"]("x")', 2, "os.system"),
    "vars": ('import os\nvars(os)["system"]("x")', 2, "os.system"),
    "sys.modules": ('import sys\nsys.modules["os"].system("x")', 2, "os.system"),
    "import function": ('__import__("os").system("x")', 1, "os.system"),
    "import_module": ("import importlib\ndef f(n):\n    importlib.import_module(n)", 3, "import_module"),
    "eval": ('eval("1")', 1, "builtins.eval"),
    "exec by another name": ('f = exec\nf("x")', 2, "builtins.exec"),
    "decoded and run": ('import base64\nexec(base64.b64decode("eA=="))', 2, "builtins.exec"),
    "compile": ('compile("1", "f", "eval")', 1, "builtins.compile"),
    "pickle": ('import pickle\npickle.loads(b"")', 2, "pickle.loads"),
    "ctypes": ("import ctypes", 1, "ctypes"),
    "introspection": ("().__class__.__bases__", 1, "__bases__"),
    "requests": ('import requests\nrequests.get("u")', 2, "can reach the network"),
    "urlopen": ('from urllib.request import urlopen\nurlopen("u")', 2, "urllib.request.urlopen"),
    "socket": ("import socket", 1, "can reach the network"),
    "log handler": ('import logging.handlers as h\nh.HTTPHandler("h", "u")', 2, "HTTPHandler"),
    "rmtree": ('import shutil\nshutil.rmtree("d")', 2, "shutil.rmtree can delete"),
    "remove": ('import os\nos.remove("f")', 2, "os.remove"),
    "unlink of path": ('from pathlib import Path\n(Path("a") / "b").unlink()', 2, "pathlib.Path().unlink"),
    "unlink of anything": ("def f(p):\n    p.unlink()", 2, ".unlink"),
    "write outside": ('open("/etc/x", "w").write("x")', 1, "open('/etc/x', …)"),
    "write outside by path": ('from pathlib import Path\nPath("/etc/x").write_text("")', 2, "/etc/x"),
    "environment": ('import os\nos.environ["TOKEN"]', 2, "os.environ"),
    "getenv": ('import os\nos.getenv("TOKEN")', 2, "os.getenv"),
    "environment set": ('import os\nos.environ["GIT_SSH_COMMAND"] = "x"', 2, "os.environ"),
    "private key": ('open("/home/u/.ssh/id_rsa")', 1, "can read credentials"),
    "lambda": ("import os\nf = lambda c: os.popen(c)", 2, "os.popen"),
    "f-string": ("import os\nprint(f\"{os.system('x')}\")", 2, "os.system"),
    "decorator": ("import os\n@os.system\ndef f(): ...", 2, "os.system"),
    "handed on": ('import os\nlist(map(os.system, ["x"]))', 2, "os.system"),
    "class attribute": ('import os\nclass A:\n    run = os.system\nA.run("x")', 4, "os.system"),
    "star import": ('from os import *\nsystem("x")', 2, "os.system"),
    "through the library": ('from dvc.repo import os\nos.system("x")', 2, ".system"),
    "exec family": ('import os\nos.execv("/bin/sh", [])', 2, "os.execv"),
    "asyncio": ('import asyncio\nasyncio.create_subprocess_shell("x")', 2, "create_subprocess_shell"),
    "process pool": ("from concurrent.futures import ProcessPoolExecutor", 1, "can start a process"),
    "native git": ('from dvc.repo import Repo\nRepo().scm.gitpython.git.execute(["x"])', 2, ".git.execute"),
    "native git by a name": (
        'from dvc.repo import Repo\ng, n = Repo().scm.gitpython.git, 1\ng.execute(["x"])',
        3,
        ".git.execute",
    ),
    "new package": ("import pandas", 1, "new import of 'pandas'"),
    "new module of the program": ("from .secret import x", 1, "new import of '.secret'"),
    "in a branch": ("try:\n    import telnetlib\nexcept ImportError:\n    pass", 2, "telnetlib"),
}


@pytest.mark.parametrize("case", DANGEROUS)
def test_check_danger_when_the_translation_adds_it_then_names_line_and_reason(
    case: str, check: Check
) -> None:
    code, line, said = DANGEROUS[case]
    found = named(check(code + "\n"), "nothing-dangerous")
    assert found.outcome == "fail"
    assert line in lines(found)
    assert said in text(found)
    assert "source program" in text(found)


@pytest.mark.parametrize("case", DANGEROUS)
def test_check_danger_when_the_source_does_it_too_then_passes(case: str, check: Check) -> None:
    code = DANGEROUS[case][0] + "\n"
    assert named(check(code, source=code), "nothing-dangerous").outcome == "pass"


def test_check_danger_when_an_alias_changes_then_it_is_still_the_same_thing(check: Check) -> None:
    source = 'import subprocess\nsubprocess.run(["ls"])\n'
    report = check('from subprocess import run as start\nstart(["ls"])\n', source=source)
    assert named(report, "nothing-dangerous").outcome == "pass"


def test_check_danger_when_the_source_runs_git_by_an_alias_then_the_same_without_it_passes(
    check: Check,
) -> None:
    source = 'from left import Repo\nrepo = Repo()\ngit = repo.git\ngit.execute(["git", "gc"])\n'
    code = 'from dvc.repo import Repo\nrepo = Repo()\nrepo.scm.gitpython.repo.git.execute(["git", "gc"])\n'
    assert named(check(code, source=source), "nothing-dangerous").outcome == "pass"


def test_check_danger_when_what_the_source_calls_gets_something_new_then_fails(check: Check) -> None:
    source = 'import subprocess\nsubprocess.run(["ls"])\n'
    found = named(check(source + 'subprocess.run(["rm", "-r", "."])\n', source=source), "nothing-dangerous")
    assert lines(found) == {3}
    assert "the source program has no '-r'" in text(found)


def test_check_danger_when_another_name_does_the_same_then_fails(check: Check) -> None:
    found = named(
        check("import os\nos.unlink('f')\n", source="import os\nos.remove('f')\n"), "nothing-dangerous"
    )
    assert lines(found) == {2}


def test_check_danger_when_harmless_modules_are_added_then_passes(check: Check) -> None:
    code = "import os, fnmatch, posixpath, itertools, logging, contextlib, tempfile, heapq\nfrom pathlib import Path\n"
    code += 'print(os.path.join("a", "b"), Path("x").read_text(), getattr(logging, "INFO"))\nopen("out.txt", "w")\n'
    assert check(code).ok


def test_check_danger_when_a_name_is_the_programs_own_then_passes(check: Check) -> None:
    assert check("def eval(x):\n    return x\n\nclass os:\n    system = print\n\neval(1)\nos.system(1)\n").ok


def test_check_danger_when_the_source_cannot_be_read_then_allows_nothing(check: Check) -> None:
    assert not check("import os\nos.remove('f')\n", source="import os\nos.remove('f'\n").ok
