"""Checks translations: what `translate` does at its end, and `verify` for translations that others made."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from doctranslate.building import Progress, open_index
from doctranslate.component import Requirement, requirement
from doctranslate.errors import SourceCodeError, StoreMismatchError, UsageError
from doctranslate.records import Bridged, Report, Rewritten, Unresolved, VerifyLevel
from doctranslate.verification.conditions import Conditions

if TYPE_CHECKING:
    from doctranslate.apis import ApiIndex
    from doctranslate.stores.index import DocIndex
    from doctranslate.verification.sandbox import IsolationLevel, Limits


def verify(
    source: str,
    translation: str,
    src: str,
    dst: str,
    *,
    level: VerifyLevel = "equivalence",
    workspace: Path | str | None = None,
    setup: Path | str | None = None,
    argv: Sequence[str] = (),
    data: Sequence[str] | str | None = None,
    isolation: IsolationLevel = "full",
    limits: Limits | None = None,
    unresolved: Sequence[Unresolved] = (),
    stores: Path | str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check a translation, whoever made it: without running it, by running it, and against its source.

    Args:
        source: The program that was translated.
        translation: The program that it became.
        src: The library that the source uses, as for `translate`.
        dst: The library that the translation uses.
        level: How far to go: ``static``, ``execute`` or ``equivalence``.
        workspace: Folder that both programs start from. It is copied and never touched; remotes of a git repository
            in it are replaced by local ones. None for an empty one, or a small repository with a remote when there
            is no ``setup`` either.
        setup: Shell text, or path of a ``.sh`` or ``.py`` file, that runs in the working folder and completes the
            start state. ``$WORLD``, ``$ORIGIN`` (an empty bare repository) and ``$STORAGE`` (DVC's default
            remote) say where things are.
        argv: Arguments of both programs; ``{world}``, ``{origin}`` and ``{storage}`` in them are replaced.
        data: Globs of the paths that are data, or one glob; None leaves that to the pair of libraries.
        isolation: What keeps the programs apart from this machine: ``full``, ``partial`` or ``none``.
        limits: What they may use up; None for the usual.
        unresolved: What was not translated, and so may stay.
        stores: Folder of the document stores; None for the default place.
        progress: Called with what is being done.

    Returns:
        The checks, in the order of the ladder. A program that cannot run here is reported as ``skipped``.

    Raises:
        UsageError: An argument, the workspace or the setup is wrong.
        SourceCodeError: The source is not Python.
        UnknownComponentError: No such library.
        StoreError: A store cannot be built or opened.
        VerificationError: The start state cannot be made.
        IsolationError: This machine cannot isolate as asked.
    """
    levels = [each for each in get_args(VerifyLevel) if each != "none"]
    if level not in levels:
        raise UsageError(f"level={level!r}: choose one of {', '.join(levels)}")
    one, other = requirement(src), requirement(dst)
    if one.component.name == other.component.name:
        raise UsageError(f"source and target are the same library: {one.component.name}")
    check_python(source)
    globs = None if data is None else (data,) if isinstance(data, str) else tuple(data)
    conditions = Conditions(workspace, setup, argv, globs, isolation, limits)
    if level != "static":
        check_conditions(conditions)
    store_x = open_index(str(one), stores=stores, progress=progress)
    store_y = open_index(str(other), stores=stores, progress=progress)
    report = _check_static(translation, source, api_of(store_x), api_of(store_y), unresolved=unresolved)
    if level == "static":
        return report
    return _check_running(
        report, source, translation, one, other, level=level, conditions=conditions, progress=progress
    )


def check_python(code: str) -> None:
    """Insist that a program can be read.

    Args:
        code: The program.

    Raises:
        SourceCodeError: It is not Python.
    """
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


def checked(
    found: Rewritten,
    code: str,
    source: Requirement,
    target: Requirement,
    *,
    apis: tuple[ApiIndex, ApiIndex],
    level: VerifyLevel,
    conditions: Conditions,
    progress: Progress | None,
    given: Sequence[str],
) -> Report:
    """The checks that are wanted of a translation.

    Args:
        found: The translation.
        code: The source program.
        source: The library that it uses.
        target: The library that the translation uses.
        apis: What they offer, in this order.
        level: How far to go; ``none`` for no check.
        conditions: Where and how programs run.
        progress: Called with what is being done.
        given: Addresses that the caller gave, and that may be new in the translation.

    Raises:
        VerificationError: The start state cannot be made.
        IsolationError: This machine cannot isolate as asked.
    """
    if level == "none":
        return Report()
    report = _check_static(
        found.code, code, *apis, unresolved=found.unresolved, bridged=found.bridged, given=given
    )
    if level == "static":
        return report
    return _check_running(
        report, code, found.code, source, target, level=level, conditions=conditions, progress=progress
    )


def _check_static(
    code: str,
    source: str,
    api_x: ApiIndex,
    api_y: ApiIndex,
    *,
    unresolved: Sequence[Unresolved] = (),
    bridged: Sequence[Bridged] = (),
    given: Sequence[str] = (),
) -> Report:
    from doctranslate.verification.static import check_static

    return check_static(
        code,
        source=source,
        src_api=api_x,
        dst_api=api_y,
        unresolved=unresolved,
        bridged=bridged,
        given=given,
    )


def check_conditions(conditions: Conditions) -> None:
    """Refuse what the programs could not run in, before anything is done that takes time or money.

    Args:
        conditions: Where and how they are to run.

    Raises:
        UsageError: The workspace, the setup or an argument cannot be used.
        IsolationError: This machine cannot isolate as asked.
    """
    from doctranslate.verification.ladder import check_conditions

    check_conditions(conditions)


def _check_running(
    report: Report,
    source: str,
    code: str,
    src: Requirement,
    dst: Requirement,
    *,
    level: VerifyLevel,
    conditions: Conditions,
    progress: Progress | None,
) -> Report:
    """The report with the rungs that run the programs."""
    from doctranslate.verification.ladder import check_running

    made = check_running(
        source,
        code,
        src.component.name,
        dst.component.name,
        level="execute" if level == "execute" else "equivalence",
        before=report,
        conditions=conditions,
        progress=progress,
    )
    return Report(checks=(*report.checks, *made))


def api_of(store: DocIndex) -> ApiIndex:
    """What the library of a store offers.

    Args:
        store: Of the library.

    Raises:
        StoreMismatchError: The store was built without it.
    """
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
