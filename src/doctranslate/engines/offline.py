"""The engine that needs no model and no network: extraction, template descriptions, syntax-tree rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, TypeVar

from doctranslate.engines import extract
from doctranslate.engines.base import Counterpart
from doctranslate.engines.functionality import Functionality, functionalities
from doctranslate.engines.structured import generated_document
from doctranslate.records import ApiUsage, Chunk, Digest, Document, Job, Prompt, Rewritten, Unresolved

if TYPE_CHECKING:
    from doctranslate.rules.base import RuleSet

T = TypeVar("T")


class OfflineEngine:
    """Deterministic: the same input gives the same output, on every machine.

    Args:
        use_rules: Whether it knows the curated rules of a pair. False leaves it with what names and documents
            say: what a benchmark needs to tell retrieval from prior knowledge.

    Example:
        >>> OfflineEngine().name
        'offline'
    """

    name = "offline"
    is_model = False

    def __init__(self, *, use_rules: bool = True) -> None:
        self.use_rules = use_rules

    @property
    def condense_hash(self) -> str:
        """What `Digest.prompt_hash` will be: part of the key that digests are kept under."""
        return extract.extraction_hash()

    def condense(self, chunks: Sequence[Chunk]) -> Iterator[Digest]:
        """One digest per chunk, in the same order: first sentences, signatures and example as they stand."""
        return (extract.digest(chunk, engine=self.name) for chunk in chunks)

    def counterpart(
        self, docs_src: Sequence[Document], *, src: str, dst: str, usages: Sequence[ApiUsage] = ()
    ) -> Counterpart:
        """What the program needs in general words, and the rules' target names where there are rules.

        Args:
            docs_src: Docs-X, best first.
            src: Name of the source component.
            dst: Name of the target component.
            usages: The calls that the program makes; without any, every document counts as needed.
        """
        rules = self._rules(src, dst)
        needed = functionalities(docs_src, usages, src=src)
        queries: list[Sequence[str]] = []
        documents: list[Sequence[Document]] = []
        for each in needed:
            targets = rules.targets(each.symbol) if rules else ()
            queries.append((*targets, each.text))
            documents.append(self._documents(each, targets, rules))
        written = {document.chunk.id: document for document in _in_turn(documents)}
        return Counterpart(tuple(dict.fromkeys(_in_turn(queries))), tuple(written.values()))

    def rewrite(self, prompt: Prompt, job: Job) -> Rewritten:
        """The program by the rules of the pair; without rules unchanged, with every use unresolved.

        Args:
            prompt: Not read.
            job: The program and what is known of it.
        """
        rules = self._rules(job.src, job.dst)
        if rules is not None:
            return rules.rewrite(job)
        reason = (
            f"there are no rules from {job.src} to {job.dst}: a model engine is needed, such as "
            "engine='openai:gpt-4o' with OPENAI_API_KEY, or DOCTRANSLATE_MODEL with OPENAI_BASE_URL"
        )
        if not self.use_rules:
            reason = "the rules are switched off (use_rules=False)"
        unresolved = (
            Unresolved(line=u.line, symbol=u.symbol, code=u.code, reason=reason) for u in job.usages
        )
        return Rewritten(job.code, unresolved=tuple(unresolved))

    def _rules(self, src: str, dst: str) -> RuleSet | None:
        if not self.use_rules:
            return None
        from doctranslate.rules import find_rules  # LibCST is heavy

        return find_rules(src, dst)

    def _documents(
        self, needed: Functionality, targets: Sequence[str], rules: RuleSet | None
    ) -> list[Document]:
        """What strategy ``llm`` shows in place of the target's documentation."""
        if not targets or rules is None:
            return [generated_document(symbol="", description=needed.text, engine=self.name)]
        summary = rules.summary(needed.symbol) or needed.text
        return [generated_document(symbol=name, description=summary, engine=self.name) for name in targets]


def _in_turn(groups: Sequence[Sequence[T]]) -> Iterator[T]:
    """The first of each group, then the second of each: a call with many targets must not crowd out the others."""
    return (one for rank in zip_longest(*groups) for one in rank if one is not None)
