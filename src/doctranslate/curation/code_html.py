"""Reads a code block of HTML: its text, byte for byte, and its language."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from doctranslate.sources.html.dom import Element, words

_CLASS = re.compile(r"(?:^|\s)(?:(?:highlight(?:-source|-text)?|language|lang|src)-|brush:\s*)([\w+#.-]+)")
_SECOND = re.compile(r"(?:^|\s)(?:hljs|sourceCode|prettyprint|code)\s+([a-z][\w+#-]*)\s*$")
_NONE = words(
    "none text plaintext plain txt nohighlight notranslate output literal raw block toolbar html-basic"
)
_NAMES = {"ipython": "python", "ipython3": "python", "python3": "python", "py": "python", "py3": "python"}
_LINES = words("div li tr")


def fenced(pre: Element) -> str:
    """A code block as Markdown, or "" when it is blank.

    Args:
        pre: The ``pre`` element, without line numbers and buttons.

    Returns:
        The code between fences that are longer than any run of backticks in it, with the language when it is known.
    """
    code = "".join(_texts(pre, depth=0)).replace("\r\n", "\n").strip("\n")
    if not code.strip():
        return ""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{_language(pre, code)}\n{code}\n{fence}"


def _texts(element: Element, *, depth: int) -> Iterator[str]:
    if depth > 50:
        yield element.text_content()
        return
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield "\n"
        elif isinstance(child.tag, str):
            text = "".join(_texts(child, depth=depth + 1))
            is_line = child.tag in _LINES or "token-line" in child.get("class", "").split()
            yield f"{text}\n" if is_line and not text.endswith("\n") else text
        yield child.tail or ""


def _language(pre: Element, code: str) -> str:
    around = [pre, *pre.iterchildren("code"), *list(pre.iterancestors())[:7]]
    for element in around:
        given = element.get("data-lang") or element.get("data-language") or ""
        classes = element.get("class", "")
        found = _CLASS.search(classes) or _SECOND.search(classes)
        name = (given or (found[1] if found else "")).lower()
        if name == "default":
            return "python" if ">>>" in code or _is_python(code) else ""
        if name in _NONE:
            if element.tag != "code" and name in ("notranslate", "toolbar", "block"):
                continue
            return ""
        if re.fullmatch(r"[\w+#.-]{1,30}", name):
            return _NAMES.get(name, name)
    return ""


def _is_python(code: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes, in code that is not ours
            return bool(ast.parse(code).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
