"""Semantic release, the small way: feat -> minor, fix -> patch, "BREAKING" -> major."""
import re
import sys

from git import GitCommandError, Repo

PATTERN = re.compile(r"^(?P<kind>\w+)(\(.+\))?(?P<bang>!)?: ")


def bump(version, messages):
    major, minor = (int(part) for part in version.lstrip("v").split("."))
    kinds = set()
    for message in messages:
        match = PATTERN.match(message)
        if match:
            kinds.add("major" if match["bang"] or "BREAKING" in message else match["kind"])
    if "major" in kinds:
        return f"v{major + 1}.0"
    if kinds & {"feat", "fix"}:
        return f"v{major}.{minor + 1}"
    return None


repo = Repo(".", search_parent_directories=True)
repo.git.checkout("seasonal")

try:
    last = repo.git.describe("--tags", "--abbrev=0")
except GitCommandError:
    sys.exit("no tag to start from")

messages = [c.message for c in repo.iter_commits(f"{last}..HEAD")]
version = bump(last, messages)
if version is None:
    print("nothing to release since", last)
else:
    repo.create_tag(version, message=f"Release {version}\n\n" + "".join(f"- {m}" for m in messages))
    print(last, "->", version)
