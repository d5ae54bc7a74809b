"""The engine that asks a chat model: OpenAI, an endpoint with OpenAI's protocol, or any LangChain model."""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from doctranslate.calls.client import Caller
from doctranslate.calls.request import Purpose, Reply, Request, Schema
from doctranslate.calls.settings import (
    DEFAULT_MODEL,
    Given,
    ModelSettings,
    calls_forbidden,
    names_a_model,
    resolve,
)
from doctranslate.engines import extract
from doctranslate.engines.base import Counterpart
from doctranslate.engines.condensing import condense_request, condensing_hash
from doctranslate.engines.marks import marked
from doctranslate.engines.replies import extract_code, joined
from doctranslate.engines.structured import (
    CounterpartReply,
    parse_counterpart,
    parse_digest,
    prose_counterpart,
)
from doctranslate.errors import MalformedReplyError
from doctranslate.prompts.build import again, counterpart_prompt
from doctranslate.prompts.templates import render
from doctranslate.records import ApiUsage, Chunk, Digest, Document, Job, Message, Prompt, Rewritten, Usage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

logger = logging.getLogger(__name__)

MAX_CONTINUATIONS = 3
"""How often a reply that was cut off is continued."""

_COUNTERPART = Schema("counterpart", CounterpartReply.model_json_schema())
_UNUSABLE = {
    "length": "the reply was cut off at the model's output limit",
    "content_filter": "the endpoint's content filter stopped the reply",
    "refusal": "the model refused to answer",
}


