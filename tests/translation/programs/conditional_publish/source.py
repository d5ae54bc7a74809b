#!/usr/bin/env python3
"""Commit some files.

Prints what it would commit, and commits it unless --dry-run is given.
"""
from __future__ import annotations

import argparse
import logging
import sys
from typing import Sequence

import git

LOG = logging.getLogger("publish")


def options(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("-m", "--message", default="Update")
    parser.add_argument("--push", action="store_true")
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--remote", default="origin")
    return parser.parse_args(argv)


def publish(repo: git.Repo, args: argparse.Namespace) -> int:
    changed = [f for f in args.files if repo.git.diff("--name-only", "--", f)]
    for file in changed:
        LOG.info("will commit %s", file)
    if args.dry_run or not changed:
        return 0
    repo.git.add(*changed)
    repo.git.commit(["-m", args.message])
    if args.push:
        try:
            repo.git.push(args.remote, repo.active_branch)
        except git.GitCommandError as error:
            LOG.error("push failed: %s", error.stderr)
            return 1
    LOG.info("committed %s", repo.head.commit.message.strip())
    return 0


def main() -> int:
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
    with open("data/means.csv", "a") as f:
        f.write("Bonn,9.5\n")
    args = options()
    with git.Repo(".", search_parent_directories=True) as repo:
        return publish(repo, args)


if __name__ == "__main__":
    raise SystemExit(main())
