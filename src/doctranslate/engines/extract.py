"""Condenses a chunk without a model: first sentences, signatures and code are taken out as they stand."""

from __future__ import annotations

import ast
import hashlib
import re
import textwrap
import warnings
from collections.abc import Iterator
from functools import cache
from importlib import resources

from doctranslate.engines.markup import code_blocks, plain, prose_lines
from doctranslate.engines.vocabulary import meanings, spelled_out, split_identifier
from doctranslate.records import Chunk, Digest

MAX_EXAMPLE_CHARS = 2_000
_ENOUGH_CHARS = 60
_MAX_DESCRIPTION_CHARS = 400

_OFF_TOPIC_HEADING = re.compile(
    r"""change\s?-?log|release\s+notes|version\s+history|what'?s\s+new(?:\s+in\b.*)?
      |contribut(?:e|ing|ors?)(?:\b.*)?|code\s+of\s+conduct|(?:the\s+)?licen[cs](?:e|ing)(?:\s+information)?
      |authors?|credits|acknowledge?ments?|sponsors?(?:hip)?|maintainers?
      |indices\s+and\s+tables|table\s+of\s+contents""",
    re.VERBOSE | re.IGNORECASE,
)
_OFF_TOPIC_FILE = re.compile(
    r"(?:^|[/#])(?:change-?log|changes|history|news|release[-_]notes|contributing|contributors|code[-_]of[-_]conduct"
    r"|licen[cs]e|copying|authors|security)(?:\.\w+)?(?:#.*)?/?$",
    re.IGNORECASE,
)
_LICENCE_TEXT = re.compile(
    r"""Permission\s+is\s+hereby\s+granted,\s+free\s+of\s+charge
      |Redistribution\s+and\s+use\s+in\s+source\s+and\s+binary
      |TERMS\s+AND\s+CONDITIONS\s+FOR\s+USE,\s+REPRODUCTION
      |GNU\s+(?:LESSER\s+)?GENERAL\s+PUBLIC\s+LICENSE\s+Version""",
    re.VERBOSE | re.IGNORECASE,
)

_FIELDS = re.compile(
    r"^\s*(?::\w[\w -]*(?:\s[^:`]+)?:(?!`)"
    r"|(?:Args|Arguments|Parameters|Returns?|Raises|Yields|Examples?|Notes?|Attributes"
    r"|positional arguments|options|optional arguments|Documentation)\s*:)"
)
# What a page of the package source says of a class, in a line each, before its docstring.
_CLASS_FACTS = re.compile(r"(?:Bases?|Attributes|Inherited from [\w.]+): \S")
_RETURNS = re.compile(r"^(\s*)(?::returns?:|Returns?:)\s*(.*)$")
_BULLET = re.compile(r"[-*•]\s|\d+[.)]\s")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(])")


@cache
def extraction_hash() -> str:
    """Which extraction rules these are: 16 hex digits over the modules that make a digest."""
    folder = resources.files(__package__)
    parts = [folder.joinpath(name).read_bytes() for name in ("extract.py", "markup.py", "vocabulary.py")]
    return hashlib.sha256(b"\x1f".join(parts)).hexdigest()[:16]


def digest(chunk: Chunk, *, engine: str = "offline") -> Digest:
    """The digest of a chunk.

    Args:
        chunk: The chunk; the same chunk always gives the same digest.
        engine: Name to write into the digest.
    """
    return Digest(
        chunk_id=chunk.id,
        description=describe(chunk),
        signatures=chunk.signatures,
        example=example(chunk),
        search_words=search_words(chunk),
        relevant=is_relevant(chunk),
        engine=engine,
        prompt_hash=extraction_hash(),
    )


def describe(chunk: Chunk) -> str:
    """The first sentence or two of its prose; without prose, what its name says and what it returns."""
    if chunk.kind == "example" and not any(True for _ in code_blocks(chunk.text)):
        return f"Example of {describe_name(chunk)}"  # all of it is code, with nothing around it
    for paragraph in _paragraphs(chunk):
        found = _first_sentences(paragraph)
        if len(found.split()) > 1:
            return found
    returned = _first_sentences(_returned(chunk.text))
    return f"{describe_name(chunk)} {returned}".strip()


