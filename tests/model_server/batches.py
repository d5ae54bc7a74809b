"""Files and batches: what is uploaded, what becomes of it, look by look."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .answers import Answer, bad_request, error
from .settings import Settings
from .wire import HttpRequest, form_fields

MAX_LINES = 50_000
_EXPIRED = "This request could not be executed before the completion window expired."


def _now() -> int:
    return int(time.time())


@dataclass
class StoredFile:
    """Something uploaded, or the result of a batch."""

    id: str
    name: str
    purpose: str
    data: bytes
    created_at: int = field(default_factory=_now)

    def as_json(self) -> dict[str, Any]:
        """As the protocol has it."""
        return {
            "id": self.id,
            "object": "file",
            "bytes": len(self.data),
            "created_at": self.created_at,
            "filename": self.name,
            "purpose": self.purpose,
            "status": "processed",
        }


class Files:
    """What was uploaded and what batches wrote, while the server runs."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._n_made = 0

    def add(self, name: str, data: bytes, *, purpose: str) -> StoredFile:
        """Keep a file."""
        self._n_made += 1
        file = StoredFile(f"file-{self._n_made:06d}", name, purpose, data)
        self._files[file.id] = file
        return file

    def get(self, file_id: str) -> StoredFile | None:
        """The file, or None."""
        return self._files.get(file_id)

    def answer(self, request: HttpRequest, steps: list[str]) -> Answer | dict[str, Any] | bytes:
        """Answer a request below ``/v1/files``."""
        if not steps:
            if request.method == "POST":
                return self._upload(request)
            return {
                "object": "list",
                "data": [file.as_json() for file in self._files.values()],
                "has_more": False,
            }
        file = self.get(steps[0])
        if file is None:
            return error(404, f"No such File object: {steps[0]}", kind="invalid_request_error", param="id")
        if request.method == "DELETE":
            del self._files[file.id]
            return {"id": file.id, "object": "file", "deleted": True}
        return file.data if steps[1:] == ["content"] else file.as_json()

    def _upload(self, request: HttpRequest) -> Answer | dict[str, Any]:
        fields = form_fields(request)
        if "file" not in fields or "purpose" not in fields:
            return bad_request("'file' and 'purpose' are required, as multipart/form-data.", param="file")
        name, data = fields["file"]
        return self.add(name or "upload", data, purpose=fields["purpose"][1].decode()).as_json()


@dataclass
class Batch:
    """One batch, and how often it was looked at."""

    fields: dict[str, Any]
    lines: list[dict[str, Any]]
    n_looks: int = 0


