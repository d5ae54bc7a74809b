"""Hands files of requests in at an endpoint, asks how far they are, and fetches what came of them."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doctranslate.calls.batch.lines import URL, one_line
from doctranslate.calls.batch.note import (
    Note,
    check_address,
    check_unchanged,
    read_note,
    replacing,
    write_note,
)
from doctranslate.calls.failures import as_own, http_status
from doctranslate.calls.openai_endpoint import client_of
from doctranslate.calls.settings import ModelSettings, calls_forbidden
from doctranslate.config import cache_dir
from doctranslate.errors import ConfigError, ModelError, UsageError
from doctranslate.locks import file_lock
from doctranslate.records import Record

if TYPE_CHECKING:
    import openai
    from openai.types import Batch

logger = logging.getLogger(__name__)

WINDOW: Final = "24h"
ENDED_BADLY = ("failed", "expired", "cancelled")
_LOOKED_AT = 100
_LOCK_WAIT_S = 60.0
_MAX_PROBLEMS = 5
_NOT_IN_NAMES = re.compile(r"[^\w-]")


class State(Record):
    """How far a batch is.

    Attributes:
        file: The file of requests.
        batch_id: Of the batch; "" when the file was not handed in.
        status: ``not submitted``, ``validating``, ``in_progress``, ``finalizing``, ``completed``, ``failed``,
            ``expired``, ``cancelling`` or ``cancelled``.
        n_requests: Lines of the file.
        n_completed: Requests that were answered.
        n_failed: Requests that failed.
        submitted_at: When it was handed in, in UTC.
        problems: What the endpoint says against the file, the first few.
        output_file_id: Of the replies, once they are there.
        error_file_id: Of the requests that failed.
    """

    file: str
    batch_id: str = ""
    status: str = "not submitted"
    n_requests: int = 0
    n_completed: int = 0
    n_failed: int = 0
    submitted_at: str = ""
    problems: tuple[str, ...] = ()
    output_file_id: str = ""
    error_file_id: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.status == "completed" or self.status in ENDED_BADLY


def submit(path: Path, settings: ModelSettings, *, again: bool = False) -> tuple[Note, bool]:
    """Upload a file of requests and have a batch made of it, once.

    Args:
        path: The file.
        settings: Of the model.
        again: Make another batch although there is one, which is paid for as well.

    Returns:
        The note, with the batch, and whether it was made now.

    Raises:
        UsageError: The file is none that was exported, was changed, or was made for another address; another process
            hands one in at this moment.
        ConfigError: Calls are forbidden.
        ModelError: The endpoint refuses it, or has no batches.
    """
    with file_lock(cache_dir() / "batches.lock", wait_s=_LOCK_WAIT_S) as is_held:
        if not is_held:
            raise UsageError("another process is handing in a batch: wait for it")
        note = read_note(path)
        if note.batch_id and not again:
            return note, False
        check_unchanged(path, note)
        with _client(path, note, settings) as client:
            if note.batch_id:
                note = note.model_copy(
                    update={"earlier": note.batches, "batch_id": "", "input_file_id": "", "submitted_at": ""}
                )
            batch = _made_before(client, note) if note.input_file_id else None
            if batch is None:
                with path.open("rb") as stream:
                    file = client.files.create(file=(path.name, stream), purpose="batch")
                # Should the next answer be lost, the batch is found again by this.
                note = note.model_copy(update={"input_file_id": file.id})
                write_note(path, note)
                batch = client.batches.create(input_file_id=file.id, endpoint=URL, completion_window=WINDOW)
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        note = note.model_copy(update={"batch_id": batch.id, "submitted_at": now})
        write_note(path, note)
        return note, True


def state_of(path: Path, settings: ModelSettings) -> State:
    """How far the newest batch of a file is.

    Args:
        path: The file of requests.
        settings: Of the model.

    Raises:
        UsageError: The file is none that was exported, or was made for another address.
        ConfigError: Calls are forbidden.
        ModelError: The endpoint failed, or does not know the batch.
    """
    note = read_note(path)
    if not note.batch_id:
        return State(file=str(path), n_requests=note.n_requests)
    with _client(path, note, settings) as client:
        return _state(path, note, client.batches.retrieve(note.batch_id))


def fetch(path: Path, settings: ModelSettings) -> tuple[State, tuple[Path, ...]]:
    """Bring what came of all batches of a file: beside it, as ``NAME.<batch>.replies`` and ``NAME.<batch>.errors``.

    What was brought before is not brought again.

    Args:
        path: The file of requests.
        settings: Of the model.

    Returns:
        How far the newest batch is, and the files.

    Raises:
        UsageError: The file is none that was exported, was not handed in, or was made for another address.
        ConfigError: Calls are forbidden.
        ModelError: The endpoint failed, or does not know the batch.
    """
    note = read_note(path)
    if not note.batch_id:
        raise UsageError(
            f"{path} was not handed in: 'doctranslate batch submit {path}' does it; replies that were made another "
            "way are imported by their own file"
        )
    found: list[Path] = []
    state = State(file=str(path))
    with _client(path, note, settings) as client:
        for id in note.batches:
            state = _state(path, note, client.batches.retrieve(id))
            for file_id, kind in ((state.output_file_id, "replies"), (state.error_file_id, "errors")):
                if file_id:
                    target = path.with_suffix(f".{_NOT_IN_NAMES.sub('_', id)}.{kind}")
                    _bring(client, file_id, target, keep=state.is_over)
                    found.append(target)
    return state, tuple(found)


@contextmanager
def _client(path: Path, note: Note, settings: ModelSettings) -> Iterator[openai.OpenAI]:
    """A client for the endpoint that a file was made for; what it raises becomes ours."""
    check_address(path, note, settings)
    if calls_forbidden(settings.base_url):
        raise ConfigError(f"DOCTRANSLATE_OFFLINE is set, and {note.model} is not on this machine: unset it")
    client = client_of(settings)
    try:
        yield client
    except (UsageError, ModelError):
        raise
    except Exception as exc:
        own = as_own(exc, model=note.model, timeout_s=settings.timeout_s)
        if http_status(exc) == 404:
            raise ModelError(
                f"{own}. Where there are no batches, a machine with the model can run the file: vllm run-batch -i "
                f"{path} -o REPLIES --model NAME",
                model=note.model,
            ) from exc
        raise own from exc
    finally:
        client.close()


def _made_before(client: openai.OpenAI, note: Note) -> Batch | None:
    """The batch of a file that was uploaded, when it was made after all though its answer was lost."""
    for batch in client.batches.list(limit=_LOOKED_AT).data:
        if batch.input_file_id == note.input_file_id:
            logger.info("%s was made before, and its answer was lost", batch.id)
            return batch
    return None


def _state(path: Path, note: Note, batch: Batch) -> State:
    counts = batch.request_counts
    problems = batch.errors.data or [] if batch.errors else []
    return State(
        file=str(path),
        batch_id=batch.id,
        status=str(batch.status),
        n_requests=note.n_requests,
        n_completed=counts.completed if counts else 0,
        n_failed=counts.failed if counts else 0,
        submitted_at=note.submitted_at,
        problems=tuple(
            one_line(f"line {each.line}: {each.message}" if each.line else str(each.message))
            for each in problems[:_MAX_PROBLEMS]
        ),
        output_file_id=batch.output_file_id or "",
        error_file_id=batch.error_file_id or "",
    )


def _bring(client: openai.OpenAI, file_id: str, target: Path, *, keep: bool) -> None:
    if keep and target.exists():
        return
    with client.files.with_streaming_response.content(file_id) as response, replacing(target) as stream:
        for piece in response.iter_bytes():
            stream.write(piece)
