"""The note beside a file of requests: with which settings it was made, and which batches were made of it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from doctranslate.calls.request import Purpose
from doctranslate.calls.settings import ModelSettings
from doctranslate.errors import UsageError

SUFFIX = ".batch.json"


class Note(BaseModel):
    """What must be known of a file of requests besides its lines. It holds no key.

    Attributes:
        format: Of the note.
        model: ``provider:model``.
        base_url: Address of the endpoint; None for OpenAI's own.
        temperature: As it was set; with ``seed`` and ``max_tokens`` part of the keys.
        seed: As it was set.
        max_tokens: As it was set.
        sha256: Of the file, hex.
        n_requests: Its lines.
        runs: Purpose and sample of the lines, in their order, each with how many lines follow that have it.
        then: The command that reads the replies once they are imported.
        input_file_id: Of the file at the endpoint, once it is uploaded.
        batch_id: Of the batch, once there is one.
        submitted_at: When that was, in UTC.
        earlier: Ids of batches that were made of the same file before.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    format: int = Field(default=1, ge=1, le=1)
    model: str
    base_url: str | None = None
    temperature: float | None = None
    seed: int | None = None
    max_tokens: int | None = None
    sha256: str
    n_requests: int
    runs: tuple[tuple[Purpose, int, int], ...] = ()
    then: str = ""
    input_file_id: str = ""
    batch_id: str = ""
    submitted_at: str = ""
    earlier: tuple[str, ...] = ()

    @field_validator("model", "base_url", "then", "submitted_at")
    @classmethod
    def _printable(cls, text: str | None) -> str | None:
        """A note that came with somebody else's folder is shown on a screen, too."""
        if text and not text.isprintable():
            raise ValueError("holds control characters")
        return text

    @property
    def batches(self) -> tuple[str, ...]:
        """Ids of all batches that were made of the file, the newest last."""
        return (*self.earlier, *((self.batch_id,) if self.batch_id else ()))

    def kinds(self) -> Iterator[tuple[Purpose, int]]:
        """Purpose and sample of each line, in their order."""
        for purpose, sample, n in self.runs:
            for _ in range(n):
                yield purpose, sample


def note_path(path: Path) -> Path:
    """Where the note of a file of requests is: ``asked.jsonl`` has ``asked.batch.json``."""
    return path.with_suffix(SUFFIX)


def notes_in(folder: Path) -> Iterator[Path]:
    """The files of requests in a folder that have a note, by name.

    Args:
        folder: Where to look.
    """
    for note in sorted(folder.glob(f"*{SUFFIX}")):
        path = note.with_name(note.name.removesuffix(SUFFIX) + ".jsonl")
        if path.is_file():
            yield path


def read_note(path: Path) -> Note:
    """The note of a file of requests.

    Args:
        path: The file.

    Raises:
        UsageError: There is none, or it cannot be read.
    """
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file")
    place = note_path(path)
    try:
        return Note.model_validate_json(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(
            f"{path}: {place.name} is not beside it, which 'doctranslate batch export' writes with every file of "
            "requests: keep the two together"
        ) from None
    except (OSError, ValidationError, ValueError) as exc:
        raise UsageError(f"{place} cannot be read: {str(exc).splitlines()[0]}") from exc


def write_note(path: Path, note: Note) -> None:
    """Write, or replace, the note of a file of requests.

    Args:
        path: The file of requests.
        note: To be written.

    Raises:
        UsageError: It cannot be written.
    """
    with replacing(note_path(path)) as stream:
        stream.write(note.model_dump_json(indent=1).encode() + b"\n")


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Write a file anew: it is there when all of it is written, and not before.

    Args:
        path: The file.

    Yields:
        What to write to.

    Raises:
        UsageError: It cannot be written.
    """
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
            Path(temporary).chmod(0o666 & ~_umask())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as exc:
        raise UsageError(f"cannot write {path}: {exc.strerror or exc}") from exc


def changed_settings(note: Note, settings: ModelSettings) -> tuple[str, ...]:
    """What of the settings that are part of the keys is not as it was: whoever asks so now finds no reply.

    Args:
        note: Of a file of requests.
        settings: As they are now.

    Returns:
        For each one that differs, what it was and what it is.
    """
    found = []
    for name in ("base_url", "temperature", "seed", "max_tokens"):
        was, now = getattr(note, name), getattr(settings, name)
        if was != now:
            found.append(
                f"{name} was {'not set' if was is None else was}, and is {'not set' if now is None else now}"
            )
    return tuple(found)


def check_address(path: Path, note: Note, settings: ModelSettings) -> None:
    """Insist that a file goes where it was made for: no key is sent to an address that only a note names.

    Args:
        path: The file of requests.
        note: Its note.
        settings: As they are now.

    Raises:
        UsageError: Its model has another address now.
    """
    if note.base_url != settings.base_url:
        made, now = note.base_url or "OpenAI's own endpoint", settings.base_url or "OpenAI's own endpoint"
        raise UsageError(
            f"{path} was exported for {made}, and {note.model} is at {now} now: set OPENAI_BASE_URL as it was, or "
            "export again"
        )


def check_unchanged(path: Path, note: Note) -> None:
    """Insist that a file is as it was exported: a ``custom_id`` says what its line asks.

    Args:
        path: The file of requests.
        note: Its note.

    Raises:
        UsageError: It was changed, or cannot be read.
    """
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as exc:
        raise UsageError(f"cannot read {path}: {exc.strerror or exc}") from exc
    if found != note.sha256:
        raise UsageError(
            f"{path} is not what was exported: replies to what it asks now would be kept as replies to what it asked "
            "then. Export it again, with the settings that are wanted"
        )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
