"""Two small libraries: crate, which code is written for, and box, which it moves to."""

from pathlib import Path

from doctranslate.records import ApiUsage, Chunk, Digest
from doctranslate.stores.embedders import LsaEmbedder
from doctranslate.stores.local import DocStore
from doctranslate.stores.write import write_store

CRATE = {
    "crate.core.Crate.create_label": "Create a crate label that names a version.",
    "crate.core.Crate.upload": "Send all files to the crate server.",
    "crate.core.Crate.download": "Get all files from the server.",
    "crate.util.helper": "Help with crate things.",
}
BOX = {
    "box.core.Box.tag": "Name a version with a label.",
    "box.core.Box.push": "Send files to the remote storage server.",
    "box.core.Box.pull": "Get files from the remote storage server.",
    "box.core.Box.crate": "A crate crate crate: what older boxes were made of.",
    "box.core.Box.status": "Say which paths changed.",
}
CODE = "import crate\nc = crate.Crate('.')\nc.create_label('v1')\nc.upload()\n"


def write_library(folder: Path, name: str, descriptions: dict[str, str]) -> DocStore:
    chunks = [
        Chunk(
            id=Chunk.make_id(name, symbol, (), description),
            uri=f"pypi:{name}@1#{symbol}",
            symbol=symbol,
            kind="api",
            text=f"{symbol.rpartition('.')[2]}()\n\n{description}",
            signatures=(f"{symbol.rpartition('.')[2]}()",),
            n_tokens=9,
        )
        for symbol, description in descriptions.items()
    ]
    digests = [
        Digest(chunk_id=chunk.id, description=descriptions[chunk.symbol], signatures=chunk.signatures)
        for chunk in chunks
    ]
    return write_store(folder, chunks, digests, component=name, version="1", embedder=LsaEmbedder())


def usage(symbol: str, line: int = 1) -> ApiUsage:
    return ApiUsage(symbol=symbol, line=line, column=0, code=f"c.{symbol.rpartition('.')[2]}()")


USAGES = (
    usage("crate.core.Crate.create_label", 3),
    usage("crate.core.Crate.upload", 4),
    usage("crate.core.Crate.create_label", 5),
)


def symbols(documents) -> list[str]:
    return [document.chunk.symbol for document in documents]
