"""Makes calls, within limits, budget and time, and again where it is worth it; none that was paid for already."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Protocol

from doctranslate.calls.ledger import Call, Ledger
from doctranslate.calls.limits import Limiter
from doctranslate.calls.pool import in_order
from doctranslate.calls.prices import price_of
from doctranslate.calls.request import Reply, Request, key_of, prompt_tokens_of
from doctranslate.calls.retry import is_retryable, pause_s
from doctranslate.calls.settings import ModelSettings, calls_forbidden
from doctranslate.calls.spending import Budget
from doctranslate.config import cache_dir
from doctranslate.errors import ConfigError, DocTranslateError, ModelRateLimitError, ModelStoppedError
from doctranslate.prompts.budget import count_tokens

MAX_REPLY_TOKENS = 8_192
"""How long a reply may be at most where a budget must be held and nothing else is said."""

_KEPT = ("stop", "length", "")


class Transport(Protocol):
    """What sends a request once."""

    def send(self, request: Request) -> Reply:
        """Ask once; raises a `ModelError` of the kind that fits."""
        ...

    def stream(self, request: Request) -> Iterator[str]:
        """Ask once, and give the reply piece by piece."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


def open_transport(settings: ModelSettings) -> Transport:
    """What speaks to a model.

    Args:
        settings: Of the model.

    Raises:
        ConfigError: LangChain cannot load the provider.
        MissingExtraError: A package is not installed.
        ModelAuthError: A key is needed, and there is none.
    """
    if settings.provider == "openai":
        from doctranslate.calls.openai_endpoint import OpenAIEndpoint

        return OpenAIEndpoint(settings)
    from doctranslate.calls.langchain_model import open_langchain

    return open_langchain(settings)


