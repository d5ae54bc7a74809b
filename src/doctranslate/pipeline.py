"""The only place that wires the steps of a translation together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from doctranslate.building import Progress, open_index
from doctranslate.checking import api_of, check_conditions, check_python, checked
from doctranslate.component import Component, Requirement, requirement
from doctranslate.errors import UsageError
from doctranslate.records import (
    Citation,
    Job,
    Note,
    QueryMode,
    Report,
    Retrieved,
    Rewritten,
    Strategy,
    Translation,
    Usage,
    VerifyLevel,
)
from doctranslate.verification.conditions import Conditions

if TYPE_CHECKING:
    from doctranslate.analysis.usages import Analysis
    from doctranslate.apis import ApiIndex
    from doctranslate.engines.base import Engine
    from doctranslate.privacy import Mask
    from doctranslate.rewriting.rounds import Outcome
    from doctranslate.stores.index import DocIndex
    from doctranslate.verification.sandbox import IsolationLevel, Limits

MAX_PROMPT_TOKENS = 12_000


def translate(
    code: str,
    src: str,
    dst: str,
    strategy: Strategy = "llm-docs",
    *,
    engine: Engine | str | None = None,
    k: int = 4,
    query: QueryMode = "calls",
    verify: VerifyLevel = "static",
    data: Sequence[str] | str | None = None,
    data_remote: str | None = None,
    bridge: bool = True,
    repair: int = 2,
    draft: bool = False,
    sample: int = 0,
    max_prompt_tokens: int = MAX_PROMPT_TOKENS,
    workspace: Path | str | None = None,
    setup: Path | str | None = None,
    argv: Sequence[str] = (),
    isolation: IsolationLevel = "full",
    limits: Limits | None = None,
    stores: Path | str | None = None,
    path: str = "program.py",
    progress: Progress | None = None,
) -> Translation:
    """Rewrite a program that uses one library into one that uses another.

    Args:
        code: The program.
        src: The library it uses: a component (``gitpython``) or any distribution, with ``==version`` if need be.
        dst: The library it is to use.
        strategy: How documentation is found: ``llm-docs``, ``docs``, ``llm``, or ``none``.
        engine: What rewrites: an engine, ``offline``, or ``provider:model``. None takes the model that the
            environment configures, else the offline engine; `Translation.engine` says which it was.
        k: Documents per query, 1 or more.
        query: Whether each call is a query, or the whole code as in the paper.
        verify: ``static`` for the checks that run nothing, ``execute`` to run the translation as well,
            ``equivalence`` to run both programs and compare what they leave, or ``none``.
        data: Globs of the paths that are data, relative to the repository, or one glob; None lets the program
            decide.
        data_remote: Address for the data, for repositories that have no data remote yet.
        bridge: Whether a call without a counterpart may run on the source library's own object, where the target
            gives access to one; False leaves it as it is, in ``unresolved``.
        repair: How often, at most, what the checks found is given back to a model to mend; 0 for never.
        draft: Whether the rules translate first, and a model only finishes what they leave; where they leave nothing,
            no model is asked.
        sample: Which of several translations by the same model is wanted, 0 or more: each is asked for anew.
        max_prompt_tokens: Budget for a prompt. Over it documents are left out, then the program is split.
        workspace: Folder that the programs start from when they are run, as in `verify`.
        setup: Script that completes it, as in `verify`.
        argv: Arguments of the programs, as in `verify`.
        isolation: What keeps them apart from this machine, as in `verify`.
        limits: What they may use up, as in `verify`.
        stores: Folder of the document stores; None for the default place.
        path: Name of the file, for the diff.
        progress: Called while a store is built on first use, and while programs are run.

    Returns:
        The translation with its report, citations, and what could not be translated. A program that does not
        use ``src`` comes back unchanged, and a note says so. Secrets in the program are masked before a model, or an
        endpoint that embeds, sees them, and are in their places in the result.

    Raises:
        UsageError: An argument is wrong; ``src`` and ``dst`` are the same.
        SourceCodeError: The program is not Python.
        UnknownComponentError: No such library.
        StoreError: A store cannot be built or opened.
        ModelError: The model failed.
        VerificationError: The start state of the programs cannot be made.
        IsolationError: This machine cannot isolate as asked.
    """
    started = time.monotonic()
    _check_arguments(code, strategy=strategy, query=query, verify=verify, k=k)
    if min(repair, sample) < 0 or max_prompt_tokens < 1:
        raise UsageError("repair and sample are 0 or more, max_prompt_tokens 1 or more")
    source, target = requirement(src), requirement(dst)
    if source.component.name == target.component.name:
        raise UsageError(f"source and target are the same library: {source.component.name}")
    check_python(code)
    globs = None if data is None else (data,) if isinstance(data, str) else tuple(data)
    conditions = Conditions(workspace, setup, argv, globs, isolation, limits)
    chosen = _pick_engine(engine)
    if not _can_use(code, source.component):
        return _unchanged(code, source, target, strategy=strategy, engine=chosen.name, path=path)
    if verify in {"execute", "equivalence"}:
        check_conditions(conditions)
    store_x = open_index(str(source), stores=stores, progress=progress)
    store_y = open_index(str(target), stores=stores, progress=progress)
    api_x, api_y = api_of(store_x), api_of(store_y)
    analysis = _analyse(code, source, target, api_x)
    if not analysis.usages:
        return _unchanged(code, source, target, strategy=strategy, engine=chosen.name, path=path)
    job = Job(
        code=code,
        src=source.component.name,
        dst=target.component.name,
        usages=analysis.usages,
        data=globs,
        data_remote=data_remote,
        bridge=bridge,
        src_api=api_x,
        types=analysis.types,
        read=analysis.read,
        sample=sample,
    )

    def check(found: Rewritten) -> Report:
        return checked(
            found,
            code,
            source,
            target,
            apis=(api_x, api_y),
            level=verify,
            conditions=conditions,
            progress=progress,
            given=() if data_remote is None else (data_remote,),
        )

    worker, job, notes = _drafted(job, chosen, check) if draft else (chosen, job, ())
    mask = _mask(code, worker, store_x, store_y)
    retrieved = _retrieve(job, worker, mask, strategy, store_x, store_y, k=k, query=query)
    found = _rewrite(worker, job, retrieved, mask, check, n_repairs=repair, max_tokens=max_prompt_tokens)
    rewritten = found.rewritten
    return Translation(
        code=rewritten.code,
        source=code,
        src=source.component.name,
        dst=f"{target.component.name}=={api_y.version}",
        strategy=strategy,
        engine=chosen.name,
        retrieved=retrieved,
        prompt=found.prompt,
        report=found.report,
        citations=_cite(rewritten.code, api_y, store_y, retrieved),
        translated=rewritten.translated,
        bridged=rewritten.bridged,
        unresolved=rewritten.unresolved,
        notes=(*notes, *rewritten.notes),
        usage=_timed(retrieved.usage + rewritten.usage, started),
        rounds=found.rounds if worker.is_model else (),
        path=path,
    )


# ---------------------------------------------------------------------- steps of a translation
def _check_arguments(code: str, *, strategy: str, query: str, verify: str, k: int) -> None:
    if not isinstance(code, str):
        raise UsageError(f"code must be text, not {type(code).__name__}: decode a file's bytes first")
    if code.endswith(".py") and "\n" not in code:
        raise UsageError(f"{code!r} is the name of a file: give its text, Path({code!r}).read_text()")
    for name, value, allowed in (
        ("strategy", strategy, get_args(Strategy)),
        ("query", query, get_args(QueryMode)),
        ("verify", verify, get_args(VerifyLevel)),
    ):
        if value not in allowed:
            raise UsageError(f"{name}={value!r}: choose one of {', '.join(allowed)}")
    if k < 1:
        raise UsageError(f"k={k}: at least one document per query is needed")


def _pick_engine(engine: Engine | str | None) -> Engine:
    from doctranslate.engines.pick import pick_engine

    return pick_engine(engine)


def _can_use(code: str, component: Component) -> bool:
    from doctranslate.analysis.usages import imports_library

    return imports_library(code, component.imports)


def _unchanged(
    code: str, source: Requirement, target: Requirement, *, strategy: Strategy, engine: str, path: str
) -> Translation:
    note = Note(line=0, message=f"the program does not use {source.component.name}: it is returned unchanged")
    return Translation(
        code=code,
        source=code,
        src=source.component.name,
        dst=str(target),
        strategy=strategy,
        engine=engine,
        retrieved=Retrieved(strategy=strategy),
        prompt=None,
        report=Report(),
        notes=(note,),
        path=path,
    )


def _analyse(code: str, source: Requirement, target: Requirement, api: ApiIndex) -> Analysis:
    from doctranslate.analysis.usages import analyse
    from doctranslate.apis import extended
    from doctranslate.rules import find_rules

    rules = find_rules(source.component.name, target.component.name)
    if rules is not None and rules.extra_api is not None:
        api = extended(api, rules.extra_api)
    return analyse(code, api, overrides=rules.overrides if rules else None)


def _drafted(
    job: Job, engine: Engine, check: Callable[[Rewritten], Report]
) -> tuple[Engine, Job, tuple[Note, ...]]:
    """Who finishes what the rules leave, and the job with their draft in it."""
    if not engine.is_model:
        return engine, job, ()
    from doctranslate.engines.offline import OfflineEngine
    from doctranslate.rewriting.drafting import make_draft

    made = make_draft(job)
    if not made.left and check(made.rewritten).ok:
        note = Note(line=0, message=f"the rules translated everything: {engine.name} was not asked")
        return OfflineEngine(), job, (note,)
    return engine, replace(job, draft=made.rewritten.code, left=made.left), ()


def _mask(code: str, engine: Engine, *stores: DocIndex) -> Mask | None:
    """What hides the program's secrets, where something of it leaves the machine."""
    if not engine.is_model and all(store.manifest.embedder.startswith("lsa") for store in stores):
        return None
    from doctranslate.config import words_to_hide
    from doctranslate.privacy import Mask

    return Mask.of(code, also=words_to_hide())


