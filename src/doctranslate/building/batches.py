"""What builds would ask a model, as one batch: neither what is condensed already, nor what was answered already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doctranslate.building.survey import survey
from doctranslate.calls.ledger import Ledger
from doctranslate.calls.prices import price_of
from doctranslate.calls.request import Request, key_of, prompt_tokens_of
from doctranslate.calls.settings import ModelSettings
from doctranslate.config import cache_dir
from doctranslate.engines.condensing import condense_request, condensing_hash
from doctranslate.prompts.budget import count_tokens, counted_by
from doctranslate.records import Chunk, Digest, Record

_WRITTEN = {"description", "signatures", "example", "relevant"}


class Asked(Record):
    """How much builds would ask.

    Attributes:
        components: What would be built, as ``name==version``.
        model: What would be asked.
        n_chunks: Chunks that the stores would hold.
        n_condensed: Those that were condensed by the model before.
        n_answered: Those for which a reply is kept that no build has read yet.
        n_calls: What is left.
        prompt_tokens: Length of the prompts of these, with the schema of the reply, as `counted_by` counts.
        completion_tokens: An estimate: the digests that the offline engine makes of the same chunks, as JSON.
        counted_by: Name of the tokenizer, or ``estimate`` where none could be loaded.
        cost_usd: By the price table, which knows no discount for batches; None where the price is not known.
        priced: Date and origin of the price.
    """

    components: tuple[str, ...] = ()
    model: str
    n_chunks: int = 0
    n_condensed: int = 0
    n_answered: int = 0
    n_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    counted_by: str = ""
    cost_usd: float | None = None
    priced: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """What a model must still be asked.

    Attributes:
        request: Which asks it.
        chunk: To be condensed.
        digest: The offline engine's, which stands in.
    """

    request: Request
    chunk: Chunk
    digest: Digest


def ask_builds(names: Sequence[str], settings: ModelSettings, **how: Any) -> tuple[list[Request], Asked]:
    """What `build_store` would ask a model for libraries. No model is called, and no key is needed.

    Args:
        names: See `build_store`.
        settings: Of the model: a build with other settings asks for other replies.
        **how: ``sources``, ``folders``, ``urls``, ``workers``, ``webdriver_url``, ``stores``, ``progress`` of
            `build_store`.

    Returns:
        Each request once, and how much it is.

    Raises:
        UsageError: See `doctranslate.building.survey.survey`.
        CrawlError: Documentation cannot be read.
        ConfigError: ``DOCTRANSLATE_OFFLINE`` forbids to read a site, or the price table cannot be read.
        StoreError: A cache cannot be read.
    """
    surveys = [
        survey(name, engine_name=settings.model, prompt_hash=condensing_hash(), **how) for name in names
    ]
    missing = [pair for found in surveys for pair in found.missing]
    left = unanswered(missing, settings)
    n_chunks = sum(len(found.curated.chunks) for found in surveys)
    sent = sum(prompt_tokens_of(each.request, settings.model) for each in left)
    back = sum(digest_tokens(each.digest, settings.model) for each in left)
    price = price_of(settings.model)
    asked = Asked(
        components=tuple(f"{found.wanted.component.name}=={found.version}" for found in surveys),
        model=settings.model,
        n_chunks=n_chunks,
        n_condensed=n_chunks - len(missing),
        n_answered=len(missing) - len(left),
        n_calls=len(left),
        prompt_tokens=sent,
        completion_tokens=back,
        counted_by=counted_by(settings.model),
        cost_usd=price.of(input_tokens=sent, output_tokens=back) if price else None,
        priced=", ".join(filter(None, (price.source, price.date))) if price else "",
    )
    return [each.request for each in left], asked


def unanswered(missing: Iterable[tuple[Chunk, Digest]], settings: ModelSettings) -> list[Left]:
    """What a model must still be asked, each once: without the requests to which a reply is kept.

    Args:
        missing: Chunks that are not condensed, each with a digest that stands in.
        settings: Of the model.

    Raises:
        StoreError: The book of calls cannot be read.
    """
    asked: dict[str, Left] = {}
    for chunk, digest in missing:
        request = condense_request(chunk, model=settings.model)
        asked.setdefault(key_of(request, settings), Left(request, chunk, digest))
    answered = _kept(asked) if settings.cache else set()
    return [left for key, left in asked.items() if key not in answered]


def digest_tokens(digest: Digest, model: str) -> int:
    """How long a model's reply would be if it were this digest.

    Args:
        digest: As it could be.
        model: Whose tokenizer counts.
    """
    return count_tokens(digest.model_dump_json(include=_WRITTEN), model)


def _kept(keys: Iterable[str]) -> set[str]:
    path: Path = cache_dir() / "calls.sqlite"
    if not path.exists():
        return set()
    with closing(Ledger(path)) as ledger:
        return ledger.known(keys)
