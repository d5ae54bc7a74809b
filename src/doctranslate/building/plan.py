"""What a build would do and cost, without doing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from doctranslate.building.batches import digest_tokens, unanswered
from doctranslate.building.origins import Kind
from doctranslate.building.place import Progress, as_embedder, condense_hash
from doctranslate.building.survey import survey
from doctranslate.calls.prices import price_of
from doctranslate.calls.settings import ModelSettings, resolve
from doctranslate.config import cache_dir
from doctranslate.engines.condensing import condensing_hash
from doctranslate.engines.pick import pick_engine
from doctranslate.errors import StoreError
from doctranslate.prompts.budget import count_tokens, counted_by
from doctranslate.prompts.build import condense_prompt
from doctranslate.records import Chunk, Digest, Record
from doctranslate.sources.web.report import CrawlReport
from doctranslate.stores.base import FittedEmbedder
from doctranslate.stores.embedders import LsaEmbedder
from doctranslate.stores.opened import open_folder
from doctranslate.stores.vectors import VectorCache, text_key
from doctranslate.stores.write import embedded_text

if TYPE_CHECKING:
    from doctranslate.engines.base import Engine
    from doctranslate.stores.base import Embedder


class BuildPlan(Record):
    """What a build would do.

    Attributes:
        component: Name of the component.
        version: Version of its distribution.
        path: Folder that the store would be in.
        engine: What would condense.
        embedder: What would embed.
        pages: Pages that there are, by kind of source.
        n_extracted: Pages of HTML that would be extracted; the others are known from before.
        n_chunks: Chunks that the store would hold.
        n_condensed: Chunks that were not condensed before.
        n_calls: Calls to a model: one for each of these, but for those to which a reply is kept; none for the offline
            engine.
        prompt_tokens: Length of their prompts together, as `counted_by` counts; what an endpoint adds for the
            schema of the reply comes on top.
        completion_tokens: An estimate: the digests that the offline engine makes of the same chunks, as JSON.
        n_embedded: Texts that have no vector yet.
        embedding_tokens: Their length together; 0 for an embedder that costs nothing. Where a digest is not made
            yet, the offline engine's stands in for it.
        counted_by: Name of the tokenizer, or ``estimate`` where none could be loaded.
        cost_usd: In all, without discounts; 0 where no model is paid for, None where a price is not known.
        priced: Date and origin of the prices.
        crawl: What became of each address of the documentation sites, when they are to be read.
    """

    component: str
    version: str
    path: str
    engine: str
    embedder: str
    pages: Mapping[str, int] = {}
    n_extracted: int = 0
    n_chunks: int = 0
    n_condensed: int = 0
    n_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    n_embedded: int = 0
    embedding_tokens: int = 0
    counted_by: str = ""
    cost_usd: float | None = None
    priced: str = ""
    crawl: CrawlReport | None = None

    def __str__(self) -> str:
        read = ", ".join(f"{n} of the {kind}" for kind, n in self.pages.items())
        cost = "a price is not known" if self.cost_usd is None else f"{self.cost_usd:.4f} USD"
        lines = [
            f"{self.component}=={self.version} would be built at {self.path}; nothing was written",
            f"  pages: {read or 'none'}; {self.n_extracted} of HTML to extract",
            f"  chunks: {self.n_chunks}, of which {self.n_condensed} are new to {self.engine}",
            f"  model calls: {self.n_calls}, {self.prompt_tokens} tokens sent, about {self.completion_tokens} back",
            f"  texts to embed by {self.embedder}: {self.n_embedded}, {self.embedding_tokens} tokens to pay for",
            *(
                [f"  tokens counted by: {self.counted_by}"]
                if self.prompt_tokens or self.embedding_tokens
                else []
            ),
            f"  cost: {cost}" + (f" ({self.priced})" if self.priced and self.cost_usd else ""),
        ]
        return "\n".join(lines)


def plan_build(
    name: str,
    *,
    sources: Sequence[Kind] | None = None,
    folders: Sequence[Path | str] = (),
    urls: Sequence[str] = (),
    engine: Engine | str | None = "offline",
    embedder: Embedder | str | None = None,
    workers: int = 16,
    webdriver_url: str | None = None,
    force: bool = False,
    stores: Path | str | None = None,
    progress: Progress | None = None,
) -> BuildPlan:
    """Say what `build_store` would do with the same arguments, and what it would cost. Nothing is written.

    No model is called, and no key is needed. Pages of a site are those of its last crawl; where there are none, or
    the crawl is not finished, it is made in a temporary folder that is deleted afterwards. A distribution that is
    not installed is downloaded, as for reading its API.

    Args:
        name: See `build_store`.
        sources: See `build_store`.
        folders: See `build_store`.
        urls: See `build_store`.
        engine: See `build_store`.
        embedder: See `build_store`.
        workers: See `build_store`.
        webdriver_url: See `build_store`.
        force: See `build_store`.
        stores: See `build_store`.
        progress: Called with each stage.

    Returns:
        The plan.

    Raises:
        UsageError: There is no such kind of source, or nothing to read of that kind.
        UnknownComponentError: No such library.
        CrawlError: Its documentation cannot be read.
        MissingExtraError: A package that reading needs is not installed.
        ConfigError: The engine is unknown, ``DOCTRANSLATE_OFFLINE`` forbids to read a site, or the price table
            cannot be read.
        StoreError: A cache cannot be read.
    """
    engine_name, is_model, prompt_hash = _engine(engine)
    found = survey(
        name,
        engine_name=engine_name,
        prompt_hash=prompt_hash,
        sources=sources,
        folders=folders,
        urls=urls,
        workers=workers,
        webdriver_url=webdriver_url,
        stores=stores,
        progress=progress,
    )
    curated = found.curated
    texts = [
        embedded_text(chunk, digest)
        for chunk, digest in zip(curated.chunks, curated.digests, strict=True)
        if digest.relevant
    ]
    embedder_name, new = _to_embed(texts, embedder or "lsa", folder=None if force else found.folder)
    is_paid = embedder_name != LsaEmbedder.id
    calls = _calls(found.missing, engine) if is_model else []
    plan = BuildPlan(
        component=found.wanted.component.name,
        version=found.version,
        path=str(found.folder),
        engine=engine_name,
        embedder=embedder_name,
        pages=found.reading.by_kind(),
        n_extracted=found.reading.n_extracted,
        n_chunks=len(curated.chunks),
        n_condensed=len(found.missing),
        n_calls=len(calls),
        prompt_tokens=sum(condense_prompt(chunk, model=engine_name).n_tokens for chunk, _ in calls),
        completion_tokens=sum(digest_tokens(digest, engine_name) for _, digest in calls),
        n_embedded=len(new),
        embedding_tokens=sum(count_tokens(text, embedder_name) for text in new) if is_paid else 0,
        counted_by=counted_by(engine_name if is_model else embedder_name if is_paid else None),
        crawl=found.crawl,
    )
    return _priced(plan, is_model=is_model, is_paid=is_paid)


def _priced(plan: BuildPlan, *, is_model: bool, is_paid: bool) -> BuildPlan:
    """The plan with its cost; what is not used needs no price."""
    cost, priced = 0.0, ""
    for name, sent, back, is_used in (
        (plan.engine, plan.prompt_tokens, plan.completion_tokens, is_model),
        (plan.embedder, plan.embedding_tokens, 0, is_paid),
    ):
        if not is_used or not sent:
            continue
        price = price_of(name)
        if price is None:
            return plan
        cost += price.of(input_tokens=sent, output_tokens=back)
        priced = f"{price.source}, {price.date}" if price.source else price.date
    return plan.model_copy(update={"cost_usd": cost, "priced": priced})


def _engine(engine: Engine | str | None) -> tuple[str, bool, str]:
    """Name of an engine, whether it is a model, and its hash; a model that is named needs neither key nor package."""
    if isinstance(engine, str) and ":" in engine:
        return engine, True, condensing_hash()
    found = pick_engine(engine)
    return found.name, found.is_model, condense_hash(found)


def _calls(
    missing: Sequence[tuple[Chunk, Digest]], engine: Engine | str | None
) -> Sequence[tuple[Chunk, Digest]]:
    """The chunks for which a model would be asked: not those to which a reply is kept, of a batch for instance."""
    settings = (
        resolve({"model": engine})
        if isinstance(engine, str)
        else getattr(pick_engine(engine), "settings", None)
    )
    if not isinstance(settings, ModelSettings):
        return missing
    return [(left.chunk, left.digest) for left in unanswered(missing, settings)]


def _to_embed(
    texts: Sequence[str], embedder: Embedder | str, *, folder: Path | None
) -> tuple[str, list[str]]:
    """Id of the embedder, and those of the texts, each once, that it would be given."""
    made = as_embedder(embedder) if not isinstance(embedder, str) or embedder == LsaEmbedder.id else None
    name = made.id if made is not None else str(embedder)
    keys = {text_key(text): text for text in texts}
    known: set[str] = set()
    with ExitStack() as stack:
        if folder is not None:
            with suppress(StoreError):
                earlier = open_folder(folder, None)
                stack.callback(earlier.tables.close)
                is_same = earlier.manifest.embedder == name
                if is_same and (not isinstance(made, FittedEmbedder) or made.adopt(earlier.contents, texts)):
                    known |= set(earlier.tables.embedded())
    if not isinstance(made, FittedEmbedder):
        cache = VectorCache(cache_dir() / "vectors.sqlite", read_only=True)
        known |= set(cache.get(list(keys), embedder=name))
    return name, [text for key, text in keys.items() if key not in known]
