"""Newest release of a registry, straight from the server."""
import re
import sys

import git


def remote_tags(url):
    g = git.cmd.Git()
    for line in g.ls_remote("--tags", "--refs", url).split("\n"):
        sha, ref = line.split("\t")
        yield ref[len("refs/tags/"):]


def key(tag):
    return tuple(int(part) for part in re.findall(r"\d+", tag))


tags = sorted(remote_tags(sys.argv[1]), key=key)
print("releases:", *tags)
print("newest:", tags[-1])
