"""A small library's documentation, and stores of it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from doctranslate.apis import ApiIndex, ApiObject
from doctranslate.records import Chunk, Digest
from doctranslate.stores.base import unit
from doctranslate.stores.embedders import LsaEmbedder
from doctranslate.stores.local import DocStore
from doctranslate.stores.write import write_store


@dataclass(frozen=True)
class Sample:
    symbol: str
    description: str
    kind: str = "api"
    signature: str = ""
    text: str = ""
    links: tuple[str, ...] = ()
    relevant: bool = True
    search_words: str = ""


SAMPLES = (
    Sample(
        "box.core.Box.create_label", "Create a label that names a revision.", signature="create_label(name)"
    ),
    Sample("box.core.Box.create_label", "box.create_label('v1')", kind="example"),
    Sample("box.core.Box.push", "Upload stored files to the remote storage.", signature="push(remote=None)"),
    Sample("box.core.Box.pull", "Download files from the remote storage into the workspace."),
    Sample("box.core.Box.add", "Put files under control.", links=("cli:add",), signature="add(targets)"),
    Sample("cli:add", "Track files: put them under control of the box.", kind="cli"),
    Sample("box.core.Box.switch", "Switch to another branch and update the files."),
    Sample("box.index.Index.add", "Stage changed paths for the next commit."),
    Sample("box.index.Index.commit", "Record the staged paths, with a message."),
    Sample("", "Releases: create label, push, pull, add, switch.", kind="guide", relevant=False),
    Sample("", "How storage works: files are kept once, by their hash.", kind="guide"),
)


def sample_chunk(sample: Sample) -> Chunk:
    text = sample.text or sample.description
    return Chunk(
        id=Chunk.make_id("pypi:box", sample.symbol, (sample.kind,), text),
        uri=f"pypi:box@1.0#{sample.symbol}",
        symbol=sample.symbol,
        kind=sample.kind,
        text=text,
        signatures=(sample.signature,) if sample.signature else (),
        links=sample.links,
        n_tokens=10,
    )


def sample_digest(sample: Sample) -> Digest:
    chunk = sample_chunk(sample)
    return Digest(
        chunk_id=chunk.id,
        description=sample.description,
        signatures=chunk.signatures,
        relevant=sample.relevant,
        search_words=sample.search_words,
    )


API = ApiIndex(
    "box",
    "1.0",
    {
        name: ApiObject(name, kind)
        for name, kind in [("box.core.Box", "class"), ("box.core.Box.push", "function")]
    },
    aliases={"box.Box": "box.core.Box"},
    roots=("box",),
)


def write_sample(folder: Path, samples=SAMPLES, *, embedder=None, **settings) -> DocStore:
    given = {"component": "box", "version": "1.0", "engine_name": "offline", "spec_hash": "abc", **settings}
    chunks, digests = [sample_chunk(s) for s in samples], [sample_digest(s) for s in samples]
    return write_store(folder, chunks, digests, embedder=embedder or LsaEmbedder(), **given)


class LetterEmbedder:
    """Counts letters: needs no library, so that processes that use it start fast."""

    id = "letters"
    dim = 26

    def embed_documents(self, texts):
        counts = [[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts]
        return unit(np.reshape(counts, (-1, 26)))

    def embed_query(self, text):
        return self.embed_documents([text])[0]


class BrokenEmbedder(LetterEmbedder):
    """Fails when it is asked for vectors."""

    def embed_documents(self, texts):
        raise RuntimeError("out of service")


def symbols(documents) -> list[str]:
    return [document.chunk.symbol for document in documents]


def is_unit(vectors) -> bool:
    return bool(np.allclose(np.linalg.norm(vectors, axis=-1), 1.0, atol=1e-5))
