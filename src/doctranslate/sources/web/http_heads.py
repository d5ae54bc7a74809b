"""The heads of HTTP messages, as a proxy reads them and passes them on."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

MAX_HEAD_BYTES = 256 * 1024

OWN_ANSWER = "doctranslate: "
"""How the text of an answer begins that is the proxy's, and not a site's."""

_BUFFER_BYTES = 64 * 1024
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer upgrade expect "
    b"alt-svc".split()
)

FRESH = b"Cache-Control: max-age=300"
"""What is added to a script or style whose server does not say how long it lasts: one crawl asks for it once."""


class AnswerError(Exception):
    """The request ends with this answer of our own.

    Attributes:
        status: Code and phrase.
        refused: Why the gate refused the connection; "" when it is about something else.
    """

    def __init__(self, status: str, *, refused: str = "") -> None:
        self.status = status
        self.refused = refused
        super().__init__(status)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a message.

    Attributes:
        first: The first line.
        lines: The header lines.
        rest: What came of the body with them.
    """

    first: bytes
    lines: tuple[bytes, ...]
    rest: bytes

    def get(self, name: bytes) -> bytes | None:
        """The value of a header, or None.

        Args:
            name: In lower case.
        """
        for line in self.lines:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name:
                return value.strip()
        return None

    def to_bytes(self, first: bytes, *more: bytes) -> bytes:
        """The message's head as it goes on, with more lines: for this one connection, and no other."""
        dropped = _HOP_BY_HOP | {
            name.strip().lower() for name in (self.get(b"connection") or b"").split(b",")
        }
        kept = [line for line in self.lines if line.partition(b":")[0].strip().lower() not in dropped]
        return b"\r\n".join([first, *kept, *more, b"Connection: close", b"", b""])


def read_head(connection: socket.socket, too_long: str, *, data: bytes = b"") -> Head:
    """Read until the empty line.

    Args:
        connection: Who speaks.
        too_long: Status to answer with when there is no end within `MAX_HEAD_BYTES`.
        data: What was read before.

    Raises:
        AnswerError: It is too long.
        OSError: The connection ends before.
    """
    while not (found := _END_OF_HEAD.search(data)):
        if len(data) > MAX_HEAD_BYTES:
            raise AnswerError(too_long)
        more = connection.recv(_BUFFER_BYTES)
        if not more:
            raise OSError("the other side is gone")
        data += more
    first, *lines = re.split(rb"\r?\n(?![ \t])", data[: found.start()])
    return Head(first, tuple(lines), data[found.end() :])


def read_answer(server: socket.socket) -> Head:
    """Read the head of a server's answer, without those that only lead in (1xx).

    Args:
        server: The connection to it.

    Raises:
        AnswerError: There is none that could be passed on.
    """
    rest = b""
    try:
        while True:
            head = read_head(server, "502 Bad Gateway", data=rest)
            found = re.match(rb"HTTP/1\.[01] ([1-9]\d\d)\b", head.first)
            # 101 changes to a protocol that nobody asked for, and 407 is a proxy's to say.
            if found is None or found[1] in (b"101", b"407"):
                raise AnswerError("502 Bad Gateway")
            if not found[1].startswith(b"1"):
                return head
            rest = head.rest
    except OSError as exc:
        raise AnswerError("502 Bad Gateway") from exc


def may_be_kept(request: Head, answer: Head) -> bool:
    """Whether a script or style may be kept for the next pages: its site says nothing of how long it lasts."""
    if request.get(b"sec-fetch-dest") not in (b"script", b"style") or b" 200" not in answer.first:
        return False
    return all(
        answer.get(name) is None
        for name in (
            b"cache-control",
            b"expires",
            b"pragma",
            b"etag",
            b"last-modified",
            b"set-cookie",
            b"vary",
        )
    )


def own_answer(error: AnswerError) -> bytes:
    """The answer of our own that a request ends with."""
    text = f"{OWN_ANSWER}{error.refused or error.status}\n"
    lines = [f"HTTP/1.1 {error.status}", "Content-Type: text/plain; charset=utf-8", "Connection: close"]
    if error.refused:
        lines.append(
            "X-Doctranslate-Refused: " + " ".join(error.refused.encode("ascii", "replace").decode().split())
        )
    body = text.encode()
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body
