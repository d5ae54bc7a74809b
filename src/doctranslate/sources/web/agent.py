"""What the crawler calls itself."""

from __future__ import annotations

import os

from doctranslate import __version__


def user_agent() -> str:
    """The User-Agent of every request, Chromium's included: what asks, and whom to write to.

    ``$DOCTRANSLATE_CONTACT``, an address or a page of whoever runs the crawl, is part of it: hosts such as Read
    the Docs ask for one. A browser's own name is not sent along: sites that ask crawlers not to pass for browsers
    mean that.
    """
    contact = "".join(c for c in os.environ.get("DOCTRANSLATE_CONTACT", "") if c.isprintable()).strip()
    whom = f"; +{contact}" if contact else ""
    return f"doctranslate/{__version__} (documentation crawler, Python package{whom})"
