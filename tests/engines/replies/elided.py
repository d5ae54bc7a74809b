"""Programs with parts left out: those that can be put back for certain, and those that cannot."""

from __future__ import annotations

from .case import SOURCE, TRANSLATED, ReplyCase, fenced

_MAIN = TRANSLATED.index("if __name__")
_CLASS = TRANSLATED.index("class Publisher")
_PUSH = TRANSLATED.index("    def push")
_ADD = TRANSLATED.index("    def add")
# What is put back is the source's: a part that still uses the old library comes back as it was.
_OLD_ADD = SOURCE[SOURCE.index("    def add") : SOURCE.index("    def push")]
_NEW_ADD = TRANSLATED[_ADD:_PUSH]
_LONG = '''\
import git


def report(repo):
    """Tells."""
    total = 0
    for commit in repo.iter_commits():
        total += 1
        if total > 10:
            break
    try:
        name = repo.active_branch.name
        print(name)
    except TypeError:
        name = "none"
    return total, name
'''


def _merged(name: str, reply: str, code: str, source: str = SOURCE) -> ReplyCase:
    return ReplyCase("elision", name, reply, "merged", code, source)


def _undecided(name: str, reply: str, source: str = SOURCE) -> ReplyCase:
    return ReplyCase("elision that cannot be decided", name, reply, "repaired", source=source)


ELIDED = [
    _merged("main left out", fenced(f"{TRANSLATED[:_MAIN]}# ... rest unchanged\n"), TRANSLATED),
    _merged("main left out by dots", fenced(f"{TRANSLATED[:_MAIN]}...\n"), TRANSLATED),
    _merged(
        "main left out in words",
        fenced(f"{TRANSLATED[:_MAIN]}# The rest of the code remains unchanged ...\n"),
        TRANSLATED,
    ),
    _merged(
        "main left out in brackets", fenced(f"{TRANSLATED[:_MAIN]}# [... existing code ...]\n"), TRANSLATED
    ),
    _merged(
        "method left out between methods",
        fenced(TRANSLATED.replace(_NEW_ADD, "    # ... existing methods ...\n\n")),
        TRANSLATED.replace(_NEW_ADD.rstrip("\n"), _OLD_ADD.rstrip("\n")),
    ),
    _merged(
        "body of a method left out",
        fenced(TRANSLATED.replace(_NEW_ADD[_NEW_ADD.index("        #") :], "        # ... unchanged\n\n")),
        TRANSLATED.replace(_NEW_ADD.rstrip("\n"), _OLD_ADD.rstrip("\n")),
    ),
    _merged(
        "body of a method left out behind pass",
        fenced(TRANSLATED.replace(_NEW_ADD[_NEW_ADD.index("        #") :], "        pass  # unchanged\n\n")),
        TRANSLATED.replace(_NEW_ADD.rstrip("\n"), _OLD_ADD.rstrip("\n")),
    ),
    _merged(
        "beginning of a method left out",
        fenced(
            TRANSLATED.replace(
                "        # only what is there\n        there = [path for path in paths if os.path.exists(path)]\n",
                "        # ... existing code ...\n",
            )
        ),
        TRANSLATED,
    ),
    _merged(
        "end of a method left out",
        fenced(
            TRANSLATED.replace('        print(f"added {len(there)}")\n', "        # rest unchanged ...\n")
        ),
        TRANSLATED,
    ),
    _merged(
        "middle of a method left out",
        fenced(
            TRANSLATED.replace(
                "        there = [path for path in paths if os.path.exists(path)]\n        self.repo.add(there)\n",
                "        there = [path for path in paths if os.path.exists(path)]\n        self.repo.add(there)\n"
                "        # ... existing code ...\n",
            ).replace('        print(f"added {len(there)}")\n', "")
        ),
        TRANSLATED,
    ),
    _merged(
        "imports and constants left out",
        fenced("# ... existing imports ...\n\n\n" + TRANSLATED[TRANSLATED.index("def opened") :]),
        SOURCE[: SOURCE.index("\n\n\ndef opened")] + "\n\n\n" + TRANSLATED[TRANSLATED.index("def opened") :],
    ),
    _merged(
        "all but one function left out",
        fenced(
            '# ... rest unchanged\n\n\ndef opened(path: str) -> Repo:\n    """Open it."""\n    return Repo(path)\n\n\n# ... rest unchanged\n'
        ),
        SOURCE.replace(
            'def opened(path: str) -> git.Repo:\n    """Open it."""\n    return git.Repo(path)',
            'def opened(path: str) -> Repo:\n    """Open it."""\n    return Repo(path)',
        ),
    ),
    _merged(
        "class body left out",
        fenced(TRANSLATED[:_CLASS] + "class Publisher:\n    # ... unchanged ...\n\n\n" + TRANSLATED[_MAIN:]),
        # What is put back needs the import that the reply has replaced.
        TRANSLATED[:_CLASS].replace("import Repo\n", "import Repo\nimport git\n")
        + SOURCE[SOURCE.index("class Publisher") : SOURCE.index("if __name__")]
        + TRANSLATED[_MAIN:],
    ),
    _merged("nothing is left out at the mark", fenced(f"{TRANSLATED}# ... rest unchanged\n"), TRANSLATED),
    _merged(
        "body of a loop left out",
        fenced(
            _LONG.replace(
                "        total += 1\n        if total > 10:\n            break\n",
                "        # ... same as before ...\n",
            )
        ),
        _LONG,
        _LONG,
    ),
    _merged(
        "body of a handler left out",
        fenced(_LONG.replace('        name = "none"\n', "        # existing code\n")),
        _LONG,
        _LONG,
    ),
    _undecided(
        "new statement before the mark",
        fenced("def report(repo):\n    log(repo)\n    # ... rest unchanged\n"),
        _LONG,
    ),
    _undecided(
        "new statement after the mark",
        fenced("import dvc\n\n\ndef report(repo):\n    # ... existing code\n    finish()\n"),
        _LONG,
    ),
    _undecided(
        "body of a new function", fenced(f"{TRANSLATED}\n\ndef helper():\n    # ... existing code ...\n")
    ),
    _undecided(
        "mark in a call",
        fenced("publish(\n    1,\n    # ... remaining arguments ...\n)\n" + "x = [\n    # ...\n"),
    ),
    _merged(
        "mark below a mark", fenced("import git\n# ... rest unchanged\n# ... rest unchanged\n"), _LONG, _LONG
    ),
    _undecided(
        "order is another",
        fenced(
            f"{TRANSLATED[_CLASS:_MAIN]}\n# ... existing code ...\n\n\ndef opened(path):\n    return Repo(path)\n"
        ),
    ),
    _undecided(
        "what is left out would stand there twice",
        fenced(f"# ... existing code ...\n\n\n{TRANSLATED[_MAIN:]}\n\nclass Publisher:\n    pass\n"),
    ),
]
