#!/usr/bin/env python3
"""Release notes from conventional commits."""
import argparse
import logging
import re
import sys
from collections import OrderedDict, defaultdict

import git
from git import Repo
from git.exc import GitCommandError, InvalidGitRepositoryError

log = logging.getLogger("notes")

TITLES = OrderedDict([
    ("feat", "New"),
    ("fix", "Fixed"),
    ("docs", "Documentation"),
    ("other", "Other"),
])


class Entry:
    """One line of the notes."""

    pattern = re.compile(r"^(\w+)(?:\([^)]*\))?!?:\s*(.*)$")

    def __init__(self, commit):
        self.author = commit.author.name
        self.files = list(commit.stats.files)
        subject = commit.message.strip().splitlines()[0]
        match = self.pattern.match(subject)
        self.kind, self.text = match.groups() if match else ("other", subject)
        if self.kind not in TITLES:
            self.kind = "other"

    def __str__(self):
        return f"- {self.text} ({self.author}, {len(self.files)} files)"


class Notes:
    def __init__(self, repo, since, until):
        self.repo = repo
        self.since = since
        self.until = until
        self.entries = defaultdict(list)

    def collect(self, paths=None):
        revs = f"{self.since}..{self.until}"
        kwargs = {"no_merges": True}
        if paths:
            kwargs["paths"] = paths
        for commit in self.repo.iter_commits(revs, **kwargs):
            entry = Entry(commit)
            log.debug("%s: %s", entry.kind, entry.text)
            self.entries[entry.kind].append(entry)

    @property
    def contributors(self):
        return sorted({entry.author for group in self.entries.values() for entry in group})

    def render(self):
        annotation = next((t.tag for t in self.repo.tags if t.name == self.until), None)
        lines = [f"# {self.until}", ""]
        if annotation is not None:
            lines += [annotation.message.strip(), ""]
        for kind, title in TITLES.items():
            if self.entries[kind]:
                lines += [f"## {title}", ""] + [str(entry) for entry in self.entries[kind]] + [""]
        lines.append("Thanks to " + " and ".join(self.contributors) + ".")
        return "\n".join(lines) + "\n"


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repo", default=".")
    parser.add_argument("--since", required=True)
    parser.add_argument("--until", default="HEAD")
    parser.add_argument("--output")
    parser.add_argument("--paths", nargs="*")
    parser.add_argument("-v", "--verbose", action="store_true")
    return parser.parse_args()


def main():
    args = parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s", stream=sys.stdout)
    if args.verbose:
        log.setLevel(logging.DEBUG)
    try:
        repo = Repo(args.repo, search_parent_directories=True)
    except InvalidGitRepositoryError:
        log.error("%s is no repository", args.repo)
        return 2
    notes = Notes(repo, args.since, args.until)
    try:
        notes.collect(args.paths)
    except GitCommandError as error:
        log.error("cannot read the history: %s", error)
        return 1
    text = notes.render()
    if args.output:
        with open(args.output, "w") as f:
            f.write(text)
        repo.index.add([args.output])
        repo.index.commit(f"docs: notes for {args.until}")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