class Batches:
    """Runs batches: validating when made, in progress at the first look, done some looks later.

    Args:
        files: Where input is and output goes.
        answer: Answers one line.
        settings: Of the server.
    """

    def __init__(
        self, files: Files, answer: Callable[[str, dict[str, Any]], Answer], settings: Settings
    ) -> None:
        self._files = files
        self._answer = answer
        self._settings = settings
        self._batches: dict[str, Batch] = {}

    def answer(self, request: HttpRequest, steps: list[str]) -> Answer | dict[str, Any]:
        """Answer a request below ``/v1/batches``."""
        if not steps:
            if request.method == "POST":
                return self._create(request.fields)
            return {
                "object": "list",
                "data": [batch.fields for batch in self._batches.values()],
                "has_more": False,
            }
        batch = self._batches.get(steps[0])
        if batch is None:
            return error(404, f"No batch found with id '{steps[0]}'.", kind="invalid_request_error")
        if steps[1:] == ["cancel"]:
            if batch.fields["status"] in ("validating", "in_progress"):
                batch.fields |= {"status": "cancelling", "cancelling_at": _now()}
            return batch.fields
        self._look(batch)
        return batch.fields

    def _create(self, body: dict[str, Any]) -> Answer | dict[str, Any]:
        file = self._files.get(body.get("input_file_id", ""))
        if file is None or file.purpose != "batch":
            return bad_request(
                "Invalid 'input_file_id': no file with purpose 'batch'.", param="input_file_id"
            )
        if body.get("completion_window") != "24h":
            return bad_request("Invalid 'completion_window': it must be '24h'.", param="completion_window")
        lines, errors = _read(file.data, body.get("endpoint", ""))
        fields: dict[str, Any] = {
            "id": f"batch_{len(self._batches) + 1:06d}",
            "object": "batch",
            "endpoint": body.get("endpoint"),
            "input_file_id": file.id,
            "completion_window": "24h",
            "status": "validating",
            "output_file_id": None,
            "error_file_id": None,
            "created_at": _now(),
            "expires_at": _now() + 86_400,
            "errors": {"object": "list", "data": errors} if errors else None,
            "request_counts": {"total": 0, "completed": 0, "failed": 0},
            "metadata": body.get("metadata"),
        }
        self._batches[fields["id"]] = Batch(dict(fields), lines)
        return fields

    def _look(self, batch: Batch) -> None:
        fields, status = batch.fields, batch.fields["status"]
        if status == "cancelling":
            fields |= {"status": "cancelled", "cancelled_at": _now()}
        elif status == "validating" and (fields["errors"] or self._settings.batch_end == "failed"):
            fields |= {"status": "failed", "failed_at": _now()}
        elif status == "validating":
            fields |= {"status": "in_progress", "in_progress_at": _now()}
            fields["request_counts"] = {"total": len(batch.lines), "completed": 0, "failed": 0}
        elif status == "in_progress":
            batch.n_looks += 1
            if batch.n_looks > self._settings.looks:
                self._finish(batch)

    def _finish(self, batch: Batch) -> None:
        """Answer the lines and write both files; nothing is promised of their order, so it is turned round."""
        end = self._settings.batch_end
        n_done = len(batch.lines) // 2 if end == "expired" else len(batch.lines)
        good: list[dict[str, Any]] = []
        bad: list[dict[str, Any]] = []
        for n, line in enumerate(batch.lines):
            if n >= n_done:
                said = {"code": "batch_expired", "message": _EXPIRED}
                bad.append(_line(n, line, response=None, error=said))
                continue
            answer = self._answer(line["url"], line["body"])
            body = json.loads(answer.body)
            response = {"status_code": answer.status, "request_id": f"req_{n}", "body": body}
            if answer.status == 200:
                is_bare = self._settings.batch_shape == "bare"
                good.append(_line(n, line, response=body if is_bare else response, error=None))
            else:
                bad.append(_line(n, line, response=response, error=None))
        for name, lines in (("output", good), ("error", bad)):
            if lines:
                data = "".join(json.dumps(line) + "\n" for line in reversed(lines)).encode()
                name_of_file = f"{batch.fields['id']}_{name}.jsonl"
                file = self._files.add(name_of_file, data, purpose="batch_output")
                batch.fields[f"{name}_file_id"] = file.id
        counts = {"total": len(batch.lines), "completed": len(good), "failed": len(bad)}
        batch.fields |= {"status": end, f"{end}_at": _now(), "request_counts": counts}


def _line(n: int, line: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"id": f"batch_req_{n:06d}", "custom_id": line["custom_id"], **rest}


def _read(data: bytes, endpoint: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The lines of an input file, and what is wrong with them."""
    lines: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    seen: set[str] = set()
    for n, text in enumerate(data.decode().removesuffix("\n").split("\n") if data else [], start=1):
        code, said, param = "", "", None
        try:
            line = json.loads(text)
            missing = next((k for k in ("custom_id", "method", "url", "body") if k not in line), "")
            if missing:
                code, said, param = "missing_required_parameter", f"Missing '{missing}'.", missing
            elif line["custom_id"] in seen:
                code, said, param = "duplicate_custom_id", "The custom_id is not unique.", "custom_id"
            elif line["url"] != endpoint or line["method"] != "POST":
                code, said, param = "mismatched_endpoint", f"Not 'POST {endpoint}'.", "url"
        except ValueError:
            code, said = "invalid_json_line", "This line is not parseable as valid JSON."
        if code:
            errors.append({"code": code, "line": n, "message": said, "param": param})
        else:
            seen.add(line["custom_id"])
            lines.append(line)
    if not lines and not errors:
        errors.append({"code": "empty_file", "line": None, "message": "The file is empty.", "param": None})
    if len(lines) > MAX_LINES:
        said = f"The batch has more than {MAX_LINES} requests."
        errors.append({"code": "too_many_tasks", "line": None, "message": said, "param": None})
    return lines, errors
