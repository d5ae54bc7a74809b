"""Builds the prompts: to condense a chunk, to name counterparts, to translate a program.

A translation prompt has a budget. Over it, documents are left out, the least relevant first; the program and
the rules are never shortened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from doctranslate.errors import ContextLengthError
from doctranslate.prompts.budget import count_tokens, counted_by
from doctranslate.prompts.delimit import data_block, document_block, neutralise, program_block
from doctranslate.prompts.templates import render, template_hash
from doctranslate.records import ApiUsage, Chunk, Document, Message, Prompt, Retrieved, Unresolved

MARKER = "doctranslate: unresolved"
"""Begins the comment above a statement that has no counterpart: ``# doctranslate: unresolved: <reason>``."""

MESSAGE_TOKENS = 4
"""What a chat format adds for each message. Source: OpenAI Cookbook, "How to count tokens with tiktoken"."""

_NONE = "(none)"


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A document in the running for a place in the prompt."""

    document: Document
    side: str
    block: str
    n_tokens: int


def translation_prompt(
    code: str,
    *,
    src: str,
    dst: str,
    retrieved: Retrieved,
    max_tokens: int = 12_000,
    model: str | None = None,
    unresolved: Sequence[Unresolved] = (),
    draft: str = "",
    context: str = "",
) -> Prompt:
    """The prompt that asks for a program's translation.

    Args:
        code: The program.
        src: Name of the source component.
        dst: Name of the target component.
        retrieved: Docs-X and Docs-Y, best first; each goes into a section of its own.
        max_tokens: Budget for all messages together, in tokens.
        model: Model it is for, which decides how tokens are counted; None when no model will read it.
        unresolved: Calls already known to have no counterpart; with a draft, those that it leaves to be done.
        draft: The program as the rules leave it, to be finished.
        context: What stands around the program, which is then a part of a longer one: imports, signatures.

    Returns:
        The prompt. `Prompt.dropped` names the chunks that were left out, least relevant first: by rank, and
        of equal ranks the one about the source library; before these, any longer than the whole budget.

    Raises:
        ContextLengthError: The program alone does not fit.
    """
    calls = "\n".join(f"- line {u.line}: {_one_line(u.code)}: {_one_line(u.reason)}" for u in unresolved)
    program = program_block(code, beside=[calls, draft, context])
    more = ""
    if draft:
        more += render("translate.draft", draft=program_block(draft, beside=[calls, code], tag="draft"))
    if context:
        more += render(
            "translate.part", context=program_block(context, beside=[calls, code], tag="surroundings")
        )

    def assemble(kept: Sequence[_Candidate]) -> tuple[Message, ...]:
        return _messages(
            render("translate.system", src=src, dst=dst, marker=MARKER),
            render(
                "translate",
                src=src,
                dst=dst,
                docs_src=_section(kept, "src"),
                docs_dst=_section(kept, "dst"),
                unresolved=calls or _NONE,
                program=program,
                more=more,
            ),
        )

    candidates = _ranked(retrieved.docs_src, retrieved.docs_dst, model=model)
    try:
        templates = [
            "translate",
            *(["translate.draft"] if draft else []),
            *(["translate.part"] if context else []),
        ]
        return _fit(candidates, assemble, max_tokens=max_tokens, model=model, templates=templates)
    except ContextLengthError as exc:
        n_program = count_tokens(program, model)
        raise ContextLengthError(
            f"the program alone has {n_program} tokens and with the instructions goes over the budget of "
            f"{max_tokens}: raise max_tokens, or translate it in parts",
            model=model or "",
        ) from exc


def repair_prompt(
    prompt: Prompt, code: str, *, findings: Sequence[str], max_tokens: int, model: str | None = None
) -> Prompt:
    """The prompt that gives a program back to the model that wrote it, with what the checks found.

    Args:
        prompt: That the program came of.
        code: The program.
        findings: A line each.
        max_tokens: Budget for all messages together, in tokens.
        model: Model it is for.

    Raises:
        ContextLengthError: They do not fit together.
    """
    told = "\n".join(f"- {neutralise(_one_line(line))}" for line in findings)
    messages = (
        *prompt.messages[:2],
        Message(role="assistant", content=f"```python\n{code.rstrip()}\n```"),
        Message(role="user", content=render("repair", findings=told)),
    )
    n_tokens = _count(messages, model)
    if n_tokens > max_tokens:
        raise ContextLengthError(
            f"the prompt with the program and the findings has {n_tokens} tokens, over {max_tokens}",
            model=model or "",
        )
    return prompt.model_copy(
        update={
            "messages": messages,
            "n_tokens": n_tokens,
            "template_hash": template_hash("translate.system", "translate", "repair"),
        }
    )


def again(messages: Sequence[Message], reply: str, *, problem: str) -> tuple[Message, ...]:
    """The messages that ask once more, after a reply that cannot be used.

    Args:
        messages: What was asked.
        reply: What came back.
        problem: What is wrong with it.
    """
    return (
        *messages,
        Message(role="assistant", content=reply or _NONE),
        Message(role="user", content=render("again", problem=_one_line(problem))),
    )


def condense_prompt(chunk: Chunk, *, model: str | None = None) -> Prompt:
    """The prompt that asks for the digest of a chunk.

    Args:
        chunk: The chunk; all of its text is shown.
        model: Model it is for.
    """
    text = "\n".join([*(line for line in chunk.signatures if line not in chunk.text), chunk.text])
    messages = _messages(
        render("condense.system"),
        render(
            "condense",
            symbol=neutralise(_one_line(chunk.symbol)) or _NONE,
            headings=neutralise(_one_line(" > ".join(chunk.headings))) or _NONE,
            document=data_block(text, id="1", source=chunk.uri),
        ),
    )
    return _prompt(messages, model=model, templates=["condense"])


def counterpart_prompt(
    docs_src: Sequence[Document],
    *,
    src: str,
    dst: str,
    usages: Sequence[ApiUsage] = (),
    max_tokens: int = 12_000,
    model: str | None = None,
) -> Prompt:
    """The prompt that asks what in ``dst`` matches the functionality of documents about ``src``.

    Args:
        docs_src: Docs-X, best first; over the budget the last are left out.
        src: Name of the source component.
        dst: Name of the target component.
        usages: The calls that the program makes, when known.
        max_tokens: Budget for all messages together, in tokens.
        model: Model it is for.

    Raises:
        ContextLengthError: The list of calls alone does not fit.
    """
    calls = "\n".join(dict.fromkeys(f"- {u.symbol}: {neutralise(_one_line(u.code))}" for u in usages))

    def assemble(kept: Sequence[_Candidate]) -> tuple[Message, ...]:
        return _messages(
            render("counterpart.system", src=src, dst=dst),
            render("counterpart", src=src, dst=dst, calls=calls or _NONE, docs_src=_section(kept, "src")),
        )

    candidates = _ranked(docs_src, (), model=model)
    return _fit(candidates, assemble, max_tokens=max_tokens, model=model, templates=["counterpart"])


def _fit(
    candidates: Sequence[_Candidate],
    assemble: Callable[[Sequence[_Candidate]], tuple[Message, ...]],
    *,
    max_tokens: int,
    model: str | None,
    templates: Sequence[str],
) -> Prompt:
    """The prompt with as many of the candidates, best first, as the budget allows."""
    bare = _count(assemble([]), model)
    if bare > max_tokens:
        raise ContextLengthError(
            f"{bare} tokens without any document, over the budget of {max_tokens}", model=model or ""
        )
    room = max_tokens - bare
    dropped = [c for c in reversed(candidates) if c.n_tokens > room]
    kept = [c for c in candidates if c.n_tokens <= room]
    used = sum(c.n_tokens for c in kept)
    while kept and used > room:
        used -= kept[-1].n_tokens
        dropped.append(kept.pop())
    # Tokens may join differently across the seams: the whole is counted again before it counts as fitting.
    while kept and _count(assemble(kept), model) > max_tokens:
        dropped.append(kept.pop())
    ids = tuple(candidate.document.chunk.id for candidate in dropped)
    return _prompt(assemble(kept), model=model, templates=templates, dropped=ids)


def _ranked(
    docs_src: Sequence[Document], docs_dst: Sequence[Document], *, model: str | None
) -> list[_Candidate]:
    """All documents with their blocks, most relevant first: by rank, the target's before the source's."""
    sides: Iterable[tuple[str, Sequence[Document]]] = (("dst", docs_dst), ("src", docs_src))
    places = [(rank, side, document) for side, documents in sides for rank, document in enumerate(documents)]
    places.sort(key=lambda place: place[0])  # stable: dst stays before src
    found = []
    for rank, side, document in places:
        block = document_block(document, id=f"{side}-{rank + 1}")
        found.append(_Candidate(document, side, block, count_tokens(block + "\n", model)))
    return found


def _section(kept: Sequence[_Candidate], side: str) -> str:
    return "\n".join(candidate.block for candidate in kept if candidate.side == side) or _NONE


def _prompt(
    messages: tuple[Message, ...],
    *,
    model: str | None,
    templates: Sequence[str],
    dropped: tuple[str, ...] = (),
) -> Prompt:
    return Prompt(
        messages=messages,
        n_tokens=_count(messages, model),
        counted_by=counted_by(model),
        dropped=dropped,
        template_hash=template_hash(f"{templates[0]}.system", *templates),
    )


def _messages(system: str, user: str) -> tuple[Message, ...]:
    return (Message(role="system", content=system), Message(role="user", content=user))


def _count(messages: Iterable[Message], model: str | None) -> int:
    return sum(count_tokens(message.content, model) + MESSAGE_TOKENS for message in messages)


def _one_line(text: str) -> str:
    return " ".join(text.split())
