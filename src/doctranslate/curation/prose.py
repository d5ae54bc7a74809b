"""Takes out of Markdown and reStructuredText what only a site's builder reads: tags, addresses, targets, labels.

Code stays as it is, between fences and between backticks. So does what looks like a tag and may be a placeholder
(``<path>``).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from doctranslate.curation.code_blocks import find_code_blocks
from doctranslate.sources.html.dom import words

# Within a paragraph: a stray backtick must not turn all that follows into code.
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:[^`\n]++|\n(?![ \t]*\n)|(?!(?<!`)\1(?!`))`++)*+\1(?!`)")
_RST_LITERAL = re.compile(r"``(?:[^`\n]++|\n(?![ \t]*\n)|`(?!`))*+`*``")
_HELD = re.compile("\x00(\\d+)\x00")
_UNREAD = re.compile(r"<!--|<(script|style|iframe|svg)\b", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([A-Za-z][\w.-]*)((?:\s[^<>]{0,2000})?)/?>")
_NAMING = re.compile(r"""\b(?:title|heading|alt)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_HTML_TAGS = words(
    """
    a abbr b blockquote br center code col dd del details div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i
    iframe img kbd li mark ol p picture pre small source span strong sub summary sup table tbody td th thead tr u ul
    video
    """
)
_IMAGE = re.compile(r"!\[([^\[\]]{0,600})\](?:\([^()\n]{0,2000}\)|\[[^\[\]]{0,200}\])")
_LINK = re.compile(
    r"""\[((?:[^\[\]\n]|\n(?!\n)|\[[^\[\]\n]{0,200}\]){1,600}?)\]
        \(\s*(?:<[^<>\n]{0,2000}>|[^\s()<>]{0,2000}(?:\([^\s()]{0,200}\)[^\s()<>]{0,200}){0,5})
        (?:\s+(?:"[^"\n]{0,500}"|'[^'\n]{0,500}'))?\s*\)""",
    re.VERBOSE,
)
_REFERENCE = re.compile(r"\[([^\[\]]{1,600})\](?:\[([^\[\]]{0,200})\])?(?![(:])")
_DEFINITION = re.compile(
    r"^ {0,3}\[(?!\^)([^\[\]\n]{1,200})\]:[ \t]*\n?[ \t]*\S+(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?[ \t]*$\n?",
    re.MULTILINE,
)
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]{1,2000})>")
_ANCHOR = re.compile(r"^( {0,3}#{1,6}[ \t].*?)[ \t]*\{#([\w.:-]+)\}[ \t]*$")

