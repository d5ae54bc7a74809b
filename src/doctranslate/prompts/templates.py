"""Prompt templates: Markdown files beside this module, each with the variables that it may name.

A template holds ``{{variable}}`` and nothing else that is special. Values are put in once and are not read
again, so that a document or a program that contains ``{{…}}`` stays as it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from doctranslate.errors import ConfigError

VARIABLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "condense.system": frozenset(),
        "condense": frozenset({"symbol", "headings", "document"}),
        "counterpart.system": frozenset({"src", "dst"}),
        "counterpart": frozenset({"src", "dst", "calls", "docs_src"}),
        "again": frozenset({"problem"}),
        "continue": frozenset(),
        "translate.system": frozenset({"src", "dst", "marker"}),
        "translate": frozenset({"src", "dst", "docs_src", "docs_dst", "unresolved", "program", "more"}),
        "translate.draft": frozenset({"draft"}),
        "translate.part": frozenset({"context"}),
        "repair": frozenset({"findings"}),
    }
)
"""Template name to the variables it names; a test compares it with the files."""

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


@cache
def template_text(name: str) -> str:
    """The text of a template file, as shipped.

    Args:
        name: File name without ``.md``; a key of `VARIABLES`.

    Raises:
        ConfigError: There is no such template.
    """
    if name not in VARIABLES:
        raise ConfigError(f"unknown prompt template {name!r}; there are {', '.join(sorted(VARIABLES))}")
    path = resources.files(__package__).joinpath("texts", f"{name}.md")
    return path.read_text(encoding="utf-8").strip()


def template_variables(name: str) -> frozenset[str]:
    """The variables that a template file really names."""
    return frozenset(_VARIABLE.findall(template_text(name)))


def render(name: str, **variables: str) -> str:
    """Fill in a template.

    Args:
        name: A key of `VARIABLES`.
        **variables: A text for each of the template's variables, no more and no fewer.

    Returns:
        The text, with every value exactly as given.

    Raises:
        ConfigError: The template is unknown, a variable is missing, or one is not the template's.
    """
    text = template_text(name)
    given, wanted = frozenset(variables), VARIABLES[name]
    if given != wanted:
        missing = ", ".join(sorted(wanted - given)) or "none"
        unknown = ", ".join(sorted(given - wanted)) or "none"
        raise ConfigError(f"prompt template {name!r}: missing variables: {missing}; unknown: {unknown}")
    return _VARIABLE.sub(lambda match: variables[match[1]], text)


def template_hash(*names: str) -> str:
    """Which wording a prompt was made from.

    Args:
        *names: Keys of `VARIABLES`.

    Returns:
        The first 16 hex digits of the SHA-256 over the texts.

    Raises:
        ConfigError: A template is unknown.
    """
    content = "\x1f".join(template_text(name) for name in names)
    return hashlib.sha256(content.encode()).hexdigest()[:16]
