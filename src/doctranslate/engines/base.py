"""What an engine is: the three places where the paper puts a language model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from doctranslate.records import ApiUsage, Chunk, Digest, Document, Job, Prompt, Rewritten, Usage


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What an engine says of the target library, given documents of the source library.

    Attributes:
        queries: One text per functionality; each queries Y's store (``llm-docs``).
        documents: Docs-Y as the engine writes them (``llm``); marked as generated, they back no citation.
        usage: What it cost.
    """

    queries: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    usage: Usage = field(default_factory=Usage)


class Engine(Protocol):
    """Condenses documentation, names counterparts, rewrites programs."""

    name: str
    """Shown in results and written into stores: ``offline``, ``openai:gpt-4o``, ``scripted``."""

    is_model: bool
    """Whether a language model answers (and may invent)."""

    def condense(self, chunks: Sequence[Chunk]) -> Iterable[Digest]:
        """One digest per chunk, in the same order; an engine that takes its time gives each as soon as it is there.

        Raises:
            ModelError: The model failed.
        """
        ...

    def counterpart(
        self, docs_src: Sequence[Document], *, src: str, dst: str, usages: Sequence[ApiUsage] = ()
    ) -> Counterpart:
        """What in ``dst`` matches the functionality that ``docs_src`` describe.

        Raises:
            ModelError: The model failed.
        """
        ...

    def rewrite(self, prompt: Prompt, job: Job) -> Rewritten:
        """The program, rewritten for ``job.dst``.

        A model reads the prompt; the offline engine reads the job.

        Raises:
            ModelError: The model failed.
            MalformedReplyError: Its reply holds no program.
        """
        ...
