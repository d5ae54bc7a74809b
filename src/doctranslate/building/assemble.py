"""From the sources of a component to its store: what was extracted, condensed or embedded before is not again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from doctranslate.building.origins import Origins, Part
from doctranslate.building.place import condense_hash, spec_hash
from doctranslate.building.report import BuildReport, Stopwatch
from doctranslate.config import cache_dir
from doctranslate.curation.build import Curated, curate
from doctranslate.curation.chunk import CHUNKER
from doctranslate.curation.digests import DigestCache
from doctranslate.curation.extracted import Extraction, ExtractionCache
from doctranslate.errors import StoreError
from doctranslate.records import Page
from doctranslate.stores.base import FittedEmbedder
from doctranslate.stores.manifest import SourceState
from doctranslate.stores.opened import Opened, open_folder
from doctranslate.stores.vectors import VectorCache
from doctranslate.stores.write import Written, write_store

if TYPE_CHECKING:
    from doctranslate.apis import ApiIndex
    from doctranslate.component import Component
    from doctranslate.engines.base import Engine
    from doctranslate.sources.web.report import CrawlReport
    from doctranslate.stores.base import Embedder
    from doctranslate.stores.local import DocStore
    from doctranslate.stores.swap import BuildLock


@dataclass(slots=True)
class Reading:
    """Reads the pages of all sources, one after the other, and counts them.

    Args:
        parts: The sources.
        api: Objects of the distribution: what a site or a folder says of them is laid beside what it says itself.
        read_only: Keep nothing.
    """

    parts: Sequence[Part]
    api: ApiIndex
    read_only: bool = False
    n_pages: list[int] = field(default_factory=list, init=False)
    """Pages of each source, in their order."""
    n_extracted: int = field(default=0, init=False)
    """Pages of HTML that were extracted, and not known from before."""

    @property
    def extractor(self) -> str:
        """How pages of HTML are read; "" where there is only the package, which has none."""
        if all(part.kind == "package" for part in self.parts):
            return ""
        from doctranslate.curation.extract import EXTRACTOR

        return EXTRACTOR

    def pages(self) -> Iterator[Page]:
        """Every page, as it is to be split.

        Raises:
            CrawlError: A source cannot be read.
            StoreError: The cache of extracted pages cannot be used.
        """
        self.n_pages = [0] * len(self.parts)
        if not self.extractor:
            return self._every(None)
        from doctranslate.curation.extract import extract
        from doctranslate.curation.linking import canonical

        cache = ExtractionCache(cache_dir() / "extracted.sqlite", read_only=self.read_only)
        return canonical(self._every(Extraction(extract, self.extractor, cache)), self.api)

    def states(self) -> tuple[SourceState, ...]:
        """What the store says of each source, once all pages are read."""
        return tuple(
            SourceState(kind=part.kind, location=part.location, state=part.source.state(), n_pages=n)
            for part, n in zip(self.parts, self.n_pages, strict=True)
        )

    def by_kind(self) -> dict[str, int]:
        """Pages by kind of source."""
        found: dict[str, int] = {}
        for part, n in zip(self.parts, self.n_pages, strict=True):
            found[part.kind] = found.get(part.kind, 0) + n
        return found

    def _every(self, extraction: Extraction | None) -> Iterator[Page]:
        for at, part in enumerate(self.parts):
            pages = self._counted(at)
            if extraction is None or part.kind == "package":
                yield from pages
            else:
                yield from extraction.pages(pages)
                self.n_extracted = extraction.n_extracted

    def _counted(self, at: int) -> Iterator[Page]:
        for page in self.parts[at].source.pages():
            self.n_pages[at] += 1
            yield page


def assemble(
    lock: BuildLock,
    parts: Sequence[Part],
    *,
    component: Component,
    version: str,
    api: ApiIndex,
    origins: Origins,
    engine: Engine,
    embedder: Embedder,
    force: bool = False,
    tell: Stopwatch,
    crawl: CrawlReport | None = None,
) -> tuple[DocStore, BuildReport]:
    """Build a store from sources.

    Args:
        lock: Of the store.
        parts: The sources; the pages come in their order.
        component: As it is described.
        version: Of its distribution.
        api: Objects of the distribution.
        origins: What was chosen to be read, for the next build.
        engine: Condenses.
        embedder: Embeds.
        force: Take nothing over from the present store, and write it in any case.
        tell: Called with each stage.
        crawl: What became of the documentation sites, for the report.

    Returns:
        The store, open, and what was done.

    Raises:
        CrawlError: A source cannot be read.
        ModelError: The engine or the embedding model failed.
        StoreError: The store, or a cache, cannot be written.
    """
    reading = Reading(parts, api)
    curated = curate(
        reading.pages(),
        engine.condense,
        engine_name=engine.name,
        prompt_hash=condense_hash(engine),
        cache=DigestCache(cache_dir() / "digests.sqlite"),
        progress=tell,
    )
    took: list[Written] = []
    earlier = None if force else _present(lock.folder)
    try:
        store = write_store(
            lock.folder,
            curated.chunks,
            curated.digests,
            component=component.name,
            version=version,
            embedder=embedder,
            api=api,
            engine_name=engine.name,
            spec_hash=spec_hash(component),
            source="+".join(origins.kinds),
            sources=reading.states(),
            folders=origins.folders,
            urls=origins.urls,
            chunker=CHUNKER,
            extractor=reading.extractor,
            prompt_hash=condense_hash(engine),
            lock=lock,
            earlier=earlier,
            cache=vector_cache(embedder),
            progress=tell,
            on_written=took.append,
        )
    finally:
        if earlier is not None:
            earlier.tables.close()
    return store, _report(store, reading, curated, took[0], seconds=tell.seconds(), crawl=crawl)


def vector_cache(embedder: Embedder, *, read_only: bool = False) -> VectorCache | None:
    """Where vectors are kept that may have been paid for; None for an embedder that is fitted to each store.

    Args:
        embedder: Makes the vectors.
        read_only: Make and change nothing.

    Raises:
        StoreError: The file cannot be used.
    """
    if isinstance(embedder, FittedEmbedder):
        return None
    return VectorCache(cache_dir() / "vectors.sqlite", read_only=read_only)


def _present(folder: Path) -> Opened | None:
    with suppress(StoreError):
        return open_folder(folder, None)
    return None


def _report(
    store: DocStore,
    reading: Reading,
    curated: Curated,
    written: Written,
    *,
    seconds: dict[str, float],
    crawl: CrawlReport | None,
) -> BuildReport:
    return BuildReport(
        component=store.manifest.component,
        version=store.manifest.version,
        path=str(store.path),
        pages=reading.by_kind(),
        n_extracted=reading.n_extracted,
        n_chunks=len(curated.chunks),
        n_condensed=len(curated.chunks) - curated.n_cached,
        n_digests_reused=curated.n_cached,
        n_dropped=curated.n_dropped,
        n_embedded=written.n_embedded,
        n_vectors_reused=written.n_reused,
        refit=written.refit,
        up_to_date=written.up_to_date,
        seconds=seconds,
        crawl=crawl,
    )
