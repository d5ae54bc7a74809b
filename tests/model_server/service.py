"""What the server says to a request: keys, limits, models, and the answers it was given."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from . import answering, embeddings
from .answers import CREATED, Answer, Answers, bad_request, duration, error, limited, no_such_model
from .batches import Batches, Files
from .limits import Limit, SlidingWindow, TokenBucket
from .record import Record
from .schemas import strict_problem
from .settings import Settings
from .wire import HttpRequest

CHAT = "/v1/chat/completions"


class FakeOpenAI:
    """Answers requests, and keeps what came in.

    Attributes:
        url: Its address, with ``/v1``.
        requests: Bodies of the requests for a chat completion.
        keys: Their ``Authorization`` headers.
        paths: Method and path of every request.
        record: Counts, and the log.

    Args:
        answers: What to say; None for `answering.by_request`.
        settings: How it behaves.
    """

    def __init__(self, answers: Answers | None = None, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.url = ""
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.paths: list[str] = []
        self.record = Record(self.settings.log)
        self._answers = answers
        self._left = list(answers) if isinstance(answers, Sequence) else []
        self._chance = random.Random(self.settings.seed)
        self._requests_limit = _limit(self.settings, self.settings.requests_per_minute, is_tokens=False)
        self._tokens_limit = _limit(self.settings, self.settings.tokens_per_minute, is_tokens=True)
        self._files = Files()
        self._batches = Batches(self._files, self._answer_line, self.settings)

    @property
    def most_at_once(self) -> int:
        """How many requests were being answered at the same time, at most."""
        return self.record.most_at_once

    def latency_s(self) -> float:
        """Of one reply that is no error."""
        jitter = self.settings.jitter_s
        return max(0.0, self.settings.latency_s + (self._chance.uniform(-jitter, jitter) if jitter else 0.0))

    def answer(self, request: HttpRequest) -> Answer:
        """Answer a request.

        Args:
            request: As it came.
        """
        key = request.headers.get("authorization", "")
        if self.settings.keeps_bodies:
            self.paths.append(f"{request.method} {request.path}")
        if self.settings.api_key and key != f"Bearer {self.settings.api_key}":
            said = "Incorrect API key provided. You can find your API key in your account."
            return error(401, said, kind="invalid_request_error", code="invalid_api_key")
        try:
            if request.path in (CHAT, "/v1/embeddings") and request.method == "POST":
                return self._model_call(request, request.fields, key)
            return self._other(request)
        except (ValueError, RecursionError):
            said = "We could not parse the JSON body of your request."
            return bad_request(said)

    def _other(self, request: HttpRequest) -> Answer:
        steps = request.path.strip("/").split("/")
        found: Answer | dict[str, Any] | bytes | None = None
        if steps[:2] == ["v1", "models"] and request.method == "GET":
            found = self._models(steps[2:])
        elif steps[:2] == ["v1", "files"]:
            found = self._files.answer(request, steps[2:])
        elif steps[:2] == ["v1", "batches"]:
            found = self._batches.answer(request, steps[2:])
        if found is None:
            said = f"Invalid URL ({request.method} {request.path})"
            return error(404, said, kind="invalid_request_error")
        if isinstance(found, bytes):
            return Answer(found, headers={"Content-Type": "application/octet-stream"})
        return found if isinstance(found, Answer) else Answer(json.dumps(found))

    def _models(self, steps: list[str]) -> Answer | dict[str, Any]:
        known = self.settings.models or ("fake",)
        entries = [{"id": name, "object": "model", "created": CREATED, "owned_by": "tests"} for name in known]
        if not steps:
            return {"object": "list", "data": entries}
        name = "/".join(steps)
        return next((entry for entry in entries if entry["id"] == name), None) or no_such_model(name)

    def _model_call(self, request: HttpRequest, body: dict[str, Any], key: str) -> Answer:
        is_chat = request.path == CHAT
        if is_chat and self.settings.keeps_bodies:
            self.requests.append(body)
            self.keys.append(key)
        trouble = self._trouble()
        if trouble == "hang_up":
            return Answer(hang_up=True)
        if trouble.isdigit():
            return error(int(trouble), "The server had an error, by chance.", kind="server_error")
        now = time.monotonic()
        n_tokens = answering.prompt_tokens(body) if is_chat else 0
        most = answering.longest(body) or 0
        refusal = self._refusal(now, n_tokens + most)
        if refusal is not None:
            return replace(refusal, headers={**self._limit_headers(now), **refusal.headers})
        if is_chat:
            answer = self._problem(body) or self._scripted(body)
        else:
            found = embeddings.embeddings(body)
            answer = found if isinstance(found, Answer) else Answer(json.dumps(found))
        if self._tokens_limit is not None and not most:
            self._tokens_limit.take(now, _completion_tokens(answer))
        if trouble == "cut":
            answer = replace(answer, sent=0.5)
        headers = self._limit_headers(now)
        return replace(answer, headers={**headers, **answer.headers}) if headers else answer

    def _answer_line(self, url: str, body: dict[str, Any]) -> Answer:
        """Answer a line of a batch: no key, no limits, no chance."""
        if url == CHAT:
            return self._problem(body) or self._scripted(body)
        found = embeddings.embeddings(body)
        return found if isinstance(found, Answer) else Answer(json.dumps(found))

    def _scripted(self, body: dict[str, Any]) -> Answer:
        if callable(self._answers):
            return self._answers(body)
        if self._left:
            return self._left.pop(0) if len(self._left) > 1 else self._left[0]
        if self.settings.structured == "ignore":
            return answering.overlooking_schemas(body)
        return answering.by_request(body)

    def _problem(self, body: dict[str, Any]) -> Answer | None:
        """What is wrong with a request, as OpenAI says it."""
        name, window = body.get("model"), self.settings.context_window
        if not isinstance(name, str) or not name:
            return bad_request("you must provide a model parameter")
        if not isinstance(body.get("messages"), list) or not body["messages"]:
            return bad_request("Missing required parameter: 'messages'.", param="messages")
        if self.settings.models and name not in self.settings.models:
            return no_such_model(name)
        wanted = answering.prompt_tokens(body) + (answering.longest(body) or 0)
        if window and wanted > window:
            said = (
                f"This model's maximum context length is {window} tokens. However, you requested {wanted} tokens. "
                "Please reduce the length of the messages or completion."
            )
            return bad_request(said, param="messages", code="context_length_exceeded")
        form = body.get("response_format")
        if not form or form.get("type") == "text":
            return None
        if self.settings.structured == "refuse":
            said = f"Invalid parameter: 'response_format' of type '{form.get('type')}' is not supported with this model."
            return bad_request(said, param="response_format")
        given = form.get("json_schema") or {}
        if self.settings.structured == "obey" and given.get("strict"):
            problem = strict_problem(given.get("schema") or {})
            if problem:
                said = f"Invalid schema for response_format '{given.get('name')}': {problem}"
                return bad_request(said, param="response_format")
        return None

    def _refusal(self, now: float, n_tokens: float) -> Answer | None:
        """A refusal when a limit is reached; else the request is counted."""
        limits = (("requests", self._requests_limit, 1.0), ("tokens", self._tokens_limit, n_tokens))
        for kind, limit, n in limits:
            wait = limit.wait_s(now, n) if limit is not None else 0.0
            if limit is not None and wait > 0:
                said = (
                    f"Rate limit reached for {kind} per min. Limit {limit.per_minute:g}, "
                    f"Used {limit.per_minute - limit.remaining(now):g}, Requested {n:g}. "
                    f"Please try again in {duration(wait)}."
                )
                return limited(wait, self.settings.wait_form, kind=kind, said=said)
        for _, limit, n in limits:
            if limit is not None:
                limit.take(now, n)
        return None

    def _limit_headers(self, now: float) -> dict[str, str]:
        headers: dict[str, str] = {}
        for kind, limit in (("requests", self._requests_limit), ("tokens", self._tokens_limit)):
            if limit is not None:
                headers[f"x-ratelimit-limit-{kind}"] = f"{limit.per_minute:g}"
                headers[f"x-ratelimit-remaining-{kind}"] = str(int(limit.remaining(now)))
                headers[f"x-ratelimit-reset-{kind}"] = duration(limit.reset_s(now))
        return headers

    def _trouble(self) -> str:
        """What goes wrong by chance, or ""."""
        if not self.settings.troubles:
            return ""
        number = self._chance.random()
        for kind, share in self.settings.troubles.items():
            number -= share
            if number < 0:
                return kind
        return ""


def _limit(settings: Settings, per_minute: float, *, is_tokens: bool) -> Limit | None:
    if not per_minute:
        return None
    if settings.limit == "window":
        return SlidingWindow(per_minute)
    share = settings.burst / settings.requests_per_minute if settings.requests_per_minute else 0
    burst = (per_minute * share if is_tokens else settings.burst) or per_minute / 60
    return TokenBucket(per_minute, burst=burst)


def _completion_tokens(answer: Answer) -> int:
    try:
        return int(json.loads(answer.body)["usage"]["completion_tokens"])
    except (ValueError, LookupError, TypeError):
        return 0
