"""What the crawler calls itself."""

from __future__ import annotations

from doctranslate import __version__

USER_AGENT = (
    f"doctranslate/{__version__} (documentation crawler; +https://github.com/doctranslate/doctranslate)"
)
"""The User-Agent of every request, Chromium's included: whose crawler it is, and where to complain.

A browser's own name is not sent along: sites that ask crawlers not to pass for browsers mean that.
"""
