"""HTTP/1.1 on an asyncio stream, as much of it as clients of a model use."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

_BOUNDARY = re.compile(r'boundary="?([^";]+)')
_PARAMETER = re.compile(r'\b(name|filename)="([^"]*)"')
_REASONS = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True)
class HttpRequest:
    """One request; header names are in lower case, ``path`` is without the query."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The body as JSON; {} where it is no object.

        Raises:
            ValueError: It is no JSON.
        """
        found = json.loads(self.body)
        return found if isinstance(found, dict) else {}

    @property
    def keeps_alive(self) -> bool:
        """Whether the client may send another one on the same connection."""
        return self.headers.get("connection", "").lower() != "close"


async def read_request(reader: asyncio.StreamReader) -> HttpRequest | None:
    """The next request on a connection, or None when there is none.

    Raises:
        ValueError: It is not HTTP.
    """
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as exc:
        if exc.partial:
            raise ValueError("a head that does not end") from exc
        return None
    except asyncio.LimitOverrunError as exc:
        raise ValueError("a head that is too long") from exc
    first, *lines = head.decode("latin-1").split("\r\n")
    try:
        method, target, _ = first.split(" ", 2)
        pairs = [line.split(":", 1) for line in lines if line]
        headers = {name.strip().lower(): value.strip() for name, value in pairs}
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = await _read_chunks(reader)
        else:
            body = await reader.readexactly(int(headers.get("content-length") or 0))
    except asyncio.IncompleteReadError as exc:
        raise ValueError("a body that does not end") from exc
    split = urlsplit(target)
    return HttpRequest(method, unquote(split.path), parse_qs(split.query), headers, body)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while True:
        size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
        part = await reader.readexactly(size + 2)
        if not size:
            return b"".join(parts)
        parts.append(part[:-2])


def form_fields(request: HttpRequest) -> dict[str, tuple[str, bytes]]:
    """File name and content of each field of ``multipart/form-data``; {} where the body is none."""
    found = _BOUNDARY.search(request.headers.get("content-type", ""))
    fields: dict[str, tuple[str, bytes]] = {}
    for part in request.body.split(b"--" + found[1].encode())[1:-1] if found else ():
        lines, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        names = dict(_PARAMETER.findall(lines.decode()))
        fields[names.get("name", "")] = (names.get("filename", ""), data.removesuffix(b"\r\n"))
    return fields


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """The head of a reply."""
    lines = [
        f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def chunk(data: bytes) -> bytes:
    """One chunk of a body whose length is not known beforehand; an empty one ends it."""
    return b"%x\r\n%s\r\n" % (len(data), data)
