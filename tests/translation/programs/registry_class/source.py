"""Weather registry client.

    registry = Registry(url, cache)
    registry.table("oslo", release="2024.1")
"""
from __future__ import annotations

import csv
import io
import logging
import sys
from pathlib import Path
from typing import Iterator

from git import Repo
from git.exc import BadName

logger = logging.getLogger(__name__)


class UnknownRelease(LookupError):
    """There is no such release."""


class UnknownStation(LookupError):
    """The release has no such station."""


class Registry:
    """Reads a registry from a local clone, which is made on first use."""

    def __init__(self, url: str, cache: Path) -> None:
        self.url = url
        self.cache = cache
        self._repo: Repo | None = None

    @property
    def repo(self) -> Repo:
        if self._repo is None:
            if (self.cache / ".git").exists():
                self._repo = Repo(self.cache)
                self._repo.remotes.origin.fetch()
            else:
                logger.info("cloning")
                self._repo = Repo.clone_from(self.url, self.cache)
        return self._repo

    def releases(self) -> list[str]:
        return sorted(tag.name for tag in self.repo.tags)

    def _commit(self, release: str):
        try:
            return self.repo.commit(release)
        except BadName:
            raise UnknownRelease(release) from None

    def stations(self, release: str) -> Iterator[str]:
        tree = self._commit(release).tree / "stations"
        for blob in tree.blobs:
            yield Path(blob.name).stem

    def table(self, station: str, release: str) -> list[dict[str, str]]:
        tree = self._commit(release).tree
        try:
            blob = tree / f"stations/{station}.csv"
        except KeyError:
            raise UnknownStation(f"{station} in {release}") from None
        text = blob.data_stream.read().decode("utf-8")
        return list(csv.DictReader(io.StringIO(text)))


def coldest(rows: list[dict[str, str]]) -> float:
    return min(float(row["temp"]) for row in rows)


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    registry = Registry(sys.argv[1], Path("cache"))
    for release in registry.releases():
        for station in registry.stations(release):
            print(release, station, coldest(registry.table(station, release)))
    for station, release in [("oulu", "2024.1"), ("oslo", "1999.9")]:
        try:
            registry.table(station, release)
        except UnknownStation as error:
            print("no station", error)
        except UnknownRelease as error:
            print("no release", error)
    again = Registry(sys.argv[1], Path("cache"))
    print(len(again.releases()), "releases, from the clone that is there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
