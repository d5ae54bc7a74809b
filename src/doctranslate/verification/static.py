"""Rungs 1 to 4 of the verification ladder: what can be said of a translation without running it."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from doctranslate.apis import ApiIndex
from doctranslate.records import Bridged, Check, Finding, Report, Unresolved
from doctranslate.verification import calls, danger, imports
from doctranslate.verification.base import UnreadableError, parse, result, skipped
from doctranslate.verification.calls import is_unbound
from doctranslate.verification.inference import Program
from doctranslate.verification.surface import Surface

PARSES = "parses"


def check_static(
    code: str,
    *,
    source: str,
    src_api: ApiIndex,
    dst_api: ApiIndex,
    unresolved: Sequence[Unresolved] = (),
    bridged: Sequence[Bridged] = (),
    given: Sequence[str] = (),
) -> Report:
    """Check a translation without running it: it parses, and holds no leftovers, inventions or new dangers.

    Args:
        code: The translated program.
        source: The program it was made from.
        src_api: What the source library offers.
        dst_api: What the target library offers.
        unresolved: What was not translated, and so may stay.
        bridged: What runs on the source library's own objects: what only names one of them may stay.
        given: Addresses that the caller gave for the translation: the source program need not have them.

    Returns:
        The checks ``parses``, ``no-source-imports``, ``calls-exist`` and ``nothing-dangerous``, in this
        order. When the code does not parse, the other three are skipped.
    """
    names = (imports.NAME, calls.NAME, danger.NAME)
    try:
        tree = parse(code)
    except UnreadableError as exc:
        broken = result(PARSES, [Finding(line=exc.line, message=str(exc))])
        return Report(checks=(broken, *(skipped(name, "the code does not parse") for name in names)))
    surface = Surface(dst_api)
    program = Program(tree, surface)
    before = _source(source, surface)
    checks = _checks(
        program, before, src_api=src_api, dst_api=dst_api, unresolved=unresolved, bridged=bridged, given=given
    )
    return Report(checks=(result(PARSES, ()), *checks))


def _source(source: str, surface: Surface) -> Program | None:
    try:
        return Program(parse(source), surface)
    except UnreadableError:
        return None


def _checks(
    program: Program,
    before: Program | None,
    *,
    src_api: ApiIndex,
    dst_api: ApiIndex,
    unresolved: Sequence[Unresolved],
    bridged: Sequence[Bridged],
    given: Sequence[str],
) -> tuple[Check, ...]:
    roots = [root for root in src_api.roots if root not in dst_api.roots]
    source_names = imports.names_from(before, roots) if before is not None else frozenset()
    known_missing = source_names | (_unbound_names(before) if before is not None else frozenset())
    return (
        imports.check_imports(
            program, roots=roots, source_names=source_names, unresolved=unresolved, bridged=bridged
        ),
        calls.check_calls(program, known_missing=known_missing),
        danger.check_danger(program, before, roots=dst_api.roots, given=given),
    )


def _unbound_names(program: Program) -> frozenset[str]:
    return frozenset(
        node.id
        for node, scope in program.walk.nodes
        if isinstance(node, ast.Name) and is_unbound(node.id, scope)
    )