class Caller:
    """Asks one model. Threads may share it.

    Args:
        settings: How it is asked.
        transport: What sends; None for the one that fits the settings.
        ledger: Where replies and log are kept; None for `book`.

    Attributes:
        job: Name of this run in the log.
    """

    def __init__(
        self, settings: ModelSettings, *, transport: Transport | None = None, ledger: Ledger | None = None
    ) -> None:
        self.settings = settings
        self.job = f"{time.strftime('%Y%m%d-%H%M%S')}-{uuid.uuid4().hex[:4]}"
        self._budget = Budget(settings.max_cost_usd, price_of(settings.model), model=settings.model)
        self._transport = transport or open_transport(settings)
        self._ledger = ledger
        self._limiter = Limiter(settings.requests_per_minute, settings.tokens_per_minute)
        self._chance = random.Random()
        self._lock = threading.Lock()
        self._under_way: dict[str, Future[Reply]] = {}

    @property
    def spent_usd(self) -> float:
        """What the calls so far cost, as far as a price is known."""
        return self._budget.spent_usd

    def ask(
        self, request: Request, *, stop: threading.Event | None = None, until: float | None = None
    ) -> Reply:
        """The reply to a request. One that was paid for before is not asked for again.

        Args:
            request: What to ask.
            stop: Ends it when it is set.
            until: Moment of `time.monotonic` at which it ends; None for the settings' ``deadline_s`` from now.

        Raises:
            ConfigError: Calls are forbidden.
            ModelError: It failed for good; `CostLimitError` or `ModelStoppedError` when it was not made.
        """
        key = key_of(request, self.settings)
        with self._lock:
            future = self._under_way.get(key)
            is_first = future is None
            if future is None:
                future = self._under_way[key] = Future()
        if not is_first:  # another thread asks the same at this moment: it pays, both have the reply
            return future.result()
        try:
            reply = self._answer(request, key, stop or threading.Event(), until or self._deadline())
        except BaseException as exc:
            future.set_exception(exc)
            future.exception()  # it is raised here; that nobody else waits for it is no mistake
            raise
        else:
            future.set_result(reply)
            return reply
        finally:
            with self._lock:
                del self._under_way[key]

    def ask_each(self, requests: Iterable[Request]) -> Iterator[Reply]:
        """The replies to many requests, in their order, several asked for at the same time.

        Args:
            requests: What to ask; taken as needed.

        Raises:
            ConfigError: Calls are forbidden.
            ModelError: The endpoint failed for good.
        """
        stop = threading.Event()
        until = self._deadline()
        yield from in_order(
            lambda request: self.ask(request, stop=stop, until=until),
            requests,
            n_workers=self.settings.max_workers,
            stop=stop,
        )

    def forget(self, *requests: Request) -> None:
        """Keep replies no longer that turned out to be of no use: they are asked for again next time.

        Args:
            *requests: What was asked.
        """
        for request in requests:
            self.book().forget(key_of(request, self.settings))

    def stream(self, request: Request) -> Iterator[str]:
        """The reply piece by piece; logged and counted when it is whole, not kept, and asked for once only.

        Args:
            request: What to ask.

        Raises:
            ConfigError: Calls are forbidden.
            ModelError: It failed.
        """
        self._check_allowed()
        key, started = key_of(request, self.settings), time.monotonic()
        pieces: list[str] = []
        try:
            for piece in self._transport.stream(request):
                pieces.append(piece)
                yield piece
        except DocTranslateError as exc:
            self._note_failure(request, key, exc, 1, time.monotonic() - started)
            raise
        text = "".join(pieces)
        n_sent = prompt_tokens_of(request, self.settings.model)  # no endpoint needs to report them here
        n_back = count_tokens(text, self.settings.model)
        reply = Reply(text, "", n_sent, n_back, latency_s=time.monotonic() - started)
        noted = self._noted(request, key, reply, 1, is_kept=False)
        self._budget.settle(0.0, noted.cost_usd)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def book(self) -> Ledger:
        """Where replies and log are kept: ``calls.sqlite`` in the user's cache."""
        with self._lock:
            if self._ledger is None:
                self._ledger = Ledger(cache_dir() / "calls.sqlite")
            return self._ledger

    def _deadline(self) -> float | None:
        return None if self.settings.deadline_s is None else time.monotonic() + self.settings.deadline_s

    def _answer(self, request: Request, key: str, stop: threading.Event, until: float | None) -> Reply:
        book = self.book()
        kept = book.reply(key) if self.settings.cache else None
        if kept is not None:
            return kept
        self._check_allowed()
        needs_count = self.settings.max_cost_usd is not None or self.settings.tokens_per_minute is not None
        n_sent = prompt_tokens_of(request, self.settings.model) if needs_count else 0
        longest = request.max_tokens or self.settings.max_tokens or MAX_REPLY_TOKENS
        if self.settings.max_cost_usd is not None:  # a limit holds only when the reply has one
            request = replace(request, max_tokens=longest)
        set_aside = self._budget.set_aside(n_sent, longest, stop)
        cost: float | None = 0.0
        try:
            reply = self._send(request, key, n_sent + longest, stop, until)
            cost = reply.cost_usd
            return reply
        finally:
            self._budget.settle(set_aside, cost)

    def _send(
        self, request: Request, key: str, n_tokens: int, stop: threading.Event, until: float | None
    ) -> Reply:
        n_failed = 0
        while True:
            if not self._limiter.wait(n_tokens, stop, until=until):
                raise self._stopped(stop)
            started = time.monotonic()
            try:
                reply = self._transport.send(request)
            except DocTranslateError as exc:
                self._limiter.settle(n_tokens, 0)
                n_failed += 1
                is_last = not is_retryable(exc) or n_failed > self.settings.max_retries
                self._note_failure(request, key, exc, n_failed, time.monotonic() - started)
                pause = pause_s(exc, n_failed, chance=self._chance)
                if isinstance(exc, ModelRateLimitError):
                    self._limiter.refused(pause, _headers(exc))
                if is_last:
                    raise
                if not isinstance(exc, ModelRateLimitError) and stop.wait(pause):
                    raise self._stopped(stop) from exc
                continue
            self._limiter.settle(n_tokens, reply.prompt_tokens + reply.completion_tokens)
            self._limiter.answered()
            return self._noted(request, key, reply, n_failed + 1)

    def _noted(
        self, request: Request, key: str, reply: Reply, n_attempts: int, *, is_kept: bool = True
    ) -> Reply:
        cost = self._budget.cost_of(reply.prompt_tokens, reply.completion_tokens)
        if (
            cost is not None and not reply.prompt_tokens
        ):  # the endpoint counts nothing: we do, on the safe side
            cost = self._budget.cost_of(prompt_tokens_of(request, self.settings.model), len(reply.text) // 2)
        reply = replace(reply, cost_usd=cost)
        is_kept = is_kept and self.settings.cache and reply.finish in _KEPT and bool(reply.text.strip())
        call = Call(
            **self._line(request, key),
            reply=reply.text,
            finish=reply.finish,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            cost_usd=cost,
            latency_s=reply.latency_s,
            n_attempts=n_attempts,
        )
        self.book().record(call, reply if is_kept else None)
        return reply

    def _note_failure(
        self, request: Request, key: str, error: DocTranslateError, n_attempts: int, latency_s: float
    ) -> None:
        call = Call(
            **self._line(request, key),
            latency_s=latency_s,
            n_attempts=n_attempts,
            outcome="failed",
            error=str(error),
        )
        self.book().record(call)

    def _line(self, request: Request, key: str) -> dict[str, Any]:
        return {
            "job": self.job,
            "model": self.settings.model,
            "purpose": request.purpose,
            "key": key,
            "sample": request.sample,
            "messages": request.messages,
        }

    def _stopped(self, stop: threading.Event) -> ModelStoppedError:
        model = self.settings.model
        if stop.is_set():
            return ModelStoppedError(f"{model}: the job was stopped; what was answered is kept", model=model)
        return ModelStoppedError(
            f"{model}: the deadline of {self.settings.deadline_s:g} s is over; what was answered is kept: run it "
            "again, or raise deadline_s",
            model=model,
        )

    def _check_allowed(self) -> None:
        if calls_forbidden(self.settings.base_url):
            raise ConfigError(
                f"DOCTRANSLATE_OFFLINE is set, and {self.settings.model} is not on this machine: unset it, or use "
                "engine='offline'"
            )


def _headers(error: DocTranslateError) -> dict[str, str]:
    headers = getattr(getattr(error.__cause__, "response", None), "headers", None) or {}
    return {str(name).lower(): str(value) for name, value in headers.items()}