class ModelEngine:
    """Asks a chat model. A reply that was paid for once is kept, and asked for no second time.

    Nothing is sent while ``DOCTRANSLATE_OFFLINE`` is set, except to an address of this machine.

    Args:
        model: ``provider:model`` as LangChain's ``init_chat_model`` takes it (``openai`` is asked by OpenAI's own
            client), or a LangChain chat model; None for what environment or ``doctranslate.toml`` say.
        **given: Fields of `doctranslate.calls.settings.ModelSettings`; what is not given is looked up there.

    Raises:
        ConfigError: The model is not ``provider:model``, LangChain has no such provider, or a setting is wrong.
        MissingExtraError: A package for the model is not installed.
        ModelAuthError: OpenAI's own endpoint, and no key.
    """

    is_model = True

    def __init__(self, model: str | BaseChatModel | None = None, **given: Unpack[Given]) -> None:
        if model is None or isinstance(model, str):
            self.settings = resolve({**given, "model": model})
            self._caller = Caller(self.settings)
        else:
            from doctranslate.calls.langchain_model import LangChainModel, settings_of

            self.settings = ModelSettings.model_validate({**settings_of(model), **given})
            self._caller = Caller(self.settings, transport=LangChainModel(model, self.settings))
        self.name = self.settings.model

    @classmethod
    def from_environment(cls) -> ModelEngine | None:
        """The model that environment or ``doctranslate.toml`` name, or None when they name none, or forbid it.

        ``DOCTRANSLATE_MODEL`` is ``provider:model``, or the model's name at ``OPENAI_BASE_URL``;
        ``OPENAI_API_KEY`` alone means OpenAI's `DEFAULT_MODEL`.

        Raises:
            ConfigError: A setting is wrong.
            MissingExtraError: A model is named, and a package for it is missing.
            ModelAuthError: A model of OpenAI is named, and there is no key.
        """
        if not names_a_model():
            if os.environ.get("OPENAI_BASE_URL", "").strip():
                logger.warning("OPENAI_BASE_URL is set but DOCTRANSLATE_MODEL is not: no model is used")
            return None
        settings = resolve()
        if calls_forbidden(settings.base_url):
            return None
        is_only_key = settings.model == DEFAULT_MODEL and not os.environ.get("DOCTRANSLATE_MODEL", "").strip()
        if (
            is_only_key and importlib.util.find_spec("openai") is None
        ):  # the key may be there for another program
            logger.warning(
                "OPENAI_API_KEY is set but openai is not installed: no model is used; "
                "pip install 'doctranslate[openai]' brings it"
            )
            return None
        return cls()

    @property
    def caller(self) -> Caller:
        """What makes the calls, with log and costs."""
        return self._caller

    @property
    def condense_hash(self) -> str:
        """What `Digest.prompt_hash` will be: part of the key that digests are kept under."""
        return condensing_hash()

    def condense(self, chunks: Sequence[Chunk]) -> Iterator[Digest]:
        """One digest per chunk, in the same order, each as soon as it is there; one call each, several at a time.

        A chunk for which the model gives no usable JSON gets the offline engine's digest, which says so.

        Raises:
            ConfigError: Calls are forbidden.
            ModelError: The model failed.
        """
        prompt_hash = self.condense_hash
        replies = self._caller.ask_each(self.condense_request(chunk) for chunk in chunks)
        for chunk, reply in zip(chunks, replies, strict=True):
            try:
                yield parse_digest(self._usable(reply), chunk, engine=self.name, prompt_hash=prompt_hash)
            except MalformedReplyError as exc:
                logger.warning("%s: condensed without the model: %s", chunk.symbol or chunk.uri, exc)
                self._caller.forget(self.condense_request(chunk))
                yield extract.digest(chunk)

    def condense_request(self, chunk: Chunk) -> Request:
        """What `condense` asks for a chunk: what a batch is made of.

        Args:
            chunk: To be condensed.
        """
        return condense_request(chunk, model=self.name)

    def counterpart(
        self, docs_src: Sequence[Document], *, src: str, dst: str, usages: Sequence[ApiUsage] = ()
    ) -> Counterpart:
        """What the model says that ``dst`` has for the functionality that ``docs_src`` describe.

        A reply in prose names it all the same: its words are then the query, as in the paper.

        Raises:
            ConfigError: Calls are forbidden.
            ModelError: The model failed.
            MalformedReplyError: Its reply is empty, or JSON that is not what was asked for.
        """
        prompt = counterpart_prompt(docs_src, src=src, dst=dst, usages=usages, model=self.name)
        request = Request(prompt.messages, "counterpart", schema=_COUNTERPART)
        reply = self._caller.ask(request)
        text, usage = self._usable(reply), _usage(reply)
        try:
            return parse_counterpart(text, engine=self.name, usage=usage)
        except MalformedReplyError as exc:
            if "{" in text:
                self._caller.forget(request)
                raise
            logger.info("%s: taken as prose: %s", self.name, exc)
            return prose_counterpart(text, engine=self.name, usage=usage)

    def rewrite(self, prompt: Prompt, job: Job) -> Rewritten:
        """The program that the model writes, and what its comments mark as unresolved.

        A reply that is cut off is continued. One that holds no whole program is asked for once more, with what is
        wrong with it.

        Raises:
            ConfigError: Calls are forbidden.
            ModelError: The model failed.
            MalformedReplyError: The second reply cannot be used either; it is kept in the error.
        """
        purpose: Purpose = (
            "repair" if any(message.role == "assistant" for message in prompt.messages) else "rewrite"
        )
        request = Request(prompt.messages, purpose, sample=job.sample)
        text, usage = self._whole(request)
        try:
            code = extract_code(text, source=job.draft or job.code, model=self.name)
        except MalformedReplyError as exc:
            logger.info("%s: asked once more: %s", self.name, exc)
            second = replace(
                request, messages=again(prompt.messages, text, problem=str(exc)), purpose="repair"
            )
            text, more = self._whole(second)
            usage += more
            try:
                code = extract_code(text, source=job.draft or job.code, model=self.name)
            except MalformedReplyError:
                self._caller.forget(request, second)
                raise
        return replace(marked(code, job), usage=usage)

    def _whole(self, request: Request) -> tuple[str, Usage]:
        """A reply with its continuations, for one that was cut off.

        Raises:
            MalformedReplyError: It does not come to an end.
        """
        reply = self._caller.ask(request)
        texts, usage = [reply.text], _usage(reply)
        while reply.finish == "length" and reply.text.strip() and len(texts) <= MAX_CONTINUATIONS:
            asked = (
                *request.messages,
                Message(role="assistant", content=joined(texts)),
                Message(role="user", content=render("continue")),
            )
            reply = self._caller.ask(replace(request, messages=asked, purpose="continue"))
            texts.append(reply.text)
            usage += _usage(reply)
        return self._usable(replace(reply, text=joined(texts))), usage

    def _usable(self, reply: Reply) -> str:
        """The text of a reply that came to its own end.

        Raises:
            MalformedReplyError: It is cut off, filtered, or empty.
        """
        problem = _UNUSABLE.get(reply.finish, "" if reply.text.strip() else "the reply is empty")
        if problem:
            raise MalformedReplyError(f"{self.name}: {problem}", model=self.name, reply=reply.text)
        return reply.text


def _usage(reply: Reply) -> Usage:
    if reply.is_cached:
        return Usage(n_cached=1)
    return Usage(
        n_calls=1,
        prompt_tokens=reply.prompt_tokens,
        completion_tokens=reply.completion_tokens,
        cost_usd=reply.cost_usd,
    )
