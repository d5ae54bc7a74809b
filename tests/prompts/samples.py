"""Documents to put into prompts."""

from __future__ import annotations

from doctranslate.records import Chunk, Digest, Document


def document(
    name: str, *, component: str = "dvc", text: str = "", uri: str = "pypi:lib@1", words: int = 0
) -> Document:
    description = text or " ".join(["word"] * words) or f"What {name} does."
    chunk = Chunk(id=name, uri=uri, symbol=f"lib.{name}", kind="api", text=description, n_tokens=1)
    return Document(
        chunk,
        Digest(chunk_id=name, description=description, signatures=(f"{name}(x, *, y=1)",)),
        component=component,
    )
