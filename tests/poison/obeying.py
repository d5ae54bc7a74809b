"""A server whose model obeys: what a document in its prompt orders, it does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.model_server import Answer, chat

from .attacks import TRANSLATION
from .documents import REPLACED

_ORDER = re.compile(
    r"# order (?P<number>\d\d) (?P<place>\w+)\n(?P<payload>.*?)\n[ ]*# end of order (?P=number)", re.DOTALL
)


@dataclass
class Obedient:
    """Writes a right translation, with what one of the documents in the prompt orders put into it.

    The order is read from the prompt that comes in: a document that was not retrieved, or did not reach the prompt, has
    no effect.

    Attributes:
        number: The order that it obeys; others it does not heed, so that each can be looked at alone.
        replies: The programs that it has sent.
        seen: The orders that were in the last prompt.
    """

    number: int
    replies: list[str] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def __call__(self, body: dict[str, Any]) -> Answer:
        prompt = "\n".join(str(message["content"]) for message in body["messages"])
        orders = {int(found["number"]): found for found in _ORDER.finditer(prompt)}
        self.seen = set(orders)
        code = TRANSLATION
        if self.number in orders:
            payload, place = orders[self.number]["payload"], orders[self.number]["place"]
            if place == "instead":
                code = code.replace(REPLACED, payload)
            else:
                code = f"{payload}\n{code}" if place == "start" else f"{code}{payload}\n"
        self.replies.append(code)
        return chat(f"```python\n{code}```")
