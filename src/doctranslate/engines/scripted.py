"""An engine whose replies are given up front: what tests and documentation run on.

Replies go through the same reading as a model's (`doctranslate.engines.replies`), so that a test can give
what a model would really write: fences, prose, broken JSON.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from doctranslate.engines.base import Counterpart
from doctranslate.engines.marks import marked
from doctranslate.engines.replies import extract_code
from doctranslate.engines.structured import parse_counterpart, parse_digest
from doctranslate.errors import ConfigError
from doctranslate.prompts.build import condense_prompt, counterpart_prompt
from doctranslate.prompts.templates import template_hash
from doctranslate.records import ApiUsage, Chunk, Digest, Document, Job, Prompt, Rewritten, Usage

Subject = TypeVar("Subject")
Reply = TypeVar("Reply")
_Replies = Iterable[Reply | Exception] | Callable[[Prompt, Subject], Reply | Exception]


class ScriptedEngine:
    r"""Answers from a queue or from plain functions, and remembers the prompts.

    A reply is what a model would write (text), or the finished record, or an exception to be raised.

    Args:
        rewrites: A reply for each call of `rewrite`, or a function of prompt and job.
        counterparts: A reply for each call of `counterpart`, or a function of prompt and documents.
        digests: A reply for each chunk, or a function of prompt and chunk.
        name: Shown in results.

    Attributes:
        prompts: What it was asked, in order.

    Example:
        >>> engine = ScriptedEngine(rewrites=["```python\nimport dvc\n```"])
        >>> engine.rewrite(Prompt(messages=(), n_tokens=0, counted_by="estimate"), Job("", "a", "b")).code
        'import dvc\n'
    """

    is_model = True

    def __init__(
        self,
        rewrites: _Replies[str | Rewritten, Job] = (),
        *,
        counterparts: _Replies[str | Counterpart, Sequence[Document]] = (),
        digests: _Replies[str | Digest, Chunk] = (),
        name: str = "scripted",
    ) -> None:
        self.name = name
        self.prompts: list[Prompt] = []
        self._rewrites: _Script[Job, str | Rewritten] = _Script("rewrites", rewrites)
        self._counterparts: _Script[Sequence[Document], str | Counterpart]
        self._counterparts = _Script("counterparts", counterparts)
        self._digests: _Script[Chunk, str | Digest] = _Script("digests", digests)

    @property
    def condense_hash(self) -> str:
        """What `Digest.prompt_hash` will be: part of the key that digests are kept under."""
        return template_hash("condense.system", "condense")

    def condense(self, chunks: Sequence[Chunk]) -> list[Digest]:
        """One digest per chunk, in the same order.

        Raises:
            ConfigError: There are more chunks than replies.
            MalformedReplyError: A reply is not the JSON asked for.
        """
        return [self._digest(chunk) for chunk in chunks]

    def counterpart(
        self, docs_src: Sequence[Document], *, src: str, dst: str, usages: Sequence[ApiUsage] = ()
    ) -> Counterpart:
        """The next counterpart.

        Raises:
            ConfigError: No reply is left.
            MalformedReplyError: The reply is not the JSON asked for.
        """
        prompt = counterpart_prompt(docs_src, src=src, dst=dst, usages=usages)
        reply = self._counterparts.next(self._asked(prompt), docs_src)
        if isinstance(reply, Counterpart):
            return reply
        return parse_counterpart(reply, engine=self.name, usage=Usage(n_calls=1))

    def rewrite(self, prompt: Prompt, job: Job) -> Rewritten:
        """The next program.

        Raises:
            ConfigError: No reply is left.
            MalformedReplyError: The reply holds no program.
        """
        reply = self._rewrites.next(self._asked(prompt), job)
        if isinstance(reply, Rewritten):
            return reply
        code = extract_code(reply, source=job.draft or job.code, model=self.name)
        return replace(marked(code, job), usage=Usage(n_calls=1))

    def _digest(self, chunk: Chunk) -> Digest:
        prompt = condense_prompt(chunk)
        reply = self._digests.next(self._asked(prompt), chunk)
        if isinstance(reply, Digest):
            return reply
        return parse_digest(reply, chunk, engine=self.name, prompt_hash=prompt.template_hash)

    def _asked(self, prompt: Prompt) -> Prompt:
        self.prompts.append(prompt)
        return prompt


class _Script(Generic[Subject, Reply]):
    """Replies in order, or a function that makes them."""

    def __init__(self, kind: str, replies: _Replies[Reply, Subject]) -> None:
        self._kind = kind
        self._lock = threading.Lock()
        self._make: Callable[[Prompt, Subject], Reply | Exception] | None = None
        self._queue: list[Reply | Exception] = []
        if callable(replies):
            self._make = replies
        elif isinstance(replies, str):
            raise ConfigError(f"ScriptedEngine: {kind} must be a list of replies or a function, not one text")
        else:
            self._queue = list(replies)
        self._n_taken = 0

    def next(self, prompt: Prompt, subject: Subject) -> Reply:
        """The next reply; an exception is raised instead."""
        reply = self._make(prompt, subject) if self._make else self._take()
        if isinstance(reply, Exception):
            raise reply
        return reply

    def _take(self) -> Reply | Exception:
        with self._lock:
            if self._n_taken == len(self._queue):
                raise ConfigError(
                    f"ScriptedEngine: call {self._n_taken + 1} for {self._kind}, and {len(self._queue)} "
                    f"replies were given: give more in {self._kind}=, or a function"
                )
            self._n_taken += 1
            return self._queue[self._n_taken - 1]
