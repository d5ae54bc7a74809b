"""Mistakes that a translation could have made: each turns a right translation into a wrong one.

A mistake is made in the program's own calls: its syntax tree is rewritten so that every call that could be the one
goes through `_mistaken`, which sees at run time what it was called on. Where the program turns out to make no such
call, the same mistake is made when it ends, on a repository that it worked on. Which of the two it was is said on
standard error, which is not compared.
"""

from __future__ import annotations

import ast
from textwrap import dedent

MARK = "MISTAKE MADE BY"
# Names of the calls that each mistake is made in.
_CALLS = {
    "dropped commit": {"commit"},
    "wrong tag": {"tag", "create_tag"},
    "data left in git": {"add"},
    "missing push": {"push", "push_refspecs"},
    "wrong file": {"write", "write_text", "write_bytes"},
}

# Runs before the program. `_kind(thing)` is what a call is made on, `_told` notes that the mistake was made.
_COMMON = '''
import atexit as _atexit, os as _os, subprocess as _subprocess, sys as _sys
_work, _made = _os.getcwd(), []


def _told(how):
    if how not in _made:
        _made.append(how)
        print("MARK", how, file=_sys.stderr, flush=True)


def _kind(thing):
    """Modules of the libraries: dvc.repo.Repo -> "dvc", scmrepo's Git -> "scm", GitPython's own -> "git"."""
    root = type(thing).__module__.partition(".")[0]
    return {"scmrepo": "scm"}.get(root, root)


def _git(*words, cwd=None, text=""):
    found = _subprocess.run(["git", *words], cwd=cwd or _repository(), input=text, capture_output=True, text=True)
    return found.stdout.strip() if found.returncode == 0 else ""


def _repository():
    """Where the program works: work/, else a repository below it, else the remote."""
    below = sorted(each for each in _os.listdir(_work) if _os.path.exists(_os.path.join(_work, each, ".git")))
    places = [_work, *(_os.path.join(_work, each) for each in below)]
    for place in places:
        if _os.path.exists(_os.path.join(place, ".git")):
            return place
    return _os.path.join(_os.path.dirname(_work), "origin.git")


def _stray(file="", text="", *, parent="HEAD"):
    """Id of a commit that nobody asked for, with one more or one other file."""
    tree = _git("rev-parse", "--verify", "--quiet", parent + "^{tree}") or _git("mktree")
    before = _git("rev-parse", "--verify", "--quiet", parent)
    if file:
        blob = _git("hash-object", "-w", "--stdin", text=text)
        env = {**_os.environ, "GIT_INDEX_FILE": _os.path.join(_os.environ["HOME"], "stray-index")}
        for words in (["read-tree", tree], ["update-index", "--add", "--cacheinfo", "100644," + blob + "," + file]):
            _subprocess.run(["git", *words], cwd=_repository(), env=env, capture_output=True)
        done = _subprocess.run(["git", "write-tree"], cwd=_repository(), env=env, capture_output=True, text=True)
        tree = done.stdout.strip()
    return _git("commit-tree", tree, *(["-p", before] if before else []), "-m", "Stray")


def _origin():
    return _os.path.join(_os.path.dirname(_work), "origin.git")


def _mistaken(name, thing, *args, **keywords):
    return _in_call(name, thing, args, keywords, lambda *a, **k: getattr(thing, name)(*a, **k))


def _in_the_end():
    if not _made:
        _at_end()
        _told("an addition at the end")


_atexit.register(_in_the_end)
'''

_DROPPED_COMMIT = """
def _in_call(name, thing, args, keywords, call):
    if name == "commit" and _kind(thing) in {"scm", "git"}:
        _told("a call")
        return thing.repo.head.commit if hasattr(thing, "repo") else ""
    return call(*args, **keywords)


def _at_end():
    before = _git("rev-parse", "--verify", "--quiet", "HEAD~1")
    if before and _git("rev-parse", "--is-bare-repository") == "false":
        _git("reset", "--soft", "HEAD~1")
    else:
        _git("update-ref", "HEAD", before or _stray())
"""

_WRONG_TAG = """
def _in_call(name, thing, args, keywords, call):
    if name in {"tag", "create_tag"} and _kind(thing) in {"scm", "git"} and (args or keywords.keys() & {"tag", "path"}):
        names = [each for each in args if isinstance(each, str) and not each.startswith("-")]
        if names or keywords:
            _told("a call")
        args = tuple(each + "-wrong" if names and each is names[0] else each for each in args)
        keywords = {key: each + "-wrong" if key in {"tag", "path"} else each for key, each in keywords.items()}
    return call(*args, **keywords)


def _at_end():
    _git("update-ref", "refs/tags/stray", _git("rev-parse", "--verify", "--quiet", "HEAD") or _stray())
"""

