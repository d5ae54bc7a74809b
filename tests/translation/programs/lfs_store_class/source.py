import fnmatch
import glob
import os
import sys

import git


class LfsMissing(Exception):
    """git-lfs is not installed."""


class LfsStore:
    """Large files of a repository.

    >>> store = LfsStore(".")
    >>> store.track("*.wav")
    >>> store.store(["a.wav"], "Add a")
    """

    def __init__(self, path):
        self.repo = git.Repo(path)
        try:
            self.repo.git.lfs("version")
        except git.exc.GitCommandError as e:
            raise LfsMissing("install git-lfs first") from e
        self.repo.git.lfs("install", "--local")
        self.patterns = []

    def track(self, *patterns):
        for pattern in patterns:
            self.repo.git.lfs("track", pattern)
            self.patterns.append(pattern)
        self.repo.index.add([".gitattributes"])

    def store(self, paths, message):
        for path in paths:
            if not any(fnmatch.fnmatch(path, p) for p in self.patterns):
                raise ValueError(f"{path} is not tracked by LFS")
            self.repo.git.add(path)
        self.repo.git.commit("-m", message)

    def upload(self):
        self.repo.git.push("origin", self.repo.active_branch.name)


def record(path, n):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(b"RIFF" + bytes([n % 256]) * n)
    return path


try:
    store = LfsStore(".")
except LfsMissing as missing:
    sys.exit(str(missing))
store.track("*.wav", "*.flac")
store.store([record("audio/hello.wav", 40), record("audio/bye.flac", 30)], "Record hello and bye")
try:
    store.store(["README.md"], "Never")
except ValueError as error:
    print(error)
store.upload()
print(*sorted(glob.glob("audio/*.wav") + glob.glob("audio/*.flac")))