_RST_ROLE = re.compile(r":(?:[\w+-]+:){0,2}[\w+-]+:(`[^`\n]{1,300}`)|:[\w:+-]{1,40}:(`[^`]{1,300}`)")
_RST_TITLED = re.compile(r"`!?~?([^`<>]{1,300}?)\s*<[^`<>]{1,500}>`(?:__?(?!\w))?")
_RST_REFERENCE = re.compile(r"`([^`<>]{1,300})`__?(?!\w)")
_RST_NOTE = re.compile(
    r"^([ \t]*)\.\. (note|warning|tip|hint|important|caution|danger|attention|error|seealso)::", re.MULTILINE
)
_RST_TARGET = re.compile(
    r"^\s*\.\. (?:_[^:]+:|\[[^\]]+\] ?$|highlight::|index::|currentmodule::|module::|\|[^|]+\| )"
)
_RST_BUILT = re.compile(
    r"^(\s*)\.\. (?:literalinclude|include|toctree|auto\w+|contents|image|figure|raw|only|plot|sectionauthor|meta|"
    r"mermaid|graphviz|inheritance-diagram)::"
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text that is for readers.

    Attributes:
        text: The text.
        anchors: Line of a heading in it, from 0, to the anchor that the heading named (``{#name}``).
    """

    text: str
    anchors: dict[int, str]


def clean(text: str, media_type: str) -> Cleaned:
    """Take out what is not for readers.

    Args:
        text: The text.
        media_type: ``text/markdown`` or ``text/x-rst``; any other text stays as it is.
    """
    if media_type not in ("text/markdown", "text/x-rst"):
        return Cleaned(text, {})
    lines = text.split("\n")
    stretches = list(_stretches(lines, media_type))
    if media_type == "text/x-rst":
        parts = [part if is_code else _rst(part) for part, is_code in stretches]
    else:
        prose = _Prose("\n".join(part for part, is_code in stretches if not is_code))
        parts = [part if is_code else prose.clean(part) for part, is_code in stretches]
    return _anchored("\n".join(parts).strip("\n") + "\n")


def _stretches(lines: Sequence[str], media_type: str) -> Iterator[tuple[str, bool]]:
    """Prose and code in turn."""
    at = 0
    for block in find_code_blocks(lines, media_type):
        if block.start > at:
            yield "\n".join(lines[at : block.start]), False
        yield "\n".join(lines[block.start : block.end]), True
        at = block.end
    if at < len(lines):
        yield "\n".join(lines[at:]), False


class _Prose:
    """Cleans Markdown; ``whole`` tells which tags and references a page has."""

    def __init__(self, whole: str) -> None:
        self._names = _HTML_TAGS | {found[2].lower() for found in _TAG.finditer(whole) if found[1]}
        self._labels = {_label(found[1]) for found in _DEFINITION.finditer(whole)}

    def clean(self, text: str) -> str:
        held: list[str] = []
        text = _held(_CODE_SPAN, text.replace("\x00", ""), held)
        text = "".join(_read(text))
        text = _DEFINITION.sub("", text)
        for pattern in (
            _IMAGE,
            _LINK,
            _LINK,
        ):  # an image may be what is linked, and a link be within brackets
            text = pattern.sub(lambda found: found[1], text)
        text = _REFERENCE.sub(lambda found: self._referenced(found, held), text)
        text = _AUTOLINK.sub(lambda found: found[1], text)
        text = html.unescape(_TAG.sub(self._tag, text)).replace("\xa0", " ")
        text = _given_back(text, held)
        return re.sub(r"\n(?:[ \t]*\n){2,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n")))

    def _referenced(self, found: re.Match[str], held: Sequence[str]) -> str:
        label = _label(_given_back(found[2] or found[1], held))
        return found[1] if label in self._labels else found[0]

    def _tag(self, found: re.Match[str]) -> str:
        if found[2].lower() not in self._names:
            return found[0]
        named = _NAMING.search(found[3])
        return (named[1] or named[2] or "") if named and not found[1] and found[2].lower() != "a" else ""


def _held(pattern: re.Pattern[str], text: str, held: list[str]) -> str:
    """The text with a placeholder for each match, which is put away."""

    def hold(found: re.Match[str]) -> str:
        held.append(found[0])
        return f"\x00{len(held) - 1}\x00"

    return pattern.sub(hold, text)


def _given_back(text: str, held: Sequence[str]) -> str:
    return _HELD.sub(lambda found: held[int(found[1])], text)


def _read(text: str) -> Iterator[str]:
    """What is between comments and scripts."""
    start = at = 0
    open_ended: set[str] = set()
    while found := _UNREAD.search(text, at):
        at, name = found.end(), (found[1] or "").lower()
        # An end that is not there is looked for once: a page may begin a comment many thousand times.
        ends = (
            None
            if name in open_ended
            else re.compile(f"</{name}\\s*>" if name else "-->", re.I).search(text, at)
        )
        if ends is None:
            open_ended.add(name)
            continue
        yield text[start : found.start()]
        start = at = ends.end()
    yield text[start:]


def _label(text: str) -> str:
    return " ".join(text.split()).lower()


def _rst(text: str) -> str:
    text = _RST_NOTE.sub(lambda found: f"{found[1]}{found[2].capitalize()}:", text)
    held: list[str] = []
    text = "\n".join(_without_directives(text.replace("\x00", "").split("\n")))
    text = _held(_RST_LITERAL, text, held)
    text = _RST_ROLE.sub(lambda found: found[1] or found[2], text)
    text = _RST_TITLED.sub(lambda found: found[1], text)
    return _given_back(_RST_REFERENCE.sub(lambda found: found[1], text), held)


def _without_directives(lines: Sequence[str]) -> Iterator[str]:
    """The lines without labels, and without what is put together only when the site is built."""
    indent = -1
    for line in lines:
        if indent >= 0 and (not line.strip() or len(line) - len(line.lstrip()) > indent):
            continue
        found = _RST_BUILT.match(line)
        indent = len(found[1]) if found else -1
        if found is None and not _RST_TARGET.match(line):
            yield line
        elif found:
            yield ""


def _anchored(text: str) -> Cleaned:
    lines = text.split("\n")
    code = {n for block in find_code_blocks(lines, "text/markdown") for n in range(block.start, block.end)}
    anchors: dict[int, str] = {}
    for number, line in enumerate(lines):
        found = _ANCHOR.match(line) if "{#" in line and number not in code else None
        if found:
            lines[number] = found[1]
            anchors[number] = found[2]
    return Cleaned("\n".join(lines), anchors)
