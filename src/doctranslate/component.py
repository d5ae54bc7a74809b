"""Components: the libraries that programs are moved from and to, and what is known of their documentation.

A component is described by a TOML file in ``crawlers/``, by an entry point of the group
``doctranslate.components``, or derived from any distribution that is installed or can be downloaded.
"""

from __future__ import annotations

import difflib
import importlib.metadata
import reprlib
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as _Pep508
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version
from pydantic import BaseModel, ValidationError

from doctranslate import distributions
from doctranslate.component_spec import Api, Component, Console, DocSite, Folder, Forward, Spec
from doctranslate.errors import DistributionError, SpecError, UnknownComponentError, UsageError

__all__ = [
    "Api",
    "Component",
    "Console",
    "DocSite",
    "Folder",
    "Forward",
    "Requirement",
    "component",
    "components",
    "load_component",
    "requirement",
]

ENTRY_POINT_GROUP = "doctranslate.components"


class Requirement(Spec):
    """A component, at a version or at whichever is installed.

    Attributes:
        component: The component.
        version: The version that was asked for, or None.
    """

    component: Component
    version: str | None = None

    def __str__(self) -> str:
        return f"{self.component.name}=={self.version}" if self.version else self.component.name


def load_component(path: Path) -> Component:
    """Read a component from its TOML file. Relative paths in it are taken from the file's folder.

    Args:
        path: The file.

    Raises:
        SpecError: The file cannot be read, is not TOML, or has a wrong, missing or unknown field.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise SpecError(path, "(file)", f"cannot be read: {exc.strerror or exc}") from exc
    except UnicodeDecodeError as exc:
        raise SpecError(path, "(file)", f"is not UTF-8: {exc.reason} at byte {exc.start}") from exc
    except tomllib.TOMLDecodeError as exc:
        raise SpecError(path, "(file)", f"is not TOML: {exc}") from exc
    try:
        found = Component.model_validate(raw)
        here = path.absolute().parent
        folders = tuple(
            f.model_copy(update={"path": str(here / Path(f.path).expanduser())}) for f in found.folders
        )
        return found.model_copy(update={"folders": folders})
    except ValidationError as exc:
        first = exc.errors()[0]
        field = ".".join(map(str, first["loc"])) or "(file)"
        raise SpecError(path, field, _reason(first, field)) from exc


def _reason(error: Mapping[str, Any], field: str) -> str:
    if error["type"] == "extra_forbidden":
        known = sorted(_known_fields())
        near = difflib.get_close_matches(field.rpartition(".")[2], known, n=1)
        return "there is no such field" + (f"; did you mean '{near[0]}'?" if near else "")
    if error["type"] == "missing":
        return "is required"
    return f"{error['msg']}, not {reprlib.repr(error['input'])}"


def _known_fields() -> set[str]:
    models: tuple[type[BaseModel], ...] = (Component, DocSite, Folder, Console, Api, Forward)
    return {info.alias or name for model in models for name, info in model.model_fields.items()}


def components_dir() -> Path:
    """The folder of the built-in TOML files: of the wheel, else of the checkout."""
    packaged = Path(__file__).parent / "crawlers"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "crawlers"


def components() -> tuple[Component, ...]:
    """The components that are described: built in, then from entry points, by name.

    An entry point of the group ``doctranslate.components`` names a `Component`, the path of a TOML file, or a
    function that returns either.

    Raises:
        SpecError: One of the descriptions is wrong.
    """
    found = {c.name: c for c in map(_load_cached, sorted(components_dir().glob("*.toml")))}
    for entry in importlib.metadata.entry_points(group=ENTRY_POINT_GROUP):
        component = _from_entry_point(entry)
        found.setdefault(component.name, component)
    return tuple(sorted(found.values(), key=lambda c: c.name))


@cache
def _load_cached(path: Path) -> Component:
    return load_component(path)


def _from_entry_point(entry: importlib.metadata.EntryPoint) -> Component:
    try:
        value = entry.load()
        value = value() if callable(value) else value
    except Exception as exc:  # someone else's code: whatever it raises, the user must learn where from
        raise SpecError(None, f"entry point {entry.name}", f"{entry.value} failed: {exc!r}") from exc
    if isinstance(value, str | Path):
        return load_component(Path(value))
    if isinstance(value, Component):
        return value
    raise SpecError(
        None, f"entry point {entry.name}", f"{entry.value} gives {type(value).__name__}, not a Component"
    )


def component(name: str) -> Component:
    """The component of this name, alias, import name or distribution; see `requirement` for what else is accepted.

    Raises:
        SpecError: The description at the path that was given is wrong.
        UsageError: The text is not a name or ``name==version``.
        UnknownComponentError: Nothing of this name is described, installed, or downloadable.
    """
    return requirement(name).component


def requirement(text: str) -> Requirement:
    """A component and the version asked for, from ``name``, ``name==version``, or the path of a description.

    Args:
        text: Names differ neither by case nor by ``-``, ``_`` and ``.``. What ends in ``.toml`` is a path.

    Raises:
        SpecError: The description at that path is wrong.
        UsageError: The text is neither, or the distribution has nothing to import.
        UnknownComponentError: Nothing of this name is described, installed, or downloadable.
    """
    if text.endswith(".toml"):
        return Requirement(component=load_component(Path(text).expanduser()))
    name, version = _parse(text)
    described = components()
    for known in described:
        if canonicalize_name(name) in set(_names(known)):
            return Requirement(component=known, version=version)
    try:
        found = distributions.find(name, version=version)
    except DistributionError as exc:
        raise UnknownComponentError(name, near=_near(name, described)) from exc
    return Requirement(component=_derive(found), version=version)


def _parse(text: str) -> tuple[str, str | None]:
    try:
        parsed = _Pep508(text.strip())
    except InvalidRequirement as exc:
        raise UsageError(f"{text!r} is not the name of a component: write 'dvc' or 'dvc==3.67.1'") from exc
    clauses = list(parsed.specifier)
    if parsed.url or parsed.marker or parsed.extras or len(clauses) > 1:
        raise UsageError(f"{text!r}: write the name alone or one exact version, such as 'dvc==3.67.1'")
    if not clauses:
        return parsed.name, None
    if clauses[0].operator != "==":
        raise UsageError(f"{text!r}: only an exact version can be documented: write '{parsed.name}==VERSION'")
    try:
        return parsed.name, str(Version(clauses[0].version))
    except InvalidVersion as exc:
        raise UsageError(f"{text!r}: {clauses[0].version!r} is not one exact version") from exc


def _names(known: Component) -> Iterable[str]:
    return map(canonicalize_name, (known.name, *known.aliases, known.distribution, *known.imports))


def _derive(found: distributions.Distribution) -> Component:
    if not found.roots:
        raise UsageError(f"{found.name} {found.version} has nothing to import: it cannot be a component")
    return Component(
        name=canonicalize_name(found.name), distribution=found.name, imports=found.roots, derived=True
    )


def _near(name: str, described: Iterable[Component]) -> list[str]:
    known = {n: c.name for c in described for n in _names(c)}
    known.update({n: n for n in distributions.installed_names() if n not in known})
    close = difflib.get_close_matches(canonicalize_name(name), known, n=4, cutoff=0.6)
    return list(dict.fromkeys(known[n] for n in close))[:3]
