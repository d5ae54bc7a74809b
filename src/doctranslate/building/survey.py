"""What a build would read and condense, found out without keeping or sending anything."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from doctranslate.building.assemble import Reading
from doctranslate.building.build import manifest_before
from doctranslate.building.origins import Kind, Origins, choose, open_parts, site_part
from doctranslate.building.place import Progress, stores_root, version_of
from doctranslate.component import Requirement, requirement
from doctranslate.config import cache_dir
from doctranslate.curation.build import Curated, curate
from doctranslate.curation.digests import DigestCache
from doctranslate.engines import extract
from doctranslate.records import Chunk, Digest
from doctranslate.sources.package import PackageSource
from doctranslate.stores.manifest import store_folder

if TYPE_CHECKING:
    from doctranslate.sources.web.report import CrawlReport
    from doctranslate.sources.web.source import WebSource


@dataclass(frozen=True, slots=True)
class Survey:
    """What a build would read and condense.

    Attributes:
        wanted: The component, and the version that was asked for.
        version: Of its distribution.
        folder: Where the store would be.
        reading: The sources, read.
        curated: Their chunks; where a digest is not known yet, the offline engine's stands in for it.
        missing: The chunks whose digests are not known, each with the one that stands in.
        crawl: What became of each address of the documentation sites, when they are read.
    """

    wanted: Requirement
    version: str
    folder: Path
    reading: Reading
    curated: Curated
    missing: tuple[tuple[Chunk, Digest], ...]
    crawl: CrawlReport | None


def survey(
    name: str,
    *,
    engine_name: str,
    prompt_hash: str,
    sources: Sequence[Kind] | None = None,
    folders: Sequence[Path | str] = (),
    urls: Sequence[str] = (),
    workers: int = 16,
    webdriver_url: str | None = None,
    stores: Path | str | None = None,
    progress: Progress | None = None,
) -> Survey:
    """Read what `build_store` would read with the same arguments, and find the chunks that it would have condensed.

    Pages of a site are those of its last crawl; where there are none, or the crawl is not finished, it is made in a
    temporary folder that is deleted afterwards.

    Args:
        name: See `build_store`.
        engine_name: Of what would condense.
        prompt_hash: Of the prompt, or rules, that it condenses by.
        sources: See `build_store`.
        folders: See `build_store`.
        urls: See `build_store`.
        workers: See `build_store`.
        webdriver_url: See `build_store`.
        stores: See `build_store`.
        progress: Called with each stage.

    Raises:
        UsageError: There is no such kind of source, or nothing to read of that kind.
        UnknownComponentError: No such library.
        CrawlError: Its documentation cannot be read.
        MissingExtraError: A package that reading needs is not installed.
        ConfigError: ``DOCTRANSLATE_OFFLINE`` forbids to read a site.
        StoreError: A cache cannot be read.
    """
    wanted = requirement(name)
    root = stores_root(stores)
    folder = store_folder(root, wanted.component.name, version_of(wanted))
    earlier = manifest_before(root, folder, wanted.component.name)
    origins = choose(wanted.component, sources=sources, folders=folders, urls=urls, earlier=earlier)
    package = PackageSource(wanted.component, wanted.version)
    parts = open_parts(origins, package)
    missing: list[tuple[Chunk, Digest]] = []

    def stand_in(chunks: Sequence[Chunk]) -> list[Digest]:
        digests = [extract.digest(chunk) for chunk in chunks]
        missing.extend(zip(chunks, digests, strict=True))
        return digests

    with _crawled(origins, workers=workers, webdriver_url=webdriver_url, progress=progress) as web:
        reading = Reading([*parts, site_part(web)] if web else parts, package.api(), read_only=True)
        curated = curate(
            reading.pages(),
            stand_in,
            prompt_hash=prompt_hash,
            engine_name=engine_name,
            cache=DigestCache(cache_dir() / "digests.sqlite", read_only=True),
            progress=progress,
        )
        crawl = web.report if web else None
    return Survey(wanted, package.version, folder, reading, curated, tuple(missing), crawl)


@contextmanager
def _crawled(
    origins: Origins, *, workers: int, webdriver_url: str | None, progress: Progress | None
) -> Iterator[WebSource | None]:
    """The component's sites as they were crawled last, read from copies: reading a crawl may go on with it."""
    if "web" not in origins.kinds:
        yield None
        return
    from doctranslate.sources.web.source import WebSource, crawls_dir

    with tempfile.TemporaryDirectory(prefix="doctranslate-plan-") as scratch:
        for path in sorted(crawls_dir().glob(f"{origins.component.name}-*.sqlite")):
            _copy_database(path, Path(scratch) / path.name)
        source = WebSource(
            origins.component,
            folder=Path(scratch),
            workers=workers,
            webdriver_url=webdriver_url,
            refresh=False,
            progress=progress,
        )
        source.crawl()
        yield source


def _copy_database(path: Path, target: Path) -> None:
    """Copy a database that another process may be writing to."""
    with (
        suppress(sqlite3.Error),  # without a copy, the site is crawled for the plan
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy)