def describe_name(chunk: Chunk) -> str:
    """A description from the name and the parameters: "Create tag of Repo (make a new one; …)"."""
    if not chunk.symbol:
        return " > ".join(chunk.headings)
    *owners, name = chunk.symbol.removeprefix("cli:").split(".")
    text = spelled_out(split_identifier(name)).capitalize() or name
    owner = next((part for part in reversed(owners) if part[:1].isupper()), "")
    text += f" of {owner}" if owner else ""
    known = meanings(split_identifier(name))
    text += f" ({'; '.join(known)})" if known else ""
    parameters = _parameters(chunk.signatures)
    return text + (f", by {', '.join(parameters)}." if parameters else ".")


def search_words(chunk: Chunk) -> str:
    """What the name of an object stands for, in other words; "" where the description says it.

    Else searches in general words would find the undocumented first, which have only their name to say.
    """
    name = split_identifier(chunk.symbol.removeprefix("cli:").rpartition(".")[2])
    if not name or describe(chunk).startswith(describe_name(chunk)):
        return ""
    return ", ".join([spelled_out(name), *meanings(name)])


def example(chunk: Chunk) -> str:
    """The first code example, verbatim; Python before anything else; "" when there is none."""
    blocks = list(code_blocks(chunk.text))
    if not blocks and chunk.kind == "example" and _is_python(chunk.text):
        blocks = [("python", chunk.text.strip("\n"))]
    ranked = sorted(blocks, key=lambda block: block[0] != "python")
    return _shortened(ranked[0][1]) if ranked else ""


def is_relevant(chunk: Chunk) -> bool:
    """False for change logs, contribution guides, licence texts and the like.

    By heading, by file name, or by content; what documents an object always counts.
    """
    if chunk.symbol:
        return True
    if any(_OFF_TOPIC_HEADING.fullmatch(heading.strip(" #:.")) for heading in chunk.headings):
        return False
    return not (_OFF_TOPIC_FILE.search(chunk.uri.partition("?")[0]) or _LICENCE_TEXT.search(chunk.text))


def _paragraphs(chunk: Chunk) -> Iterator[str]:
    """The prose of a chunk, paragraph by paragraph, as one line each."""
    signatures = {" ".join(line.split()) for line in chunk.signatures}
    held: list[str] = []
    for line in [*prose_lines(chunk.text), ""]:
        text = " ".join(line.split())
        is_fact = bool(_CLASS_FACTS.match(line))
        if not is_fact and _FIELDS.match(line):
            break
        keep = bool(text) and text not in signatures and not is_fact
        if held and (not keep or _BULLET.match(text)):
            yield " ".join(held)
            held = []
        if keep:
            held.append(text)
    if held:
        yield " ".join(held)


def _returned(text: str) -> str:
    """What the field about the returned value says, up to the next field: all that many docstrings say."""
    lines = iter(prose_lines(text))
    for line in lines:
        if field := _RETURNS.match(line):
            said = [field[2]]
            for more in lines:
                if more.strip() and len(more) - len(more.lstrip()) <= len(field[1]):
                    break
                said.append(more)
            # A type and no more is no sentence: it stands in the signature as well.
            paragraphs = (" ".join(part.split()) for part in "\n".join(said).split("\n\n"))
            return next((part for part in paragraphs if len(plain(part).split()) > 2), "")
    return ""


def _first_sentences(paragraph: str) -> str:
    first, *others = _SENTENCE.split(plain(paragraph))
    found = first if len(first) >= _ENOUGH_CHARS or not others else f"{first} {others[0]}"
    return textwrap.shorten(found, _MAX_DESCRIPTION_CHARS, placeholder=" …")


def _parameters(signatures: tuple[str, ...]) -> list[str]:
    if not signatures:
        return []
    inside = re.search(r"\((.*)\)", signatures[0], re.DOTALL)
    if not inside:
        return []
    try:
        tree = ast.parse(f"def f({inside[1].partition(') ->')[0]}): ...")
    except (SyntaxError, ValueError, RecursionError):
        return []
    function = tree.body[0]
    if not isinstance(function, ast.FunctionDef):
        return []
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    names = [each.arg for each in every]
    return [spelled_out(split_identifier(name)) for name in names if name not in ("self", "cls")]


def _shortened(code: str) -> str:
    """Whole lines from the start, within the limit."""
    if len(code) <= MAX_EXAMPLE_CHARS:
        return code
    return code[:MAX_EXAMPLE_CHARS].rpartition("\n")[0]


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return bool(ast.parse(textwrap.dedent(text)).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
