"""Git's objects, read by one ``git cat-file`` process per repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import IO

from .commit_names import Commit

# Neither hooks nor a file-system monitor have a say in what is read.
GIT = ("git", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "--no-optional-locks")
_PERSON = re.compile(rb"^(.*) (-?\d+) ([+-]\d{4})$")


def git(where: Path, *words: str, strict: bool = True) -> str:
    """Output of a git command; "" when it fails and need not succeed."""
    done = subprocess.run(
        [*GIT, *words], cwd=where, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode and strict:
        complaint = done.stderr.decode(errors="replace").strip()
        raise RuntimeError(f"git {' '.join(words)} in {where}: {complaint}")
    return "" if done.returncode else done.stdout.decode(errors="surrogateescape")


class Objects:
    """The objects of one repository.

    Args:
        where: Its working tree, or the repository itself when it is bare.
    """

    def __init__(self, where: Path) -> None:
        self.where = where
        self._process: subprocess.Popen[bytes] | None = None
        self._trees: dict[str, tuple[tuple[str, str, str], ...]] = {}

    def kinds(self) -> dict[str, str]:
        """Type of every object that is there, reachable or not."""
        listing = git(
            self.where, "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)"
        )
        pairs = ((line[:40], line[41:]) for line in listing.splitlines())
        return dict(pairs)

    def read(self, sha: str) -> bytes | None:
        """Content of an object, None when it is missing."""
        if self._process is None:
            self._process = subprocess.Popen(
                [*GIT, "cat-file", "--batch"],
                cwd=self.where,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        ask, answer = self._pipes(self._process)
        ask.write(sha.encode() + b"\n")
        ask.flush()
        head = answer.readline().split()
        if len(head) != 3:
            return None
        content = answer.read(int(head[2]))
        answer.read(1)
        return content

    @staticmethod
    def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("git cat-file has no pipes")
        return process.stdin, process.stdout

    def commit(self, sha: str) -> Commit | None:
        """A commit, None when it is missing."""
        raw = self.read(sha)
        if raw is None:
            return None
        head, _, message = raw.partition(b"\n\n")
        fields: dict[str, list[bytes]] = {}
        for line in head.split(b"\n"):
            key, _, value = line.partition(b" ")
            fields.setdefault(key.decode(errors="replace"), []).append(value)
        author, made = _person(fields.get("author", [b""])[0])
        committer, committed = _person(fields.get("committer", [b""])[0])
        return Commit(
            sha=sha,
            tree=fields.get("tree", [b""])[0].decode(),
            parents=tuple(parent.decode() for parent in fields.get("parent", [])),
            author=author,
            committer=committer,
            times=(made, committed),
            message=message.decode(errors="backslashreplace"),
        )

    def tag(self, sha: str) -> tuple[str, str] | None:
        """Tagger and message of an annotated tag, None when it is missing."""
        raw = self.read(sha)
        if raw is None:
            return None
        head, _, message = raw.partition(b"\n\n")
        taggers = [line[7:] for line in head.split(b"\n") if line.startswith(b"tagger ")]
        tagger = _person(taggers[0])[0] if taggers else ""
        return tagger, message.decode(errors="backslashreplace")

    def files(self, tree: str) -> dict[str, tuple[str, str]]:
        """Mode and id of every file below a tree, by path."""
        found: dict[str, tuple[str, str]] = {}
        stack = [("", tree)]
        while stack:
            prefix, sha = stack.pop()
            for mode, name, child in self._entries(sha):
                if mode == "40000":
                    stack.append((f"{prefix}{name}/", child))
                else:
                    found[prefix + name] = (mode, child)
        return found

    def _entries(self, tree: str) -> tuple[tuple[str, str, str], ...]:
        if tree not in self._trees:
            raw, entries = self.read(tree) or b"", []
            while raw:
                head, _, rest = raw.partition(b"\0")
                mode, _, name = head.partition(b" ")
                entries.append((mode.decode(), name.decode(errors="surrogateescape"), rest[:20].hex()))
                raw = rest[20:]
            self._trees[tree] = tuple(entries)
        return self._trees[tree]

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            for pipe in self._pipes(self._process):
                pipe.close()
            self._process.wait()


def _person(text: bytes) -> tuple[str, int]:
    """Name with address, and Unix time."""
    found = _PERSON.match(text)
    if found is None:
        return text.decode(errors="backslashreplace"), 0
    return found[1].decode(errors="backslashreplace"), int(found[2])
