"""The only place that wires the steps together: `translate`, `build_store`, `open_store`."""

from __future__ import annotations

import ast
import hashlib
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, get_args

from doctranslate import distributions
from doctranslate.component import Component, Requirement, requirement
from doctranslate.config import cache_dir, stores_dir
from doctranslate.errors import (
    ContextLengthError,
    DistributionError,
    SourceCodeError,
    StoreMismatchError,
    StoreMissingError,
    UsageError,
)
from doctranslate.records import (
    Citation,
    Job,
    Note,
    Page,
    Prompt,
    QueryMode,
    Report,
    Retrieved,
    Rewritten,
    Strategy,
    Translation,
    Usage,
    VerifyLevel,
)

if TYPE_CHECKING:
    from doctranslate.analysis.usages import Analysis
    from doctranslate.apis import ApiIndex
    from doctranslate.engines.base import Engine
    from doctranslate.stores.base import Embedder
    from doctranslate.stores.index import DocIndex
    from doctranslate.stores.local import DocStore
    from doctranslate.stores.swap import BuildLock

_Store = TypeVar("_Store", bound="DocIndex")

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is (0 when that is not known)."""

MAX_PROMPT_TOKENS = 12_000
FIRST_USE_WAIT_S = 600.0
"""How long a first use waits for another process that builds the same store."""


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
    data: Sequence[str] | None = None,
    data_remote: str | None = None,
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
        verify: ``static`` for the checks that run nothing, or ``none``.
        data: Globs of the paths that are data, relative to the repository; None lets the program decide.
        data_remote: Address for the data, for repositories that have no data remote yet.
        stores: Folder of the document stores; None for the default place.
        path: Name of the file, for the diff.
        progress: Called while a store is built on first use.

    Returns:
        The translation with its report, citations, and what could not be translated. A program that does not
        use ``src`` comes back unchanged, and a note says so.

    Raises:
        UsageError: An argument is wrong; ``src`` and ``dst`` are the same.
        SourceCodeError: The program is not Python.
        UnknownComponentError: No such library.
        StoreError: A store cannot be built or opened.
        ModelError: The model failed.
    """
    started = time.monotonic()
    _check_arguments(code, strategy=strategy, query=query, verify=verify, k=k)
    source, target = requirement(src), requirement(dst)
    if source.component.name == target.component.name:
        raise UsageError(f"source and target are the same library: {source.component.name}")
    _check_python(code)
    chosen = _pick_engine(engine)
    if not _can_use(code, source.component):
        return _unchanged(code, source, target, strategy=strategy, engine=chosen.name, path=path)
    store_x = open_index(str(source), stores=stores, progress=progress)
    store_y = open_index(str(target), stores=stores, progress=progress)
    api_x, api_y = _api_of(store_x), _api_of(store_y)
    analysis = _analyse(code, source, target, api_x)
    if not analysis.usages:
        return _unchanged(code, source, target, strategy=strategy, engine=chosen.name, path=path)
    from doctranslate.retrieval.make import make_strategy

    retrieved = make_strategy(
        strategy,
        store_src=store_x,
        store_dst=store_y,
        engine=chosen,
        src=source.component.name,
        dst=target.component.name,
        k=k,
        query=query,
    ).retrieve(code, usages=analysis.usages)
    job = Job(
        code=code,
        src=source.component.name,
        dst=target.component.name,
        usages=analysis.usages,
        data=None if data is None else tuple(data),
        data_remote=data_remote,
        src_api=api_x,
        types=analysis.types,
    )
    prompt, rewritten = _rewrite(chosen, job, retrieved)
    report = _verify(rewritten, code, api_x, api_y) if verify == "static" else Report()
    return Translation(
        code=rewritten.code,
        source=code,
        src=source.component.name,
        dst=f"{target.component.name}=={api_y.version}",
        strategy=strategy,
        engine=chosen.name,
        retrieved=retrieved,
        prompt=prompt,
        report=report,
        citations=_cite(rewritten.code, api_y, store_y, retrieved),
        unresolved=rewritten.unresolved,
        notes=rewritten.notes,
        usage=_total(retrieved.usage, rewritten.usage, seconds=time.monotonic() - started),
        path=path,
    )


# ---------------------------------------------------------------------- steps of a translation
def _check_arguments(code: str, *, strategy: str, query: str, verify: str, k: int) -> None:
    if not isinstance(code, str):
        raise UsageError(f"code must be text, not {type(code).__name__}: decode a file's bytes first")
    for name, value, allowed in (
        ("strategy", strategy, get_args(Strategy)),
        ("query", query, get_args(QueryMode)),
        ("verify", verify, get_args(VerifyLevel)),
    ):
        if value not in allowed:
            raise UsageError(f"{name}={value!r}: choose one of {', '.join(allowed)}")
    if k < 1:
        raise UsageError(f"k={k}: at least one document per query is needed")


