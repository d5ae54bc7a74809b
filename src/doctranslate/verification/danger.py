"""Rung 4: the translation can do nothing to a machine that the source program could not do already."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from doctranslate.records import Check, Finding
from doctranslate.verification.abilities import OVERWRITES, abilities
from doctranslate.verification.acts import acts, named_remotes
from doctranslate.verification.base import finding, result, source_text
from doctranslate.verification.capabilities import DOES, HARMLESS_MODULES, LACKS, capability_of
from doctranslate.verification.dangers import Danger, Parents
from doctranslate.verification.inference import Program
from doctranslate.verification.material import READS, Makings, Material, Stock, missing
from doctranslate.verification.wordings import wordings

NAME = "nothing-dangerous"
_PREFIXES = ("refs/heads/", "refs/tags/", "refs/remotes/origin/", "refs/remotes/", "refs/")


def check_danger(
    program: Program, source: Program | None, *, roots: Sequence[str] = (), given: Sequence[str] = ()
) -> Check:
    """No import, process, connection, dynamic code, deletion, address or look at the environment that is new.

    What the source program does by the same name passes, if it is done with nothing but what the source has: its
    texts and the names that it uses. So a second call with another command does not pass, and the same
    call in a function of its own does.

    Args:
        program: The translated program.
        source: The source program, or None when it cannot be read: then nothing is allowed.
        roots: Import names of the target library.
        given: Addresses that the caller gave for the translation.
    """
    stock = Stock(source)
    given = [*given, *named_remotes(program)]
    allowed: dict[tuple[str, str], list[Danger]] = {}
    for danger in _dangers(source) if source is not None else ():
        allowed.setdefault((danger.capability, danger.path), []).append(danger)
    source_uses = {source_text(d.use) for many in allowed.values() for d in many if d.use is not None}
    findings = list(_new_imports(program, source, roots))
    reported = {found.line for found in findings}
    makings = Makings(program)
    commands = _commands(source, allowed)
    for danger in _dangers(program):
        if isinstance(danger.node, ast.stmt) and danger.node.lineno in reported:
            continue
        if danger.is_text:
            if not stock.has_text(danger.path.removeprefix("git ")) and danger.path not in given:
                findings.append(finding(danger.node, _message(danger)))
            continue
        known = (danger.capability, danger.path) in allowed or bool(danger.words & stock.words)
        known |= danger.capability == "address" or _is_of_remote(danger, makings)
        if danger.path == OVERWRITES and _is_new_file(danger, stock, makings):
            continue
        if not known:
            findings.append(finding(danger.node, _message(danger)))
        elif danger.use is not None and source_text(danger.use) not in source_uses:
            made_of = _made_of(danger, makings)
            new = _new_in(danger, made_of, stock, given)
            if not new and danger.capability == "process":
                new = _other_command(made_of, commands.get(danger.path))
            if new:
                findings.append(
                    finding(
                        danger.node,
                        f"{_what(danger)} {DOES[danger.capability]}: the source program has no {new}",
                    )
                )
    return result(NAME, findings)


def _made_of(danger: Danger, makings: Makings) -> Material:
    """What a call is given; of an address, or the name of a file, all that it is made of."""
    if danger.use is None:
        return Material(frozenset(), frozenset())
    is_value = danger.capability == "address" or danger.path == OVERWRITES
    return makings.of(danger.use) if is_value else makings.of_use(danger.use)


def _commands(
    source: Program | None, allowed: Mapping[tuple[str, str], Sequence[Danger]]
) -> dict[str, Material]:
    """What the source program gives to each thing that starts processes."""
    makings = Makings(source) if source is not None else None
    found: dict[str, Material] = {}
    for (capability, path), dangers in allowed.items():
        if capability == "process" and makings is not None:
            made = [makings.of_use(danger.use) for danger in dangers if danger.use is not None]
            found[path] = Material(
                frozenset().union(*(m.literals for m in made)), frozenset().union(*(m.names for m in made))
            )
    return found


def _other_command(made_of: Material, command: Material | None) -> str:
    """What of a command is no part of the source program's commands, or ""."""
    if command is None:
        return ""
    if command.literals and not made_of.literals:
        return "command of this kind"
    return missing(made_of, literals=command.literals, names=command.names)


