"""Takes the replies of batches into the book of calls, where whatever asks the same finds them."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from doctranslate.calls.batch.lines import Answered, answer_in, is_request, loaded
from doctranslate.calls.batch.note import Note, check_unchanged, read_note
from doctranslate.calls.ledger import Call, Ledger
from doctranslate.calls.prices import Price, price_of
from doctranslate.calls.request import Purpose, Reply
from doctranslate.errors import UsageError
from doctranslate.records import Message, Record

_AT_ONCE = 500

Check = Callable[[Purpose, str], str]
"""Says why a reply's text cannot be used for a purpose, or ""."""


class Imported(Record):
    """What became of the lines of output and error files.

    Attributes:
        n_lines: That were read.
        n_new: Replies that are kept now.
        n_known: Replies that were kept before, and were left alone.
        failed: Requests that have no usable reply in these files, by reason.
        examples: For each reason, what was said of one of them.
        n_unreadable: Lines that are no JSON, or that say nothing: the last one of a file that is cut off, mostly.
        n_unknown: Lines that belong to none of the requests.
        n_duplicates: Lines that belong to a request that another line had answered.
        n_missing: Requests that still have no reply, the failed ones among them.
        then: Commands that read the replies.
    """

    n_lines: int = 0
    n_new: int = 0
    n_known: int = 0
    failed: Mapping[str, int] = {}
    examples: Mapping[str, str] = {}
    n_unreadable: int = 0
    n_unknown: int = 0
    n_duplicates: int = 0
    n_missing: int = 0
    then: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every request has its reply, and every line could be read."""
        return not (self.n_missing or self.n_unreadable or self.n_unknown)


def import_replies(
    replies: Sequence[Path], requests: Sequence[Path], *, book: Ledger, check: Check | None = None
) -> Imported:
    """Keep the replies in output files under the keys of their requests, and write them into the log of calls.

    Each line is joined by its ``custom_id``, never by its place. A line that cannot be used is counted, and does
    nothing to the others. A reply that is kept already is left as it is: importing twice is importing once.

    Args:
        replies: Output and error files of batches.
        requests: The files of requests that they belong to.
        book: Where replies are kept.
        check: Says what cannot be used although it came to its own end.

    Raises:
        UsageError: A file cannot be read, or a file of requests has no note, or was changed.
        StoreError: The book cannot be used.
    """
    with ExitStack() as stack:
        asked = _Asked([_open(path, stack) for path in dict.fromkeys(requests)])
        tally = _Tally(asked, book, check or (lambda purpose, text: ""))
        for path in dict.fromkeys(replies):
            for raw in _lines(path):
                tally.take(raw)
        return tally.done()


def kind_of(path: Path) -> str:
    """What a file is: ``requests``, or ``replies``.

    Args:
        path: The file.

    Raises:
        UsageError: It cannot be read, or is neither.
    """
    for raw in _lines(path):
        line = loaded(raw)
        if line is not None and is_request(line):
            return "requests"
        if line is not None and answer_in(line) is not None:
            return "replies"
    raise UsageError(f"{path} holds no line of a batch: neither a request nor a reply")


def ids_in(path: Path) -> set[str]:
    """The ``custom_id`` of every line of a file that has one.

    Args:
        path: The file.

    Raises:
        UsageError: It cannot be read.
    """
    return {str(line["custom_id"]) for raw in _lines(path) if (line := loaded(raw)) and line.get("custom_id")}


@dataclass(frozen=True, slots=True)
class _File:
    """A file of requests, open."""

    path: Path
    note: Note
    stream: IO[bytes]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a request is, and what its line does not say."""

    file: _File
    at: int
    purpose: Purpose
    sample: int


