"""The engine that asks a chat model: OpenAI, an endpoint with OpenAI's protocol, or any LangChain model."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

from doctranslate.engines import extract
from doctranslate.engines.base import Counterpart
from doctranslate.engines.chat import (
    DEFAULT_MODEL,
    as_messages,
    calls_forbidden,
    endpoint,
    missing_package,
    name_of,
    open_chat,
    usage_of,
    whole_text,
)
from doctranslate.engines.failures import http_status, is_about_reply, own_errors
from doctranslate.engines.marks import marked
from doctranslate.engines.replies import extract_code
from doctranslate.engines.structured import (
    CounterpartReply,
    DigestReply,
    parse_counterpart,
    parse_digest,
    prose_counterpart,
)
from doctranslate.errors import ConfigError, MalformedReplyError, ModelError
from doctranslate.prompts.build import condense_prompt, counterpart_prompt
from doctranslate.prompts.templates import template_hash
from doctranslate.records import ApiUsage, Chunk, Digest, Document, Job, Prompt, Rewritten, Usage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

logger = logging.getLogger(__name__)


class ModelEngine:
    """Asks a chat model through LangChain.

    Nothing is sent while ``DOCTRANSLATE_OFFLINE`` is set, except to an address of this machine.

    Args:
        model: ``provider:model`` as LangChain's ``init_chat_model`` takes it, or a LangChain chat model.
        temperature: Sampling temperature, 0 to 2; None leaves it to the model, as some demand.
        timeout_s: Seconds to wait for an answer, for each attempt.
        max_retries: Further attempts after a rate limit, a timeout or a failure of the endpoint.
        max_workers: Calls at the same time in `condense`.
        base_url: Address of an OpenAI-compatible endpoint; default ``$OPENAI_BASE_URL``. It needs no key.
        api_key: Default ``$OPENAI_API_KEY``.

    Raises:
        ConfigError: The model is not ``provider:model``, or LangChain has no such provider.
        MissingExtraError: LangChain or its OpenAI package is not installed.
        ModelAuthError: OpenAI's own endpoint, and no key.
    """

    is_model = True

    def __init__(
        self,
        model: str | BaseChatModel = DEFAULT_MODEL,
        *,
        temperature: float | None = 0,
        timeout_s: float = 120,
        max_retries: int = 2,
        max_workers: int = 8,
        base_url: str | None = None,
        api_key: str | None = None,
    ) -> None:
        if max_workers < 1:
            raise ConfigError(f"max_workers must be at least 1, got {max_workers}")
        self.timeout_s = timeout_s
        self.max_workers = max_workers
        self._structured = True
        if isinstance(model, str):
            base_url = endpoint(model, base_url)
            settings = {"temperature": temperature, "timeout": timeout_s, "max_retries": max_retries}
            self.name = model
            self._chat = open_chat(model, base_url=base_url, api_key=api_key, settings=settings)
        else:
            self.name = name_of(model)
            self._chat = model
            base_url = getattr(model, "openai_api_base", None) or getattr(model, "base_url", None)
        self._base_url = base_url

    @classmethod
    def from_environment(cls) -> ModelEngine | None:
        """The model that the environment names, or None when it names none, or forbids it.

        ``DOCTRANSLATE_MODEL`` is ``provider:model``, or the model's name at ``OPENAI_BASE_URL``;
        ``OPENAI_API_KEY`` alone means OpenAI's `DEFAULT_MODEL`.

        Raises:
            ConfigError: ``DOCTRANSLATE_MODEL`` is not ``provider:model``.
            MissingExtraError: ``DOCTRANSLATE_MODEL`` is set, and a package for it is missing.
            ModelAuthError: ``DOCTRANSLATE_MODEL`` is set to a model of OpenAI, and there is no key.
        """
        model = os.environ.get("DOCTRANSLATE_MODEL", "").strip()
        base_url = os.environ.get("OPENAI_BASE_URL", "").strip() or None
        if not model and not os.environ.get("OPENAI_API_KEY"):
            if base_url:
                logger.warning("OPENAI_BASE_URL is set but DOCTRANSLATE_MODEL is not: no model is used")
            return None
        if calls_forbidden(base_url):
            return None
        if not model:
            missing = missing_package()
            if missing:  # the key may be there for another program
                logger.warning(
                    "OPENAI_API_KEY is set but %s is not installed: no model is used; "
                    "pip install 'doctranslate[openai]' brings it",
                    missing,
                )
                return None
            return cls(DEFAULT_MODEL)
        known = ":" in model
        return cls(model if known or not base_url else f"openai:{model}")

    @property
    def condense_hash(self) -> str:
        """What `Digest.prompt_hash` will be: part of the key that digests are kept under."""
        return template_hash("condense.system", "condense")

    def condense(self, chunks: Sequence[Chunk]) -> list[Digest]:
        """One digest per chunk, in the same order; one call each, several at a time.

        A chunk for which the model gives no usable JSON gets the offline engine's digest, which says so.

        Raises:
            ConfigError: Calls are forbidden.
            ModelError: The model failed.
        """
        if not chunks:
            return []
        pool = ThreadPoolExecutor(min(self.max_workers, len(chunks)), thread_name_prefix="condense")
        try:
            futures = [pool.submit(self._digest, chunk) for chunk in chunks]
            return [future.result() for future in futures]
        finally:  # after an error, what is not yet sent is not sent
            pool.shutdown(cancel_futures=True)

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
        reply, usage = self._ask_json(prompt, CounterpartReply)
        try:
            return parse_counterpart(reply, engine=self.name, usage=usage)
        except MalformedReplyError as exc:
            if "{" in reply:
                raise
            logger.info("%s: taken as prose: %s", self.name, exc)
            return prose_counterpart(reply, engine=self.name, usage=usage)

    def rewrite(self, prompt: Prompt, job: Job) -> Rewritten:
        """The program that the model writes, and what its comments mark as unresolved.

        Raises:
            ConfigError: Calls are forbidden.
            ModelError: The model failed.
            MalformedReplyError: The reply is cut off, holds no program, or leaves parts out; it is kept.
        """
        message = self._ask(prompt)
        text = whole_text(message, model=self.name)
        code = extract_code(text, source=job.code, model=self.name)
        return replace(marked(code, job), usage=usage_of(message))

    def _digest(self, chunk: Chunk) -> Digest:
        prompt = condense_prompt(chunk, model=self.name)
        try:
            reply, _ = self._ask_json(prompt, DigestReply)
            return parse_digest(reply, chunk, engine=self.name, prompt_hash=prompt.template_hash)
        except MalformedReplyError as exc:
            if not is_about_reply(exc):
                raise
            logger.warning("%s: condensed without the model: %s", chunk.symbol or chunk.uri, exc)
            return extract.digest(chunk)

    def _ask(self, prompt: Prompt) -> BaseMessage:
        self._check_allowed()
        with own_errors(self.name, timeout_s=self.timeout_s):
            return self._chat.invoke(as_messages(prompt))

    def _ask_json(self, prompt: Prompt, schema: type[BaseModel]) -> tuple[str, Usage]:
        """JSON text: by structured output where the endpoint has it, else as the prompt asks for it."""
        self._check_allowed()
        if self._structured:
            try:
                return self._ask_structured(prompt, schema)
            except (ModelError, NotImplementedError) as exc:
                refused = isinstance(exc, NotImplementedError) or http_status(exc.__cause__) in (
                    400,
                    422,
                    501,
                )
                if not refused or type(exc) not in (ModelError, NotImplementedError):
                    raise
                logger.info("%s has no structured output, asking for JSON in plain text: %s", self.name, exc)
                self._structured = False
        message = self._ask(prompt)
        return whole_text(message, model=self.name), usage_of(message)

    def _ask_structured(self, prompt: Prompt, schema: type[BaseModel]) -> tuple[str, Usage]:
        # As a plain JSON schema: with a class, the client would throw away what is almost JSON.
        chat = self._chat.with_structured_output(schema.model_json_schema(), include_raw=True)
        with own_errors(self.name, timeout_s=self.timeout_s):
            found = cast("dict[str, Any]", chat.invoke(as_messages(prompt)))
        raw, parsed = found["raw"], found["parsed"]
        if isinstance(parsed, dict):  # by a tool call: the text is empty then
            return json.dumps(parsed), usage_of(raw)
        return whole_text(raw, model=self.name), usage_of(raw)

    def _check_allowed(self) -> None:
        if calls_forbidden(self._base_url):
            raise ConfigError(
                f"DOCTRANSLATE_OFFLINE is set, and {self.name} is not on this machine: unset it, or use "
                "engine='offline'"
            )