def _is_new_file(danger: Danger, stock: Stock, makings: Makings) -> bool:
    """Whether what is written is a file of a name that is written down, and that the source program does not know."""
    made_of = _made_of(danger, makings)
    if not any(made_of.literals):
        return False
    is_known = any(isinstance(text, str) and text and stock.has_text(text) for text in made_of.literals)
    return not is_known and not missing(made_of, literals=made_of.literals, names=frozenset())


def _is_of_remote(danger: Danger, makings: Makings) -> bool:
    """Whether it is what git notes of a remote's branches that goes: every fetch brings it back."""
    if danger.path != ".remove_ref" or danger.use is None:
        return False
    texts = {text for text in makings.of_use(danger.use).literals if isinstance(text, str)}
    return any(text.startswith("refs/remotes/") for text in texts) and not any(
        text.startswith(("refs/heads/", "refs/tags/")) for text in texts
    )


def _message(danger: Danger) -> str:
    return f"{_what(danger)} {DOES[danger.capability]}: {LACKS[danger.capability]}"


def _what(danger: Danger) -> str:
    return danger.path if len(danger.path) <= 80 else danger.path[:77] + "…"


def _new_in(danger: Danger, made_of: Material, stock: Stock, given: Sequence[str]) -> str:
    """What a use is made of that the source program does not have, or ""."""
    literals = frozenset(_bare(literal) for literal in made_of.literals if literal not in given)
    if danger.words:
        if danger.path.startswith(".git."):  # options that destroy are looked at by themselves
            literals = frozenset(
                text for text in literals if not (isinstance(text, str) and text.startswith("-"))
            )
        direct = {
            part.value for part in ast.walk(danger.use or danger.node) if isinstance(part, ast.Constant)
        }
        literals = frozenset(literal for literal in literals if literal in direct or not _is_pattern(literal))
    if danger.words or danger.capability == "address":
        made_of = Material(literals, made_of.names & READS if danger.capability == "address" else frozenset())
    else:
        made_of = Material(literals, made_of.names)
    return stock.missing(made_of)


def _is_pattern(literal: str | bytes) -> bool:
    """Patterns of kinds of files choose among what a program was given."""
    return isinstance(literal, str) and ("*" in literal or literal in ("?", "*?["))


def _bare(literal: str | bytes) -> str | bytes:
    """What is meant: a translation may write ``refs/heads/main`` for ``main``, and ``a.csv.dvc`` for ``a.csv``."""
    if isinstance(literal, str):
        for prefix in _PREFIXES:
            literal = literal.removeprefix(prefix)
        literal = literal.removesuffix(".dvc")
    return literal


def _dangers(program: Program) -> Iterator[Danger]:
    parents = Parents(program.tree)
    yield from abilities(program, parents)
    yield from acts(program, parents)
    yield from wordings(program)


# Imports


def _new_imports(program: Program, source: Program | None, roots: Sequence[str]) -> Iterator[Finding]:
    known = {root for root, _ in _import_roots(source)} if source is not None else set()
    for root, node in _import_roots(program):
        if root not in known and root not in roots and root not in HARMLESS_MODULES:
            capability = capability_of(root)
            why = (
                f"{DOES[capability]}: {LACKS[capability]}"
                if capability
                else "the source program does not use it"
            )
            yield finding(node, f"new import of {root!r}: {why}")


def _import_roots(program: Program) -> Iterator[tuple[str, ast.stmt]]:
    for imported in program.walk.imports:
        if imported.module:
            yield imported.module.partition(".")[0], imported.statement
        elif isinstance(imported.statement, ast.ImportFrom):
            dots = "." * imported.statement.level
            yield dots + (imported.statement.module or imported.name).partition(".")[0], imported.statement
