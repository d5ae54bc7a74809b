"""Rewrites a program by the rules of a pair: read, infer, plan, write."""

from __future__ import annotations

import ast
import builtins
import warnings
from collections.abc import Iterator
from dataclasses import replace

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from doctranslate.analysis.depth import with_room
from doctranslate.analysis.infer import Inference
from doctranslate.analysis.usages import parse
from doctranslate.apis import ApiIndex, extended
from doctranslate.errors import UsageError
from doctranslate.records import Bridged, Job, Note, Rewritten, Translated, Unresolved
from doctranslate.rules.base import RuleSet
from doctranslate.rules.blocks import settle
from doctranslate.rules.edit import Edit
from doctranslate.rules.imports import DropImports, assemble
from doctranslate.rules.names import Names, names_read, read_prelude
from doctranslate.rules.planner import Planner
from doctranslate.rules.unchain import unchain
from doctranslate.rules.unread import drop_unread

_LINE_ENDS = ("\n", "\r")
_VARIABLES = (cst.Name, cst.Attribute, cst.Call)


def rewrite(job: Job, rules: RuleSet) -> Rewritten:
    """Translate one program.

    Args:
        job: The program, what the caller said about it, and the source library's API.
        rules: The rule set of the pair.

    Raises:
        SourceCodeError: The program is not Python.
        UsageError: The job lacks the source library's API.
    """
    if job.src_api is None:
        raise UsageError("the rules need the API of the source library to tell types: Job.src_api is missing")
    api = extended(job.src_api, rules.extra_api) if rules.extra_api else job.src_api
    if not job.bridge:
        # What would go over the bridge is written as it was, and nothing is put around it.
        rules = replace(rules, bridge="{self}", guard="", beside={})
    mark = "\ufeff" if job.code.startswith("\ufeff") else ""
    end = (
        "" if job.code.endswith(_LINE_ENDS) else "\n"
    )  # without one, LibCST loses indented comments at the end
    plain = replace(job, code=job.code.removeprefix(mark) + end)
    written = with_room(lambda: _rewrite(plain, rules, api))
    if written.code == plain.code:
        return replace(written, code=job.code)
    code = written.code.rstrip("\r\n") if end else written.code
    return replace(written, code=mark + code)


def _rewrite(job: Job, rules: RuleSet, api: ApiIndex) -> Rewritten:
    planner = _planner(job, rules, api)
    edit = Edit(planner)
    edited = planner.module.visit(edit)
    changed = edit.total.changed or planner.names.brings_anything or edited.code != planner.module.code
    code = _assembled(edited, edit, planner).code if changed else job.code
    if not code.endswith(_LINE_ENDS):  # LibCST loses a final carriage return
        code += planner.module.default_newline
    told = sorted(edit.total.told, key=lambda each: each.line)
    first: dict[str, Note] = {}  # what holds for several lines is said once
    for note in told:
        if isinstance(note, Note):
            first.setdefault(note.message, note)
    return Rewritten(
        code=code,
        translated=tuple(each for each in told if isinstance(each, Translated)),
        bridged=tuple(each for each in told if isinstance(each, Bridged)),
        unresolved=tuple(each for each in told if isinstance(each, Unresolved)),
        notes=tuple(first.values()),
    )


def _planner(job: Job, rules: RuleSet, api: ApiIndex) -> Planner:
    inference, doubtful = _read(job, rules, api)
    unchained = unchain(inference, rules)
    if unchained is not None:
        inference, doubtful = _read(replace(job, read=None), rules, api, module=unchained)
    module = inference.module
    program = rules.survey(inference, job)
    names = Names(
        taken=_taken(inference),
        module_scope=inference.tree.module,
        preferred=_preferred(inference, rules),
        prelude_source=read_prelude(rules.prelude_path),
        constants=program.constants,
    )
    return Planner(
        module,
        rules,
        inference=inference,
        api=api,
        names=names,
        program=program,
        doubtful=doubtful,
        bridged=job.bridge,
    )