class _Asked:
    """The requests of some files, by key; their text is read when it is needed."""

    def __init__(self, files: Sequence[_File]) -> None:
        self._places: dict[str, _Place] = {}
        self.files = files
        for file in files:
            at = 0
            for raw, (purpose, sample) in zip(file.stream, file.note.kinds(), strict=False):
                line = loaded(raw)
                if line is not None and is_request(line):
                    self._places.setdefault(line["custom_id"], _Place(file, at, purpose, sample))
                at += len(raw)

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def purpose(self, key: str) -> Purpose:
        return self._places[key].purpose

    def model(self, key: str) -> str:
        return self._places[key].file.note.model

    def call(self, key: str, reply: Reply, *, job: str) -> Call:
        """The line that a reply gets in the log."""
        place = self._places[key]
        place.file.stream.seek(place.at)
        line = loaded(place.file.stream.readline()) or {}
        said = line["body"]["messages"]
        return Call(
            job=job,
            model=place.file.note.model,
            purpose=place.purpose,
            key=key,
            sample=place.sample,
            messages=tuple(Message(role=each["role"], content=each["content"]) for each in said),
            reply=reply.text,
            finish=reply.finish,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            cost_usd=reply.cost_usd,
        )


@dataclass(slots=True)
class _Tally:
    """Counts lines, and keeps what is good of them, some hundred at a time."""

    asked: _Asked
    book: Ledger
    check: Check
    job: str = field(default_factory=lambda: f"batch-{time.strftime('%Y%m%d-%H%M%S')}-{uuid.uuid4().hex[:4]}")
    counts: Counter[str] = field(default_factory=Counter)
    good: set[str] = field(default_factory=set)
    bad: dict[str, Answered] = field(default_factory=dict)
    waiting: list[tuple[str, Reply]] = field(default_factory=list)
    prices: dict[str, Price | None] = field(default_factory=dict)

    def take(self, raw: bytes) -> None:
        """Count a line."""
        self.counts["lines"] += 1
        line = loaded(raw)
        answer = answer_in(line) if line is not None else None
        if answer is None:
            self.counts["unreadable"] += 1
        elif answer.id not in self.asked:
            self.counts["unknown"] += 1
        elif answer.id in self.good:
            self.counts["duplicates"] += 1
        else:
            self._take(answer)

    def done(self) -> Imported:
        """What became of all."""
        self._keep()
        known = self.book.known(self.asked)
        failed = [answer for id, answer in self.bad.items() if id not in known]
        counts = self.counts
        return Imported(
            n_lines=counts["lines"],
            n_new=counts["new"],
            n_known=counts["known"],
            failed=dict(Counter(answer.problem for answer in failed).most_common()),
            examples={answer.problem: answer.said for answer in reversed(failed) if answer.said},
            n_unreadable=counts["unreadable"],
            n_unknown=counts["unknown"],
            n_duplicates=counts["duplicates"],
            n_missing=sum(key not in known for key in self.asked),
            then=tuple(dict.fromkeys(file.note.then for file in self.asked.files if file.note.then)),
        )

    def _take(self, answer: Answered) -> None:
        if answer.reply is not None:
            problem = self.check(self.asked.purpose(answer.id), answer.reply.text)
            if problem:
                answer = replace(answer, reply=None, problem=problem)
        if answer.reply is None:
            self.counts["duplicates"] += answer.id in self.bad
            self.bad[answer.id] = answer
            return
        self.bad.pop(answer.id, None)  # it failed in one batch, and succeeded in the next
        self.good.add(answer.id)
        self.waiting.append((answer.id, answer.reply))
        if len(self.waiting) >= _AT_ONCE:
            self._keep()

    def _keep(self) -> None:
        known = self.book.known(key for key, _ in self.waiting)
        new = [(key, self._priced(key, reply)) for key, reply in self.waiting if key not in known]
        self.book.record_all([(self.asked.call(key, reply, job=self.job), reply) for key, reply in new])
        self.counts["known"] += len(self.waiting) - len(new)
        self.counts["new"] += len(new)
        self.waiting.clear()

    def _priced(self, key: str, reply: Reply) -> Reply:
        model = self.asked.model(key)
        if model not in self.prices:
            self.prices[model] = price_of(model)
        price = self.prices[model]
        if price is None:
            return reply
        cost = price.of(input_tokens=reply.prompt_tokens, output_tokens=reply.completion_tokens)
        return replace(reply, cost_usd=cost)


def _open(path: Path, stack: ExitStack) -> _File:
    note = read_note(path)
    check_unchanged(path, note)
    return _File(path, note, stack.enter_context(path.open("rb")))


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a file that are not empty."""
    try:
        with path.open("rb") as stream:
            yield from (raw for raw in stream if raw.strip())
    except OSError as exc:
        raise UsageError(f"cannot read {path}: {exc.strerror or exc}") from exc
