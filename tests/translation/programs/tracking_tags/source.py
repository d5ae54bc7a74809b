import json
import pathlib

import git


def get_git_tags(path="."):
    """Return the tags that our tracker shows next to each run."""
    repo = git.Repo(path)
    porcelain = repo.git.status("--porcelain")
    return {
        "git.commit": repo.git.rev_parse("HEAD"),
        "git.short": repo.git.rev_parse("HEAD", short=7),
        "git.branch": repo.git.rev_parse("--abbrev-ref", "HEAD"),
        "git.version": repo.git.describe("--tags", "--always"),
        "git.dirty": bool(porcelain),
        "git.changes": porcelain.splitlines(),
        "git.diff": repo.git.diff("HEAD"),
    }


pathlib.Path("VERSION").write_text("1.1.0.dev0\n")
tags = get_git_tags()
for key in sorted(tags):
    print(key, "=", json.dumps(tags[key]))
