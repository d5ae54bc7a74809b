"""A small library's documentation as a source, and engines and embedders that say what they were given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from doctranslate.apis import ApiIndex
from doctranslate.building.assemble import assemble
from doctranslate.building.origins import Origins, Part
from doctranslate.building.report import BuildReport, Stopwatch
from doctranslate.component import Component
from doctranslate.engines.offline import OfflineEngine
from doctranslate.records import Chunk, Digest, Page
from doctranslate.stores.base import Vectors, unit
from doctranslate.stores.embedders import LsaEmbedder
from doctranslate.stores.swap import build_lock

BOX = Component(name="box", distribution="box", imports=("box",))
API = ApiIndex("box", "1.0", {}, roots=("box",))


def page(n: int, text: str = "") -> Page:
    said = text or f"Moves part{n} of crate{n % 13} to shelf{n % 7}."
    return Page(uri=f"pypi:box@1.0#box.do_{n}", title=f"do_{n}", symbol=f"box.do_{n}", kind="api", text=said)


class Pages:
    """A source of pages given up front."""

    name = "package"
    version = "1.0"

    def __init__(self, pages: Sequence[Page]) -> None:
        self.given = pages

    def pages(self) -> Iterator[Page]:
        yield from self.given

    def state(self) -> str:
        return hashlib.sha256("".join(page.sha256 for page in self.given).encode()).hexdigest()


class Condensing(OfflineEngine):
    """The offline engine under another name; remembers what it condensed, and fails when that was enough."""

    name = "counted"

    def __init__(self, *, fail_after: int = 10**9) -> None:
        super().__init__()
        self.condensed: list[str] = []
        self.fail_after = fail_after

    def condense(self, chunks: Sequence[Chunk]) -> Iterator[Digest]:
        for chunk, digest in zip(chunks, super().condense(chunks), strict=True):
            if len(self.condensed) == self.fail_after:
                raise KeyboardInterrupt
            self.condensed.append(chunk.symbol)
            yield digest.model_copy(update={"engine": self.name})


class Letters:
    """Counts letters, and remembers what it was given."""

    id = "letters"
    dim = 26

    def __init__(self) -> None:
        self.given: list[str] = []

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        self.given += texts
        counts = [[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts]
        return unit(np.reshape(counts, (-1, 26)))

    def embed_query(self, text: str) -> Vectors:
        return self.embed_documents([text])[0]


def build_box(folder: Path, pages: Sequence[Page], **settings: object) -> BuildReport:
    """Build the store of a library that has these pages."""
    given = {"engine": OfflineEngine(), "embedder": LsaEmbedder(), "tell": Stopwatch(None), **settings}
    with build_lock(folder) as lock:
        store, report = assemble(
            lock,
            [Part("package", "box==1.0", Pages(pages))],
            component=BOX,
            version="1.0",
            api=API,
            origins=Origins(BOX, ("package",)),
            **given,  # type: ignore[arg-type]
        )
    store.close()
    return report


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
