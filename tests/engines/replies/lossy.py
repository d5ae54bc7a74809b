"""Programs that parse, and from which something is gone: some say so in ways of their own, some say nothing."""

from __future__ import annotations

from .case import TRANSLATED, Expected, ReplyCase, fenced

_ADD = TRANSLATED.index("    def add")
_PUSH = TRANSLATED.index("    def push")
_MAIN = TRANSLATED.index("if __name__")
_HEAD = TRANSLATED[: TRANSLATED.index("REMOTE")].rstrip() + "\n"
_MIDDLE = TRANSLATED[TRANSLATED.index("REMOTE") : _MAIN].rstrip() + "\n"
_HELPERS = "from dvc.repo import Repo\n\n\ndef opened(path):\n    return Repo(path)\n"
_USER = "from helpers import opened\n" + TRANSLATED[TRANSLATED.index("class") :]
_LONG = '''\
import git

FILES = [
    "a.csv",
    "b.csv",
]
QUERY = """
select a
from b
"""


class Base:
    ...


@retry(times=3)
@logged
def load(path):
    """Load it."""
    repo = git.Repo(path)
    print(repo.active_branch.name)
    return repo


def save(repo):
    repo.git.add("x")
    repo.git.commit("-m", "x")
    repo.git.push()
    return True


def main():
    repo = load(".")
    try:
        save(repo)
    except ValueError as exc:
        print(exc)
    print(FILES, QUERY)


if __name__ == "__main__":
    main()
'''
_SAVE = """    repo.git.add("x")
    repo.git.commit("-m", "x")
    repo.git.push()
    return True
"""
_SETTER = """\
class A:
    @property
    def x(self):
        return self._x

    @x.setter
    def x(self, value):
        self._x = value
"""


def _case(kind: str, name: str, old: str, new: str, expected: Expected, source: str = _LONG) -> ReplyCase:
    code = source if expected == "merged" else ""
    return ReplyCase(kind, name, fenced(source.replace(old, new)), expected, code, source)


def _merged(name: str, old: str, new: str, source: str = _LONG) -> ReplyCase:
    return _case("elision in words of its own", name, old, new, "merged", source)


def _lost(name: str, old: str, new: str, source: str = _LONG) -> ReplyCase:
    return _case("loss without a word", name, old, new, "repaired", source)


LOSSY = [
    _merged("dots where the source has dots elsewhere", _SAVE, "    ...\n"),
    _merged("dots behind the colon", f"def save(repo):\n{_SAVE}", "def save(repo): ...\n"),
    _merged("class behind the colon", _SETTER[8:], " ...\n", _SETTER),
    _merged("NotImplementedError with a comment", _SAVE, "    raise NotImplementedError  # existing code\n"),
    _merged("a comment is the body", _SAVE, "    # implementation unchanged\n"),
    _merged(
        "comment and pass are the body", _SAVE, "    # same implementation as in the original\n    pass\n"
    ),
    _merged("no comment, but brackets", _SAVE, "    [existing code]\n"),
    _merged("comment of another language", _SAVE, "    // ... existing code ...\n"),
    _merged("one character of dots", _SAVE, "    …\n"),
    _merged("decorators", "@retry(times=3)\n@logged\n", "# ... decorators unchanged\n"),
    _merged("one of two decorators", "@logged\n", "# ... other decorators unchanged\n"),
    _merged("docstring of dots", '    """Load it."""\n', '    """..."""\n'),
    _merged(
        "omitted for brevity", _LONG[_LONG.index("def main") :], "# (remaining code omitted for brevity)\n"
    ),
    _merged("keep the rest", _LONG[_LONG.index("def main") :], "# Keep the rest of the file as is.\n"),
    _merged("rest of file in angles", _LONG[_LONG.index("def main") :], "# <rest of file>\n"),
    _merged("and so on", _LONG[_LONG.index("def main") :], "# etc.\n"),
    _merged("by name", f"def save(repo):\n{_SAVE}", "# save() is unchanged\n"),
    _merged("getter and setter", "        return self._x\n", "        # ... unchanged\n", _SETTER),
    _merged("try body", "        save(repo)\n", "        # same as before\n"),
    _lost("a body of pass", _SAVE, "    pass\n"),
    _lost("a body of NotImplementedError", _SAVE, "    raise NotImplementedError\n"),
    _lost("arguments of dots", '"-m", "x"', "..."),
    _lost("members of dots", '"b.csv",', "..."),
    _lost("members in words", '    "b.csv",\n', "    # ... existing entries ...\n"),
    _lost("lines of a text", "from b\n", "...\n"),
    _lost("lines of a text in words", "from b\n", "# ... rest unchanged\n"),
    _lost(
        "behind a statement",
        _LONG[_LONG.index("    return True") :],
        "    return True  # ... rest unchanged\n",
    ),
    _lost("the lines that start it", _LONG[_LONG.index("if __name__") :], ""),
    ReplyCase(
        "loss without a word",
        "all but one function",
        fenced(_LONG[_LONG.index("def save") : _LONG.index("def main")]),
        "repaired",
        source=_LONG,
    ),
    _lost("the rest of one function or of the file", _SAVE, '    repo.git.add("x")\n# ... rest unchanged\n'),
    _lost(
        "a function before a mark", _LONG[_LONG.index("@retry") :], "def main():\n    pass\n# ... unchanged\n"
    ),
    _lost(
        "a new first statement, then a mark",
        _SAVE,
        "    repo = Repo()\n    # ... rest of the function unchanged\n",
    ),
    ReplyCase(
        "loss without a word",
        "one method, with its indentation",
        fenced(TRANSLATED[_ADD:_PUSH]),
        "repaired",
    ),
    ReplyCase(
        "loss without a word",
        "a method is gone that is still used",
        fenced(
            TRANSLATED.replace("def push", "def send").replace("self.repo.add(there)", "self.push(there)")
        ),
        "repaired",
    ),
    ReplyCase(
        "several blocks",
        "imports, class and main apart",
        f"Imports:\n{fenced(_HEAD)}\nThe rest:\n{fenced(_MIDDLE)}\nand\n{fenced(TRANSLATED[_MAIN:])}",
        "accepted",
        f"{_HEAD}\n{_MIDDLE}\n{TRANSLATED[_MAIN:]}",
    ),
    ReplyCase(
        "several blocks",
        "two files",
        f"`helpers.py`:\n{fenced(_HELPERS)}\n`main.py`:\n{fenced(_USER)}",
        "repaired",
    ),
]