def _read(
    job: Job, rules: RuleSet, api: ApiIndex, *, module: cst.Module | None = None
) -> tuple[Inference, set[cst.CSTNode]]:
    """The types of a program, and the attributes in it that only look like uses."""
    if job.read is not None and job.read.code == job.code and job.read.inference.api is api:
        return job.read.inference, set(job.read.doubtful)
    wrapper = MetadataWrapper(module or parse(job.code), unsafe_skip_copy=True)
    module = wrapper.module
    doubts = {(usage.line, usage.column): usage.code for usage in job.usages if not usage.resolved}
    spans = wrapper.resolve(PositionProvider) if doubts or job.types else {}
    known: dict[cst.CSTNode, str] = {}
    if job.types:
        ends = {
            (span.end.line, span.end.column): node
            for node, span in spans.items()
            if isinstance(node, _VARIABLES)
        }
        known = {ends[end]: name for end, name in job.types.items() if end in ends}
    doubtful: set[cst.CSTNode] = {
        node
        for node, span in spans.items()
        if isinstance(node, cst.Attribute)
        and (found := doubts.get((span.start.line, span.start.column))) is not None
        and module.code_for_node(node) == found
    }
    return Inference(module, api, overrides=rules.overrides, known=known), doubtful


def _assembled(edited: cst.Module, edit: Edit, planner: Planner) -> cst.Module:
    """The edited program with other imports, and with the functions that it needs."""
    names = planner.names
    if planner.has_doubts and not names.brings_anything:
        return edited  # the doubtful uses may be all that there are
    stars = bool(edit.total.kept) or _has_unknown_names(planner)
    drop = DropImports(planner.api.roots, edit.total.kept, keep_stars=stars)
    edited = drop_unread(edited, planner)
    body, rest = settle(edited.body)  # the gaps that are left after this are those of imports
    edited = edited.with_changes(body=body, footer=[*rest, *edited.footer]).visit(drop)
    program = _parsed(edited.code)
    prelude = names.prelude_code(program)
    everything = names_read(program) | names.quoted | names_read(_parsed(prelude))
    there = set(_plain_imports(program))
    lines = [line for line in names.import_lines(everything) if line not in there]
    return assemble(edited, lines, prelude)


def _plain_imports(program: ast.Module) -> Iterator[str]:
    """``import x`` statements that a program has outside of functions, as an import may stay that is needed again."""
    waiting: list[ast.AST] = list(program.body)
    for node in waiting:
        if isinstance(node, ast.Import):
            yield from (f"import {alias.name}" for alias in node.names if alias.asname is None)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            waiting.extend(ast.iter_child_nodes(node))


def _parsed(code: str) -> ast.Module:
    """A program as Python reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the program's own escapes are not ours to judge
        return ast.parse(code)


def _has_unknown_names(planner: Planner) -> bool:
    """Whether a program reads names that a star import may bring, and that the library's index does not list."""
    inference = planner.inference
    return bool(inference.tree.stars) and any(
        isinstance(node, cst.Name)
        and not hasattr(builtins, node.value)
        and not inference.bindings(node)
        and inference.value(node) is None
        and not planner.place.is_no_variable(node)
        for node in inference.tree.scope_of
    )


def _preferred(inference: Inference, rules: RuleSet) -> dict[str, str]:
    """The program's own name for the root class, as ``R`` in ``from git import Repo as R``, goes to its target."""
    wanted: dict[str, str] = {}
    for name, bindings in inference.tree.module.bindings.items():
        for binding in bindings:
            if binding.kind != "import" or not isinstance(binding.node, cst.ImportFrom) or len(bindings) > 1:
                continue
            if inference.api.canonical(binding.path) == rules.root:
                wanted.setdefault(rules.names[rules.root][0], name)
    return wanted


def _taken(inference: Inference) -> frozenset[str]:
    """Names that mean something in the program; those it has only from the source library are free again."""
    taken = set()
    for scope in inference.tree.scope_by_node.values():
        if isinstance(scope.node, cst.ClassDef):
            continue
        for name, bindings in scope.bindings.items():
            if not all(b.kind == "import" and inference.is_library(b.path) for b in bindings):
                taken.add(name)
    return frozenset(taken)
