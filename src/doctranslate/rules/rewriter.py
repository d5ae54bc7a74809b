"""Rewrites a program by the rules of a pair: read, infer, plan, write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from doctranslate.analysis.infer import Inference

from doctranslate.apis import ApiIndex
from doctranslate.errors import SourceCodeError
from doctranslate.records import Job, Rewritten
from doctranslate.rules.base import RuleSet
from doctranslate.rules.edit import Edit, drop_source_imports, insert_new_code
from doctranslate.rules.names import Names, names_in, read_prelude
from doctranslate.rules.planner import Planner

Survey = Callable[[Inference, Job], Any]


def parse(code: str) -> cst.Module:
    """A program as a syntax tree.

    Raises:
        SourceCodeError: It is not Python; with the line.
    """
    try:
        return cst.parse_module(code)
    except cst.ParserSyntaxError as exc:
        raise SourceCodeError(f"not Python: {exc.message}", line=exc.raw_line) from exc


def rewrite(job: Job, rules: RuleSet, api: ApiIndex, survey: Survey) -> Rewritten:
    """Translate one program.

    Args:
        job: The program and what the caller said about it.
        rules: The rule set of the pair.
        api: The source library, for types.
        survey: Reads the program once and gives the rules what they need to know of it as a whole
            (``Planner.program``); its ``constants`` fill the prelude.

    Raises:
        SourceCodeError: The program is not Python.
    """
    parsed = parse(job.code)
    wrapper = MetadataWrapper(parsed, unsafe_skip_copy=True)
    module = wrapper.module
    inference = Inference(module, api, overrides=rules.overrides)
    ranges = wrapper.resolve(PositionProvider)
    program = survey(inference, job)
    names = Names(
        taken=frozenset(names_in(module)) - _released(inference, rules),
        module_scope=inference.tree.module,
        preferred=_preferred(inference, rules),
        prelude_source=read_prelude(rules.prelude_path),
        constants=program.constants,
    )
    planner = Planner(module, rules, inference, api, names, program)
    planner.positions = {node: span.start.line for node, span in ranges.items()}
    edit = Edit(planner, set())
    edited = module.visit(edit)
    edited = drop_source_imports(edited, api.roots, edit.total.kept)
    code = _assemble(edited, names, module.default_newline)
    unresolved = tuple(sorted(edit.total.unresolved, key=lambda u: u.line))
    notes = tuple(sorted(dict.fromkeys(edit.total.notes), key=lambda n: n.line))
    return Rewritten(code=code, unresolved=unresolved, notes=notes)


def _assemble(edited: cst.Module, names: Names, newline: str) -> str:
    used = frozenset(names_in(edited))
    prelude = names.prelude_code(used)
    everything = used | frozenset(names_in(cst.parse_module(prelude)))
    return insert_new_code(edited.code, names.import_lines(everything), prelude, newline=newline)


def _preferred(inference: Inference, rules: RuleSet) -> dict[str, str]:
    """The program's own name for the root class, as ``R`` in ``from git import Repo as R``, goes to its target."""
    wanted: dict[str, str] = {}
    for name, bindings in inference.tree.module.bindings.items():
        for binding in bindings:
            if binding.kind != "import" or not isinstance(binding.node, cst.ImportFrom):
                continue
            targets = rules.names.get(inference.api.canonical(binding.path))
            if targets and len(targets) == 1:
                wanted.setdefault(targets[0], name)
    return wanted


def _released(inference: Inference, rules: RuleSet) -> frozenset[str]:
    """Names that the program has only from the source library: they are free again."""
    free = set()
    for name, bindings in inference.tree.module.bindings.items():
        if all(b.kind == "import" and inference.is_library(b.path) for b in bindings):
            free.add(name)
    others = {
        bound
        for scope in inference.tree.scope_by_node.values()
        if scope is not inference.tree.module
        for bound in scope.bindings
    }
    return frozenset(free - others)


__all__ = ["parse", "rewrite"]