_DATA_LEFT_IN_GIT = """
def _in_call(name, thing, args, keywords, call):
    if name == "add" and _kind(thing) == "dvc" and args:
        targets = [args[0]] if isinstance(args[0], (str, _os.PathLike)) else list(args[0])
        _told("a call")
        thing.scm.add([_os.fspath(each) for each in targets], force=True)
        return []
    return call(*args, **keywords)


def _at_end():
    commit = _stray("data/left_in_git.bin", "0101")
    _git("update-ref", "HEAD", commit)
    if _git("rev-parse", "--is-bare-repository") == "false":
        _git("checkout", "HEAD", "--", "data/left_in_git.bin")
"""

_MISSING_PUSH = """
def _in_call(name, thing, args, keywords, call):
    if name in {"push", "push_refspecs"} and _kind(thing) in {"dvc", "scm", "git"}:
        _told("a call")
        return {"dvc": 0, "scm": None}.get(_kind(thing), [])
    return call(*args, **keywords)


def _at_end():
    there = _git("for-each-ref", "--count=1", "--format=%(refname)", "refs/heads", cwd=_origin())
    if there:
        _git("update-ref", "-d", there, cwd=_origin())
    else:
        tree = _git("mktree", cwd=_origin())
        _git("update-ref", "refs/heads/main", _git("commit-tree", tree, "-m", "Stray", cwd=_origin()), cwd=_origin())
"""

_WRONG_FILE = """
def _in_call(name, thing, args, keywords, call):
    is_stream = thing in (_sys.stdout, _sys.stderr) or type(thing).__module__ in {"io", "tempfile"}
    if name.startswith("write") and args and not is_stream and isinstance(args[0], (str, bytes)):
        _told("a call")
        args = (args[0] + (b"~" if isinstance(args[0], bytes) else "~"), *args[1:])
    return call(*args, **keywords)


def _at_end():
    place = _repository()
    names = _git("ls-files").splitlines()
    if _git("rev-parse", "--is-bare-repository") == "false":
        name = next((each for each in names if not each.endswith((".dvc", "ignore", ".gitattributes", "config"))), "x")
        with open(_os.path.join(place, name), "a") as file:
            file.write("~")
    else:
        _git("update-ref", "HEAD", _stray("wrong.txt", "~"))
"""

MUTATIONS = {
    "dropped commit": _DROPPED_COMMIT,
    "wrong tag": _WRONG_TAG,
    "data left in git": _DATA_LEFT_IN_GIT,
    "missing push": _MISSING_PUSH,
    "wrong file": _WRONG_FILE,
}


class _Wrapped(ast.NodeTransformer):
    """Sends every call of some names through `_mistaken`."""

    def __init__(self, names: set[str]) -> None:
        self._names = names

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        func = node.func
        if not isinstance(func, ast.Attribute) or func.attr not in self._names:
            return node
        if (
            isinstance(func.value, ast.Call)
            and isinstance(func.value.func, ast.Name)
            and func.value.func.id == "super"
        ):
            return node
        args = [ast.Constant(func.attr), func.value, *node.args]
        return ast.copy_location(ast.Call(ast.Name("_mistaken", ast.Load()), args, node.keywords), node)


def has_call(code: str, mutation: str) -> bool:
    """Whether a program has a call that looks like the one that a mistake is made in."""
    calls = (node.func for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    return any(isinstance(func, ast.Attribute) and func.attr in _CALLS[mutation] for func in calls)


def addition(mutation: str) -> str:
    """A program that makes a mistake where another one has ended."""
    return dedent(_COMMON).replace('"MARK"', repr(MARK)) + MUTATIONS[mutation]


def mutant(code: str, mutation: str) -> str:
    """The program with a mistake in its calls, or when it ends where they turn out to be none of that kind."""
    tree = _Wrapped(_CALLS[mutation]).visit(ast.parse(code))
    first = 0
    for number, node in enumerate(tree.body):
        is_docstring = number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_docstring or (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            first = number + 1
    tree.body[first:first] = ast.parse(addition(mutation)).body
    return ast.unparse(ast.fix_missing_locations(tree))


def made_by(stderr: str) -> str:
    """What made the mistake: ``a call`` or ``an addition at the end``; "" when the run never got there."""
    lines = [line for line in stderr.splitlines() if line.startswith(MARK)]
    return lines[0].removeprefix(MARK).strip() if lines else ""
