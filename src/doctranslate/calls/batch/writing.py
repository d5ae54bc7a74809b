"""Writes requests into files of OpenAI's Batch format."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from doctranslate.calls.batch.lines import line_of
from doctranslate.calls.batch.note import Note, note_path, read_note, replacing, write_note
from doctranslate.calls.request import Purpose, Request, key_of
from doctranslate.calls.settings import ModelSettings
from doctranslate.errors import UsageError

MAX_LINES = 50_000
"""Requests in a batch, by OpenAI's limit."""

MAX_BYTES = 200_000_000
"""Size of its file, by the same."""


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A file of requests that was written.

    Attributes:
        path: Of the file; its note is beside it.
        n_requests: Its lines.
        size_bytes: Its length.
    """

    path: Path
    n_requests: int
    size_bytes: int


def write_batch(
    requests: Iterable[Request],
    settings: ModelSettings,
    path: Path,
    *,
    force: bool = False,
    max_lines: int = MAX_LINES,
    max_bytes: int = MAX_BYTES,
    then: str = "",
) -> tuple[BatchFile, ...]:
    """Write requests to a file, and to ``NAME-2.jsonl``, ``NAME-3.jsonl``… where one cannot hold them.

    Args:
        requests: What to ask; taken one by one. What is asked twice is written once.
        settings: Of the model.
        path: The first file, ``NAME.jsonl``. Each gets a note, ``NAME.batch.json``.
        force: Write over files, and take away the further ones of an earlier, longer export.
        max_lines: Requests in a file.
        max_bytes: Size of a file.
        then: The command that reads the replies, for the notes.

    Returns:
        The files, in their order; none when there is no request.

    Raises:
        UsageError: The model is not asked over OpenAI's protocol, or its replies are not kept; a file is there, or
            cannot be written; a request is longer than a file may be.
    """
    check_batchable(settings)
    there = check_target(path, force=force)
    written = _write(requests, settings, path, max_lines=max_lines, max_bytes=max_bytes, then=then)
    kept = {file.path for file in written}
    for old in (each for each in there if each not in kept):
        old.unlink(missing_ok=True)
        note_path(old).unlink(missing_ok=True)
    return written


def check_batchable(settings: ModelSettings) -> None:
    """Insist that a model can be asked by batch.

    Args:
        settings: Of the model.

    Raises:
        UsageError: It cannot.
    """
    if settings.provider != "openai":
        raise UsageError(
            f"{settings.model}: a batch is for OpenAI's protocol: name the model openai:NAME, with OPENAI_BASE_URL for "
            "an endpoint of another kind"
        )
    if not settings.cache:
        raise UsageError(
            f"{settings.model}: replies of a batch are read from the book of calls, and 'cache' is switched off"
        )


def check_target(path: Path, *, force: bool = False) -> tuple[Path, ...]:
    """Insist that requests may be written to a file.

    Args:
        path: The first file.
        force: Whether files may be written over.

    Returns:
        The files that are there already.

    Raises:
        UsageError: They may not, or the name is not ``NAME.jsonl``.
    """
    if path.suffix != ".jsonl":
        raise UsageError(f"{path}: name it NAME.jsonl: its note will be NAME.batch.json")
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent} is not a folder")
    there = tuple(each for each in _names(path) if each.exists() or note_path(each).exists())
    if there and not force:
        raise UsageError(_is_there(there[0]))
    return there


@dataclass(slots=True)
class _Open:
    """A file that is being written."""

    path: Path
    stream: IO[bytes]
    n_lines: int = 0
    size: int = 0
    hash: hashlib._Hash = field(default_factory=hashlib.sha256)
    runs: list[tuple[Purpose, int, int]] = field(default_factory=list)

    def add(self, line: bytes, request: Request) -> None:
        self.stream.write(line)
        self.hash.update(line)
        self.n_lines += 1
        self.size += len(line)
        if self.runs and self.runs[-1][:2] == (request.purpose, request.sample):
            self.runs[-1] = (*self.runs[-1][:2], self.runs[-1][2] + 1)
        else:
            self.runs.append((request.purpose, request.sample, 1))


def _write(
    requests: Iterable[Request],
    settings: ModelSettings,
    path: Path,
    *,
    max_lines: int,
    max_bytes: int,
    then: str,
) -> tuple[BatchFile, ...]:
    """All files are put in place at the end, each as a whole: one that is stopped leaves what was there."""
    files: list[_Open] = []
    seen: set[str] = set()
    names = _every_name(path)
    with ExitStack() as stack:
        for request in requests:
            key = key_of(request, settings)
            if key in seen:
                continue
            seen.add(key)
            line = line_of(request, settings) + b"\n"
            if len(line) > max_bytes:
                raise UsageError(f"a request of {len(line)} bytes does not fit a batch of {max_bytes}")
            if not files or files[-1].n_lines == max_lines or files[-1].size + len(line) > max_bytes:
                name = next(names)
                files.append(_Open(name, stack.enter_context(replacing(name))))
            files[-1].add(line, request)
    for file in files:
        note = Note(
            model=settings.model,
            base_url=settings.base_url,
            temperature=settings.temperature,
            seed=settings.seed,
            max_tokens=settings.max_tokens,
            sha256=file.hash.hexdigest(),
            n_requests=file.n_lines,
            runs=tuple(file.runs),
            then=then,
        )
        write_note(file.path, note)
    return tuple(BatchFile(file.path, file.n_lines, file.size) for file in files)


def _every_name(path: Path) -> Iterator[Path]:
    n = 1
    while True:
        yield path if n == 1 else path.with_name(f"{path.stem}-{n}{path.suffix}")
        n += 1


def _names(path: Path) -> Iterator[Path]:
    """The file, and the further ones that an earlier export left."""
    for n, name in enumerate(_every_name(path), start=1):
        if n > 1 and not note_path(name).exists():
            return
        yield name


def _is_there(path: Path) -> str:
    try:
        batch = read_note(path).batch_id
    except UsageError:
        batch = ""
    handed = f", and was handed in as {batch}, which is then forgotten" if batch else ""
    return f"{path} is there{handed}: --force writes over it"
