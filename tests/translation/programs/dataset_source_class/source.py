"""Data sets of the registry as lists of dictionaries.

>>> source = DatasetSource(url, "/tmp/cache")
>>> source.rows("iris")
"""
import csv
import io
import logging
import shutil
import sys
from pathlib import Path
from typing import Dict, List, Optional

from git import GitCommandError, Repo

log = logging.getLogger(__name__)


class UnknownDataset(KeyError):
    """No such data set in this version of the registry."""


class DatasetSource:
    FILES = {"iris": "iris/iris.csv", "mnist": "mnist/train.csv", "cifar": "cifar/train.csv"}

    def __init__(self, url: str, cache: Path, revision: Optional[str] = None) -> None:
        self.url = url
        self.cache = cache
        self.revision = revision or "HEAD"
        self._repo: Optional[Repo] = None

    @property
    def repo(self) -> Repo:
        if self._repo is None:
            if self.cache.exists():
                self._repo = Repo(self.cache)
            else:
                log.info("cloning")
                self._repo = Repo.clone_from(self.url, self.cache)
        return self._repo

    @property
    def version(self) -> str:
        return self.repo.commit(self.revision).hexsha[:8]

    def text(self, name: str) -> str:
        try:
            return self.repo.git.show(f"{self.revision}:{self.FILES[name]}")
        except GitCommandError as error:
            raise UnknownDataset(name) from error

    def rows(self, name: str) -> List[Dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.text(name))))

    def clear(self) -> None:
        self.repo.close()
        shutil.rmtree(self.cache)


def main(url: str) -> None:
    cache = Path("registry-cache")
    for revision in (None, "2026.1"):
        source = DatasetSource(url, cache, revision)
        print(source.version, [row["sepal"] for row in source.rows("iris")])
        try:
            source.rows("cifar")
        except UnknownDataset as missing:
            print("missing:", missing)
    source.clear()


main(sys.argv[1])
