"""What words of version control and experiment tracking mean, in plain English.

The offline engine has read no books: this table is all that it knows of the field. It says in other words
what a verb or a noun of any such tool stands for, so that ``Head.checkout`` and "switch the working files to
a branch" find each other. It names no library, no symbol of one, and no pairs: that is the rules' part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        # verbs of version control
        "add": "track files, put files under version control",
        "commit": "record staged changes as a new version with a message",
        "tag": "name a version, mark a release",
        "checkout": "switch the working files to a branch or version",
        "switch": "switch the working files to a branch or version",
        "push": "upload to a remote",
        "pull": "download from a remote and update the working files",
        "fetch": "download from a remote without changing the working files",
        "clone": "copy a repository from a remote address into a new folder",
        "init": "create a new repository in a folder",
        "open": "open an existing repository or file",
        "status": "show which files changed since the last version",
        "diff": "compare two versions, list changed files",
        "log": "history, list the versions",
        "merge": "join another branch into the current one",
        "rebase": "replay versions on another branch",
        "reset": "undo changes, go back to a version",
        "revert": "undo a version",
        "restore": "undo changes of working files",
        "stash": "put unfinished changes aside",
        "move": "rename a tracked file",
        "mv": "rename a tracked file",
        "remove": "stop tracking, delete",
        "rm": "stop tracking, delete a tracked file",
        "delete": "remove",
        "gc": "collect garbage, free unused storage",
        "clean": "delete files that are not tracked",
        "blame": "which version last changed each line",
        "describe": "name a version by its nearest tag",
        "show": "content of a file or version",
        "archive": "export the files of a version",
        "install": "set up hooks or filters in a repository",
        "track": "put large data files under version control",
        "untrack": "stop tracking a file",
        "lfs": "large files, data files kept outside the repository",
        "prune": "remove what is no longer used",
        "create": "make a new one",
        "iter": "list all, one after another",
        "list": "list",
        "read": "content of a file",
        "set": "change a setting",
        # nouns of version control
        "branch": "branch, line of development",
        "branches": "list of branches",
        "head": "branch, line of development, current version",
        "heads": "list of branches",
        "tags": "list of tags, named versions",
        "commits": "revisions, history of a branch",
        "remote": "remote storage, server",
        "remotes": "list of remotes, remote storage",
        "index": "staging area",
        "ref": "reference, branch or tag",
        "refs": "references, branches and tags",
        "rev": "revision, version",
        "hexsha": "hash that identifies a revision",
        "sha": "hash that identifies a version",
        "dirty": "files changed since the last version",
        "untracked": "files not under version control",
        "ignored": "files excluded from version control",
        "tree": "files and folders of a version",
        "blob": "content of a file at a version",
        "stream": "content",
        "submodule": "repository inside another one, imported dependency",
        "submodules": "repositories inside another one, imported dependencies",
        "config": "settings of the repository",
        "hook": "program run on an event",
        "active": "current",
        "working": "root folder of the working files",
        "parents": "previous versions",
        "author": "who made a version",
        "message": "text that describes a version",
        "url": "address",
        # experiment tracking
        "run": "one experiment",
        "experiment": "one experiment, a group of runs",
        "metric": "measured value of an experiment",
        "metrics": "measured values of an experiment",
        "param": "parameter, input value of an experiment",
        "params": "parameters, input values of an experiment",
        "artifact": "file kept with an experiment",
        "trial": "one try of an optimization",
    }
)

EXPANSIONS: Mapping[str, str] = MappingProxyType(
    {
        "repo": "repository",
        "init": "initialize",
        "ref": "reference",
        "refs": "references",
        "rev": "revision",
        "dir": "directory",
        "cmd": "command",
        "iter": "list",
        "head": "branch",
        "heads": "branches",
        "msg": "message",
        "param": "parameter",
        "params": "parameters",
        "lfs": "large files",
        "hexsha": "hash",
        "config": "configuration",
        "env": "environment",
        "exp": "experiment",
        "del": "delete",
        "gen": "generate",
    }
)
"""Short forms and jargon in identifiers, written out."""

CLASS_MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "commit": "a version, a revision",
        "tag": "a named version",
        "run": "an experiment",
        "stash": "changes put aside",
        "diff": "changed files",
        "log": "history",
    }
)
"""What words mean in the name of a class, where they name a thing and not what is done."""

_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


def split_identifier(name: str) -> list[str]:
    """The words of an identifier, in lower case: ``createTag_v2`` gives create, tag, v, 2."""
    return [word.lower() for word in _PART.findall(name)]


def spelled_out(words: Iterable[str]) -> str:
    """Words with their short forms written out."""
    return " ".join(EXPANSIONS.get(word, word) for word in words)


def meanings(words: Iterable[str], *, of_class: Iterable[str] = ()) -> list[str]:
    """What words stand for, as far as the tables know.

    Args:
        words: Of a function, an attribute or a command.
        of_class: Of the class that it belongs to.

    Returns:
        The meanings in the order of the words, each once.
    """
    found = [MEANINGS[word] for word in words if word in MEANINGS]
    found += [
        {**MEANINGS, **CLASS_MEANINGS}[word] for word in of_class if word in {**MEANINGS, **CLASS_MEANINGS}
    ]
    return list(dict.fromkeys(found))
