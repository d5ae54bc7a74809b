# Export the source tree of a release without touching the working copy.
import os
import sys
import git


def write_blob(blob, folder):
    target = os.path.join(folder, blob.path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as f:
        blob.stream_data(f)
    return target


def export(repo, rev, folder):
    n = 0
    for item in repo.commit(rev).tree.traverse():
        if item.type == "blob":
            write_blob(item, folder)
            n += 1
    return n


rev, folder = sys.argv[1:]
repo = git.Repo(os.getcwd())
n = export(repo, rev, folder)
print(f"exported {n} files of {rev}")
for root, dirs, files in sorted(os.walk(folder)):
    for name in sorted(files):
        path = os.path.join(root, name)
        print(path, os.path.getsize(path))