def _retrieve(
    job: Job,
    engine: Engine,
    mask: Mask | None,
    strategy: Strategy,
    store_x: DocIndex,
    store_y: DocIndex,
    *,
    k: int,
    query: QueryMode,
) -> Retrieved:
    from doctranslate.retrieval.make import make_strategy
    from doctranslate.rewriting.asking import hidden

    shown = job if mask is None else hidden(job, mask)
    lines = {each.line for each in job.left}
    # With a draft, only what it leaves needs documents.
    usages = tuple(usage for usage in shown.usages if usage.line in lines) or shown.usages
    made = make_strategy(
        strategy,
        store_src=store_x,
        store_dst=store_y,
        engine=engine,
        src=job.src,
        dst=job.dst,
        k=k,
        query=query,
    )
    return made.retrieve(shown.code, usages=usages)


def _rewrite(
    engine: Engine,
    job: Job,
    retrieved: Retrieved,
    mask: Mask | None,
    check: Callable[[Rewritten], Report],
    *,
    n_repairs: int,
    max_tokens: int,
) -> Outcome:
    from doctranslate.rewriting.asking import Asking
    from doctranslate.rewriting.rounds import rewrite_checked

    asking = Asking(engine, job, retrieved, mask=mask if engine.is_model else None, max_tokens=max_tokens)
    return rewrite_checked(asking, check, n_repairs=n_repairs)


def _timed(usage: Usage, started: float) -> Usage:
    return usage.model_copy(update={"seconds": round(time.monotonic() - started, 3)})


def _cite(code: str, api: ApiIndex, store: DocIndex, retrieved: Retrieved) -> tuple[Citation, ...]:
    from doctranslate.retrieval.citations import cite

    return cite(code, api=api, store=store, retrieved=retrieved)
