"""Records to put into engines."""

from __future__ import annotations

from collections.abc import Sequence

from doctranslate.records import ApiUsage, Chunk, ChunkKind, Digest, Document, Job, Message, Prompt

SOURCE = "import git\n\nrepo = git.Repo('.')\nrepo.create_tag('v1')\n"
TAG = "git.repo.base.Repo.create_tag"

PROMPT = Prompt(
    messages=(Message(role="system", content="rules"), Message(role="user", content="program")),
    n_tokens=4,
    counted_by="estimate",
)
JOB = Job(
    SOURCE,
    "gitpython",
    "dvc",
    usages=(
        ApiUsage("git.repo.base.Repo.__init__", 3, 7, "git.Repo('.')"),
        ApiUsage(TAG, 4, 0, "repo.create_tag('v1')"),
    ),
)


def chunk(
    text: str,
    *,
    symbol: str = "",
    kind: ChunkKind = "guide",
    headings: Sequence[str] = (),
    signatures: Sequence[str] = (),
    uri: str = "docs/guide.md",
) -> Chunk:
    return Chunk(
        id=Chunk.make_id(uri, symbol, headings, text),
        uri=uri,
        headings=tuple(headings),
        symbol=symbol,
        kind=kind,
        text=text,
        signatures=tuple(signatures),
        n_tokens=len(text) // 3,
    )


def api(symbol: str, signature: str, docstring: str = "") -> Chunk:
    return chunk(f"{signature}\n\n{docstring}", symbol=symbol, kind="api", signatures=[signature])


def document(symbol: str, description: str, *, component: str = "gitpython", signature: str = "") -> Document:
    made = chunk(description, symbol=symbol, kind="api", signatures=[signature] if signature else [])
    return Document(
        made,
        Digest(chunk_id=made.id, description=description, signatures=made.signatures),
        component=component,
    )
