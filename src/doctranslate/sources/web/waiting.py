"""When a page in a browser is ready to be read: two scripts that run in it.

``watch.js`` is put into each page before its own scripts; ``settle.js`` waits there until the page has settled, and
hands it over. That costs one command over the wire, however long it waits, where polling from here costs one each time.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

LIMIT_MS = 5_000
"""After this long a page is taken as it is."""

LOAD_LIMIT_MS = 2_000
"""How long, of that, the page's load event is waited for."""

QUIET_MS = 100
"""A page with scripts has settled when nothing was under way, and no text or link was added, for this long."""

MODULE_QUIET_MS = 250
"""The same for a page with module scripts, which may import another one without anybody being told."""

THIN_QUIET_MS = 1_000
"""The same for a page with scripts and next to no text: likely a shell that is about to be filled."""

SCROLL_QUIET_MS = 60
"""The same after scrolling down."""

THIN_CHARACTERS = 200

WATCH = (files("doctranslate.sources.web") / "watch.js").read_text(encoding="utf-8")
"""For each new document, before its own scripts."""

SETTLE = (files("doctranslate.sources.web") / "settle.js").read_text(encoding="utf-8")
"""Asynchronous; takes `settle_arguments`.

It answers with `url`, `status` (0 where the browser does not tell), `type`, `born` (which document it is), `matched`
(the selector), `settled` (False at the limit), `length`, and `text`, which is "" when it is too long.
"""


def settle_arguments(*, selector: str, limit_ms: float, max_characters: int) -> dict[str, Any]:
    """What `SETTLE` is to wait for.

    Args:
        selector: CSS selector of the content; "" for none.
        limit_ms: Milliseconds after which the page is taken as it is.
        max_characters: A longer text is not handed over.
    """
    return {
        "selector": selector,
        "limitMs": limit_ms,
        "loadLimitMs": LOAD_LIMIT_MS,
        "maxCharacters": max_characters,
        "quietMs": QUIET_MS,
        "moduleQuietMs": MODULE_QUIET_MS,
        "thinQuietMs": THIN_QUIET_MS,
        "scrollQuietMs": SCROLL_QUIET_MS,
        "thinCharacters": THIN_CHARACTERS,
    }
