"""What a server has seen, in numbers and line by line."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Seen:
    """One request: ``at`` is seconds since 1970."""

    n: int
    path: str
    sha256: str
    at: float = field(default_factory=time.time)


class Record:
    """Keeps count, and writes a line for each request when it is over.

    Args:
        log: The file for it, or None.
    """

    def __init__(self, log: Path | None = None) -> None:
        self._file = log.open("a", encoding="utf-8", buffering=1) if log else None
        self.n_open = 0
        self.most_at_once = 0
        self.n_connections = 0
        self._n = 0
        self._by_status: Counter[int] = Counter()
        self._n_lost = 0
        self._first_at = self._last_at = 0.0

    def received(self, path: str, body: bytes) -> Seen:
        """A request is here."""
        self._n += 1
        self.n_open += 1
        self.most_at_once = max(self.most_at_once, self.n_open)
        seen = Seen(self._n, path, hashlib.sha256(body).hexdigest())
        self._first_at = self._first_at or seen.at
        self._last_at = seen.at
        return seen

    def over(self, seen: Seen, *, status: int | None, is_sent: bool) -> None:
        """Its reply is out, or will never be.

        Args:
            seen: The request.
            status: Of the reply; None when there was none.
            is_sent: Whether the whole reply was handed over while the client was still there.
        """
        self.n_open -= 1
        if is_sent and status is not None:
            self._by_status[status] += 1
        else:
            self._n_lost += 1
        if self._file is not None:
            line = {
                "n": seen.n,
                "path": seen.path,
                "sha256": seen.sha256,
                "received": seen.at,
                "sent": time.time() if is_sent else None,
                "status": status,
            }
            self._file.write(json.dumps(line) + "\n")

    def stats(self) -> dict[str, Any]:
        """In numbers, with moments in seconds since 1970."""
        return {
            "requests": self._n,
            "replied": sum(self._by_status.values()),
            "lost": self._n_lost,
            "open": self.n_open,
            "limited": self._by_status[429],
            "connections": self.n_connections,
            "most_at_once": self.most_at_once,
            "by_status": {str(status): n for status, n in sorted(self._by_status.items())},
            "first_at": self._first_at,
            "last_at": self._last_at,
        }

    def close(self) -> None:
        """Close the log."""
        if self._file is not None:
            self._file.close()
