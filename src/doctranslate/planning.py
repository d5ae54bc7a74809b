"""What a translation by a model would ask, and cost, without asking."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from doctranslate.building import Progress
from doctranslate.calls.prices import price_of
from doctranslate.calls.request import Purpose
from doctranslate.calls.settings import resolve
from doctranslate.engines.base import Counterpart, Engine
from doctranslate.engines.offline import OfflineEngine
from doctranslate.errors import ConfigError, UsageError
from doctranslate.pipeline import MAX_PROMPT_TOKENS, translate
from doctranslate.privacy import Mask
from doctranslate.prompts.budget import count_tokens, counted_by
from doctranslate.prompts.build import counterpart_prompt
from doctranslate.records import (
    ApiUsage,
    Chunk,
    Digest,
    Document,
    Job,
    Prompt,
    QueryMode,
    Record,
    Rewritten,
    Strategy,
)

_FINDINGS = 300
"""What the findings of a round of repair, and its instructions, come to, about."""


class PlannedCall(Record):
    """One call that would be made.

    Attributes:
        purpose: ``counterpart``, ``rewrite`` or ``repair``.
        prompt_tokens: That would be sent.
        completion_tokens: That would come back, about: the program at its present length, or the offline engine's
            answer to the same question.
    """

    purpose: Purpose
    prompt_tokens: int
    completion_tokens: int


class TranslationPlan(Record):
    """What a translation would ask.

    Attributes:
        src: Name of the source component.
        dst: Name of the target component.
        strategy: The retrieval strategy.
        engine: The model, or ``offline``.
        calls: Those that are made in any case.
        repairs: Those that are made as well, at most, where checks fail.
        n_documents: Documents in the prompt.
        n_dropped: Documents that were left out of it.
        hidden: How many values of the program would be masked, by kind.
        counted_by: Name of the tokenizer, or ``estimate`` where none could be loaded.
        cost_usd: Of `calls`; None where the price is not known.
        most_usd: With all `repairs`.
        priced: Date and origin of the price.
    """

    src: str
    dst: str
    strategy: Strategy
    engine: str
    calls: tuple[PlannedCall, ...] = ()
    repairs: tuple[PlannedCall, ...] = ()
    n_documents: int = 0
    n_dropped: int = 0
    hidden: Mapping[str, int] = {}
    counted_by: str = ""
    cost_usd: float | None = 0.0
    most_usd: float | None = 0.0
    priced: str = ""

    def __str__(self) -> str:
        lines = [f"{self.src} → {self.dst} by {self.engine}, strategy {self.strategy}: nothing was sent"]
        if not self.calls:
            return f"{lines[0]}, and nothing would be"
        for title, calls in (("calls", self.calls), ("at most as well", self.repairs)):
            lines += [
                f"  {title}: {each.purpose}, {each.prompt_tokens} tokens sent, about {each.completion_tokens} back"
                for each in calls
            ]
        lines.append(f"  documents in the prompt: {self.n_documents}, left out: {self.n_dropped}")
        masked = ", ".join(f"{n} {kind}" for kind, n in self.hidden.items()) or "nothing"
        lines.append(f"  masked: {masked}")
        lines.append(f"  tokens counted by: {self.counted_by}")
        if self.cost_usd is None or self.most_usd is None:
            lines.append("  cost: the price is not known")
        else:
            lines.append(
                f"  cost: {self.cost_usd:.4f} USD, with all repairs {self.most_usd:.4f} ({self.priced})"
            )
        return "\n".join(lines)


def plan_translation(
    code: str,
    src: str,
    dst: str,
    strategy: Strategy = "llm-docs",
    *,
    engine: Engine | str | None = None,
    k: int = 4,
    query: QueryMode = "calls",
    data: Sequence[str] | str | None = None,
    data_remote: str | None = None,
    bridge: bool = True,
    repair: int = 2,
    draft: bool = False,
    max_prompt_tokens: int = MAX_PROMPT_TOKENS,
    stores: Path | str | None = None,
    progress: Progress | None = None,
) -> TranslationPlan:
    """Say what `translate` would ask a model with the same arguments. Nothing is sent, and no key is needed.

    The documents are found as for the translation; where a model would name what to look for, the offline engine
    stands in, so that the real prompt may hold other documents of about the same length.

    Args:
        code: The program.
        src: See `translate`.
        dst: See `translate`.
        strategy: See `translate`.
        engine: See `translate`.
        k: See `translate`.
        query: See `translate`.
        data: See `translate`.
        data_remote: See `translate`.
        bridge: See `translate`.
        repair: See `translate`.
        draft: See `translate`.
        max_prompt_tokens: See `translate`.
        stores: See `translate`.
        progress: See `translate`.

    Raises:
        DocTranslateError: See `translate`.
    """
    model = _model_name(engine)
    standing_in = _StandsIn(model) if model else OfflineEngine()
    found = translate(
        code,
        src,
        dst,
        strategy,
        engine=standing_in,
        k=k,
        query=query,
        verify="none",
        data=data,
        data_remote=data_remote,
        bridge=bridge,
        repair=0,
        draft=draft,
        max_prompt_tokens=max_prompt_tokens,
        stores=stores,
        progress=progress,
    )
    calls = tuple(standing_in.planned) if isinstance(standing_in, _StandsIn) else ()
    is_one_prompt = sum(call.purpose == "rewrite" for call in calls) == 1
    repairs = (
        tuple(_repair(call) for call in calls if call.purpose == "rewrite") * repair if is_one_prompt else ()
    )
    price = price_of(model) if model else None
    n_dropped = len(found.prompt.dropped) if found.prompt and calls else 0
    n_found = len(found.retrieved.docs_src) + len(found.retrieved.docs_dst)

    def cost(every: Iterable[PlannedCall]) -> float | None:
        if price is None:
            return None if calls else 0.0
        return sum(price.of(input_tokens=c.prompt_tokens, output_tokens=c.completion_tokens) for c in every)

    hidden: dict[str, int] = {}
    for each in Mask.of(code).hidden if calls else ():
        hidden[each.kind] = hidden.get(each.kind, 0) + 1
    return TranslationPlan(
        src=found.src,
        dst=found.dst,
        strategy=strategy,
        engine=model or "offline",
        calls=calls,
        repairs=repairs,
        n_documents=n_found - n_dropped if calls else 0,
        n_dropped=n_dropped,
        hidden=hidden,
        counted_by=counted_by(model) if model and calls else "",
        cost_usd=cost(calls),
        most_usd=cost((*calls, *repairs)),
        priced=f"{price.date}, {price.source}" if price else "",
    )


class _StandsIn:
    """A model that is never asked: notes what it would be sent."""

    is_model = True

    def __init__(self, model: str) -> None:
        self.name = model
        self.planned: list[PlannedCall] = []

    def condense(self, chunks: Sequence[Chunk]) -> Iterable[Digest]:
        raise UsageError("a plan condenses nothing: see plan_build")

    def counterpart(
        self, docs_src: Sequence[Document], *, src: str, dst: str, usages: Sequence[ApiUsage] = ()
    ) -> Counterpart:
        prompt = counterpart_prompt(docs_src, src=src, dst=dst, usages=usages, model=self.name)
        found = OfflineEngine().counterpart(docs_src, src=src, dst=dst, usages=usages)
        reply = {"queries": found.queries, "documents": [each.for_prompt() for each in found.documents]}
        self._note("counterpart", prompt, json.dumps(reply))
        return found

    def rewrite(self, prompt: Prompt, job: Job) -> Rewritten:
        self._note("rewrite", prompt, job.draft or job.code)
        return Rewritten(job.code)

    def _note(self, purpose: Purpose, prompt: Prompt, reply: str) -> None:
        call = PlannedCall(
            purpose=purpose, prompt_tokens=prompt.n_tokens, completion_tokens=count_tokens(reply, self.name)
        )
        self.planned.append(call)


def _model_name(engine: Engine | str | None) -> str:
    """The model that is meant, without opening it: a plan needs no key. "" for the offline engine."""
    if engine is None:
        from doctranslate.calls.settings import names_a_model

        return resolve().model if names_a_model() else ""
    if isinstance(engine, str):
        if engine == "offline":
            return ""
        if ":" not in engine:
            raise ConfigError(f"unknown engine {engine!r}: 'offline', or a model as 'provider:model'")
        return engine
    return engine.name if engine.is_model else ""


def _repair(call: PlannedCall) -> PlannedCall:
    n_sent = call.prompt_tokens + call.completion_tokens + _FINDINGS
    return PlannedCall(purpose="repair", prompt_tokens=n_sent, completion_tokens=call.completion_tokens)
