"""Keep big files out of a commit."""
import os

import git

MAX_BYTES = 2000


def prepare():
    os.makedirs("notes", exist_ok=True)
    with open("notes/short.txt", "w") as f:
        f.write("short\n")
    with open("notes/long.txt", "w") as f:
        f.write("0123456789" * 400)


def staged(repo):
    return [diff.b_path for diff in repo.index.diff("HEAD", R=True)]


def main():
    prepare()
    repo = git.Repo(".")
    repo.git.add("notes/short.txt", "notes/long.txt")

    for path in sorted(staged(repo)):
        size = os.path.getsize(path)
        if size > MAX_BYTES:
            print(f"too big: {path} ({size} bytes)")
            repo.git.reset("--", path)
        else:
            print(f"ok: {path}")

    if staged(repo):
        repo.index.commit("Keep notes")
    print("left over:", repo.untracked_files)


main()
