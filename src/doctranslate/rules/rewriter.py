"""Rewrites a program by the rules of a pair: read, infer, plan, write."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from doctranslate.analysis.infer import Inference
from doctranslate.analysis.usages import parse

from doctranslate.apis import merge
from doctranslate.errors import UsageError
from doctranslate.records import Job, Note, Rewritten
from doctranslate.rules.base import RuleSet
from doctranslate.rules.edit import Edit, drop_source_imports, insert_new_code
from doctranslate.rules.names import Names, names_in, read_prelude
from doctranslate.rules.planner import Planner


def rewrite(job: Job, rules: RuleSet) -> Rewritten:
    """Translate one program.

    Args:
        job: The program, what the caller said about it, and the source library's API.
        rules: The rule set of the pair.

    Raises:
        SourceCodeError: The program is not Python.
    """
    if job.src_api is None:
        raise UsageError("the rules need the API of the source library to tell types: Job.src_api is missing")
    api = merge([job.src_api, rules.extra_api]) if rules.extra_api else job.src_api
    parsed = parse(job.code)
    wrapper = MetadataWrapper(parsed, unsafe_skip_copy=True)
    module = wrapper.module
    ranges = wrapper.resolve(PositionProvider)
    starts = {node: (span.start.line, span.start.column) for node, span in ranges.items()}
    known = {node: job.types[start] for node, start in starts.items() if start in job.types} if job.types else {}
    inference = Inference(module, api, overrides=rules.overrides, known=known)
    program = rules.survey(inference, job)
    names = Names(
        taken=_taken(inference),
        module_scope=inference.tree.module,
        preferred=_preferred(inference, rules),
        prelude_source=read_prelude(rules.prelude_path),
        constants=program.constants,
    )
    planner = Planner(module, rules, inference, api, names, program)
    planner.positions = {node: line for node, (line, _) in starts.items()}
    doubtful = {(usage.line, usage.column, usage.code) for usage in job.usages if not usage.resolved}
    planner.doubtful = {
        node for node, start in starts.items() if (*start, module.code_for_node(node)) in doubtful
    } if doubtful else set()
    edit = Edit(planner)
    edited = module.visit(edit)
    edited = drop_source_imports(edited, api.roots, edit.total.kept)
    code = _assemble(edited, names, module.default_newline)
    unresolved = tuple(sorted(edit.total.unresolved, key=lambda u: u.line))
    first: dict[str, Note] = {}  # what holds for several lines is said once
    for note in sorted(edit.total.notes, key=lambda n: n.line):
        first.setdefault(note.message, note)
    notes = tuple(first.values())
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
            if inference.api.canonical(binding.path) == rules.root:
                wanted.setdefault(rules.names[rules.root][0], name)
    return wanted


def _taken(inference: Inference) -> frozenset[str]:
    """Names that mean something in the program; those it has only from the source library are free again."""
    tree = inference.tree
    taken = set()
    for scope in tree.scope_by_node.values():
        if isinstance(scope.node, cst.ClassDef):
            continue
        for name, bindings in scope.bindings.items():
            if not all(b.kind == "import" and inference.is_library(b.path) for b in bindings):
                taken.add(name)
    return frozenset(taken)
