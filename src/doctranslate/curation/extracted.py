"""Pages as extraction leaves them; of a page of HTML that did not change, they are not extracted again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from pydantic import TypeAdapter, ValidationError

from doctranslate.cache import Cache
from doctranslate.records import Page

Extract: TypeAlias = Callable[[Page], tuple[Page, ...]]
"""`doctranslate.curation.extract.extract`."""

_PAGES = TypeAdapter(tuple[Page, ...])
_AT_ONCE = 16  # pages looked up, and kept, at once: a commit for each would cost more than small pages do


class ExtractionCache:
    """Extracted pages on disk, by the page and the extractor. Processes may share it.

    Args:
        path: The SQLite file; it and its folder are made when missing.
        read_only: Make and change nothing; a file that is missing is an empty cache.

    Raises:
        StoreError: The file cannot be opened, or is not such a cache.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._cache = Cache(path, what="extraction", read_only=read_only)

    def get(self, keys: Iterable[str]) -> dict[str, tuple[Page, ...]]:
        """What was extracted, by key (see `page_key`); what is not known is left out.

        Args:
            keys: Which to look for.

        Raises:
            StoreError: The file cannot be read.
        """
        try:
            return {key: _PAGES.validate_json(value) for key, value in self._cache.get(keys).items()}
        except ValidationError as exc:
            raise self._cache.error(exc) from exc

    def put(self, pages: Mapping[str, tuple[Page, ...]]) -> None:
        """Keep what was extracted.

        Args:
            pages: By key.

        Raises:
            StoreError: The file cannot be written.
        """
        self._cache.put({key: _PAGES.dump_json(value) for key, value in pages.items()})


@dataclass(slots=True)
class Extraction:
    """Extracts pages, and counts.

    Args:
        extract: Makes pages with structure out of a page as it was read.
        extractor: Name and version of that; with the page, the key in the cache.
        cache: Where pages of HTML are looked up and kept, or None. Others cost nothing to read again.
    """

    extract: Extract
    extractor: str
    cache: ExtractionCache | None = None
    n_extracted: int = field(default=0, init=False)
    """Pages of HTML that were extracted, and not taken from the cache."""

    def pages(self, pages: Iterable[Page]) -> Iterator[Page]:
        """The pages that extraction makes of pages, in order.

        Args:
            pages: As a source delivers them.

        Raises:
            StoreError: The cache cannot be used.
        """
        some: list[Page] = []
        for page in pages:
            some.append(page)
            if len(some) == _AT_ONCE:
                yield from self._some(some)
                some = []
        yield from self._some(some)

    def _some(self, pages: list[Page]) -> Iterator[Page]:
        keys = [page_key(page, self.extractor) if page.media_type == "text/html" else "" for page in pages]
        known = self.cache.get(key for key in keys if key) if self.cache else {}
        new: dict[str, tuple[Page, ...]] = {}
        made: list[tuple[Page, ...]] = []
        for key, page in zip(keys, pages, strict=True):
            found = known.get(key) or new.get(key)
            if found is None:
                found = self.extract(page)
                if key:
                    self.n_extracted += 1
                    new[key] = found
            made.append(found)
        if self.cache:
            self.cache.put(new)
        for each in made:
            yield from each


def page_key(page: Page, extractor: str) -> str:
    """Names what an extractor makes of a page: SHA-256 (hex) over both; when the page was read plays no part.

    Args:
        page: As a source delivers it.
        extractor: Name and version of the extractor.
    """
    content = page.model_dump_json(exclude={"fetched_at"})
    return hashlib.sha256(f"{extractor}\x1f{content}".encode()).hexdigest()