def _check_python(code: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the program's own escapes and comparisons are not ours to judge
        try:
            ast.parse(code)
        except SyntaxError as exc:
            raise SourceCodeError(f"not Python: {exc.msg}", line=exc.lineno) from exc
        except ValueError as exc:
            raise SourceCodeError(f"not Python: {exc}") from exc
        except (RecursionError, MemoryError) as exc:
            raise SourceCodeError("not readable: it is nested too deeply") from exc


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
    from doctranslate.apis import merge
    from doctranslate.rules import find_rules

    rules = find_rules(source.component.name, target.component.name)
    if rules is not None and rules.extra_api is not None:
        api = merge([api, rules.extra_api])
    return analyse(code, api, overrides=rules.overrides if rules else None)


def _rewrite(engine: Engine, job: Job, retrieved: Retrieved) -> tuple[Prompt | None, Rewritten]:
    from doctranslate.prompts.build import translation_prompt

    prompt: Prompt | None = None
    try:
        prompt = translation_prompt(
            job.code, src=job.src, dst=job.dst, retrieved=retrieved, max_tokens=MAX_PROMPT_TOKENS
        )
    except ContextLengthError:
        if engine.is_model:
            raise
    empty = Prompt(messages=(), n_tokens=0, counted_by="none")
    return prompt, engine.rewrite(prompt or empty, job)


def _total(*usages: Usage, seconds: float) -> Usage:
    return Usage(
        n_calls=sum(usage.n_calls for usage in usages),
        prompt_tokens=sum(usage.prompt_tokens for usage in usages),
        completion_tokens=sum(usage.completion_tokens for usage in usages),
        seconds=round(seconds, 3),
    )


def _verify(rewritten: Rewritten, source: str, api_x: ApiIndex, api_y: ApiIndex) -> Report:
    from doctranslate.verification.static import check_static

    return check_static(
        rewritten.code, source=source, src_api=api_x, dst_api=api_y, unresolved=rewritten.unresolved
    )


def _cite(code: str, api: ApiIndex, store: DocIndex, retrieved: Retrieved) -> tuple[Citation, ...]:
    from doctranslate.retrieval.citations import cite

    return cite(code, api=api, store=store, retrieved=retrieved)


def _api_of(store: DocIndex) -> ApiIndex:
    api = store.api()
    if api is None:
        raise StoreMismatchError(
            store.path,
            field="api",
            expected="the library's signatures",
            found=None,
            remedy=f"Run 'doctranslate build {store.manifest.component} --force'.",
        )
    return api


# ---------------------------------------------------------------------- stores
def open_store(
    name: str,
    *,
    build: bool = True,
    embedder: Embedder | str | None = None,
    stores: Path | str | None = None,
    progress: Progress | None = None,
) -> DocStore:
    """Open the document store of a library; build it on first use.

    Args:
        name: A component or distribution, with ``==version`` for another version than the installed one.
        build: Whether to build a store that is missing.
        embedder: What it must have been built with: an embedder or a name; None takes the one it was built with.
        stores: Folder of the stores; None for the default place (`doctranslate.config.stores_dir`).
        progress: Called while it is built.

    Returns:
        The store.

    Raises:
        UnknownComponentError: No such library.
        StoreMissingError: There is none, and ``build`` is False.
        StoreMismatchError: It was built from another specification, or with another embedder.
        StoreCorruptError: It was cut off, or edited.
    """
    from doctranslate.stores.local import DocStore

    wanted = requirement(name)
    given = _embedder(embedder) if embedder is not None else None
    try:
        return _opened_as(DocStore, wanted, stores=stores, embedder=given)
    except StoreMissingError:
        if not build:
            raise
        return _first_use(DocStore, wanted, embedder=embedder, stores=stores, progress=progress)


def open_index(name: str, *, stores: Path | str | None = None, progress: Progress | None = None) -> DocIndex:
    """`open_store` without LangChain around the store, whose import takes longer than a translation.

    Args:
        name: See `open_store`.
        stores: Folder of the stores; None for the default place.
        progress: Called while the store is built on first use.

    Raises:
        UnknownComponentError: No such library.
        StoreError: It cannot be built or opened.
    """
    from doctranslate.stores.index import DocIndex

    wanted = requirement(name)
    try:
        return _opened_as(DocIndex, wanted, stores=stores)
    except StoreMissingError:
        return _first_use(DocIndex, wanted, stores=stores, progress=progress)


def _first_use(
    kind: type[_Store],
    wanted: Requirement,
    *,
    embedder: Embedder | str | None = None,
    stores: Path | str | None,
    progress: Progress | None,
) -> _Store:
    """Build a missing store, or wait for the process that is building it just now."""
    from doctranslate.stores.manifest import store_folder
    from doctranslate.stores.swap import build_lock

    folder = store_folder(_root(stores), wanted.component.name, _version(wanted))
    given = _embedder(embedder) if embedder is not None else None
    with build_lock(folder, wait_s=FIRST_USE_WAIT_S) as lock:
        try:
            return _opened_as(kind, wanted, stores=stores, embedder=given)
        except StoreMissingError:
            _build(wanted, lock, engine="offline", embedder=given or "lsa", progress=progress).close()
    return _opened_as(kind, wanted, stores=stores, embedder=given)


def _opened_as(
    kind: type[_Store], wanted: Requirement, *, stores: Path | str | None, embedder: Embedder | None = None
) -> _Store:
    from doctranslate.stores.manifest import store_folder

    folder = store_folder(_root(stores), wanted.component.name, _version(wanted))
    store = kind.open(folder, embedder)
    if store.manifest.spec_hash != spec_hash(wanted.component):
        store.close()
        raise StoreMismatchError(
            folder,
            field="specification",
            expected=spec_hash(wanted.component)[:12],
            found=store.manifest.spec_hash[:12],
            remedy=f"The description of {wanted.component.name} has changed: run 'doctranslate build {wanted}'.",
        )
    return store


def build_store(
    name: str,
    *,
    engine: Engine | str | None = "offline",
    embedder: Embedder | str | None = None,
    stores: Path | str | None = None,
    progress: Progress | None = None,
) -> DocStore:
    """Read, condense, embed and store the documentation of a library, in place of the store it may have.

    Args:
        name: A component or distribution, with ``==version`` for another version than the installed one.
        engine: What condenses the chunks; see `translate`.
        embedder: What embeds them: an embedder, ``lsa`` (the default), or a name such as
            ``openai:text-embedding-3-small``.
        stores: Folder of the stores; None for the default place.
        progress: Called with each stage.

    Returns:
        The new store, open. The old one stays until the new one is whole.

    Raises:
        UnknownComponentError: No such library.
        CrawlError: Its documentation cannot be read.
        ModelError: The engine or the embedding model failed.
        StoreError: Another process is building it, or it cannot be written.
    """
    from doctranslate.stores.manifest import store_folder
    from doctranslate.stores.swap import build_lock

    wanted = requirement(name)
    folder = store_folder(_root(stores), wanted.component.name, _version(wanted))
    with build_lock(folder) as lock:
        return _build(wanted, lock, engine=engine, embedder=embedder or "lsa", progress=progress)


def _build(
    wanted: Requirement,
    lock: BuildLock,
    *,
    engine: Engine | str | None,
    embedder: Embedder | str,
    progress: Progress | None,
) -> DocStore:
    from doctranslate.curation.build import curate
    from doctranslate.curation.chunk import CHUNKER
    from doctranslate.curation.digests import DigestCache
    from doctranslate.sources.package import PackageSource
    from doctranslate.stores.write import write_store

    chosen = _pick_engine(engine)
    made = _embedder(embedder)
    tell = progress or (lambda stage, done, total: None)
    tell("read", 0, 0)
    source = PackageSource(wanted.component, wanted.version)
    condense_hash = getattr(chosen, "condense_hash", "")
    curated = curate(
        source.pages(),
        chosen.condense,
        engine_name=chosen.name,
        prompt_hash=condense_hash,
        # What costs nothing to make again needs no cache.
        cache=DigestCache(cache_dir() / "digests.sqlite") if chosen.is_model else None,
        progress=tell,
    )
    return write_store(
        lock.folder,
        curated.chunks,
        curated.digests,
        component=wanted.component.name,
        version=source.version,
        embedder=made,
        api=source.api(),
        engine_name=chosen.name,
        spec_hash=spec_hash(wanted.component),
        source=source.name,
        chunker=CHUNKER,
        prompt_hash=condense_hash,
        lock=lock,
        progress=tell,
    )


def list_stores(stores: Path | str | None = None) -> Iterator[Path]:
    """Folders that hold a store, or something that was one, by name.

    Args:
        stores: Folder of the stores; None for the default place.
    """
    root = _root(stores)
    found: Iterable[Path] = root.iterdir() if root.is_dir() else ()
    yield from sorted(
        path for path in found if path.is_dir() and "@" in path.name and not path.name.startswith(".")
    )


def spec_hash(component: Component) -> str:
    """SHA-256 (hex) of a component's description: a store built from another one is out of date."""
    return hashlib.sha256(component.model_dump_json().encode()).hexdigest()


def _version(wanted: Requirement) -> str:
    if wanted.version is not None:
        return wanted.version
    found = distributions.installed(wanted.component.distribution)
    if found is None:
        found = distributions.find(wanted.component.distribution)
    if not found.version:
        raise DistributionError(f"{wanted.component.distribution} does not say its version")
    return found.version


def _root(stores: Path | str | None) -> Path:
    return Path(stores) if stores is not None else stores_dir()


def _embedder(embedder: Embedder | str) -> Embedder:
    from doctranslate.stores.embedders import make_embedder

    return make_embedder(embedder) if isinstance(embedder, str) else embedder
