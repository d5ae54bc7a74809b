"""How documents and programs are set off in a prompt, so that their text cannot pass for ours.

A document is changed where it looks like one of our tags (its text is only read). A program is never changed
(it must come back whole): there, the tag gives way.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Sequence

from doctranslate.records import Document

_GAP = r"[\s\u200b-\u200f\u2060\ufeff]*"
# The signs that read like "<", in front of a tag of ours or of a chat format, or of a chat model's "<|…|>".
_LOOK_ALIKE = re.compile(
    rf"[<\uff1c\ufe64\u2039\u3008](?={_GAP}[/\uff0f]?{_GAP}(?:documents?|program|system|user|assistant|instructions?)\b|\|)",
    re.IGNORECASE,
)


def neutralise(text: str) -> str:
    """The text with every look-alike of a delimiter made harmless: its ``<`` becomes ``&lt;``."""
    return _LOOK_ALIKE.sub("&lt;", text)


def document_block(document: Document, *, id: str) -> str:
    """A document between tags, with where it comes from.

    Args:
        document: The document; what is shown is `Document.for_prompt`.
        id: Short name that is unique in the prompt, such as ``dst-1``.
    """
    origin = "generated" if document.generated else document.component
    return data_block(
        document.for_prompt(), id=id, library=origin, source=document.chunk.uri, symbol=document.chunk.symbol
    )


def data_block(text: str, **attributes: str) -> str:
    """Text of others between ``<document>`` tags.

    Args:
        text: The text; look-alikes of delimiters in it are made harmless.
        **attributes: What the opening tag says about it; empty ones are left out.
    """
    inside = " ".join(f'{name}="{_attribute(value)}"' for name, value in attributes.items() if value)
    return f"<document {inside}>\n{neutralise(text)}\n</document>"


def program_block(code: str, *, beside: Sequence[str] = (), tag: str = "program") -> str:
    """A program between tags that occur neither in it nor in other texts.

    Args:
        code: The program, shown exactly as it is.
        beside: Texts of the same prompt that are shown as they are.
        tag: What the tags are called.
    """
    texts = [code, *beside]
    names = itertools.chain([tag], (f"{tag}-{n}" for n in itertools.count(2)))
    tag = next(name for name in names if not any(f"{name}>" in text for text in texts))
    return f"<{tag}>\n{code}{'' if code.endswith(chr(10)) else chr(10)}</{tag}>"


def _attribute(value: str) -> str:
    return html.escape(" ".join(value.split()), quote=True)
