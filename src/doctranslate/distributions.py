"""Finding a distribution and its files: the installed one, or a wheel that is fetched and unpacked.

Nothing of it is imported, built or run.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from doctranslate import wheels
from doctranslate.errors import DistributionError

_NOT_API = {"tests", "test", "testing", "docs", "doc", "examples", "example", "benchmarks", "scripts"}
_NAME = re.compile(r"^[A-Za-z_]\w*$")


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution whose files are at hand.

    Attributes:
        name: As its metadata writes it.
        version: As its metadata writes it.
        location: Folder that its import names are found in.
        roots: Import names; dotted when the top level is a namespace shared by several distributions.
        requires: Its requirements, as written.
        summary: One line about it.
        readme: The long description.
        readme_type: Media type of the long description.
        scripts: Console script to ``module:function``.
        installed: It is installed beside doctranslate; False for a fetched wheel.
    """

    name: str
    version: str
    location: Path
    roots: tuple[str, ...]
    requires: tuple[str, ...] = ()
    summary: str = ""
    readme: str = ""
    readme_type: str = "text/plain"
    scripts: tuple[tuple[str, str], ...] = ()
    installed: bool = True


def find(name: str, *, version: str | None = None) -> Distribution:
    """A distribution: the installed one when its version is the one asked for, else fetched as a wheel.

    Args:
        name: Name of the distribution, or of something it lets one import.
        version: Exact, valid version, or None for the installed one (the newest when none is installed).

    Raises:
        DistributionError: It is not installed and no wheel of it can be had.
    """
    here = installed(name)
    if here is not None and (version is None or Version(version) == Version(here.version)):
        return here
    return _read(_only_metadata(wheels.fetch(here.name if here else name, version=version)), installed=False)


def find_required(name: str, *, by: Distribution) -> Distribution:
    """The distribution ``name`` at a version that ``by`` asks for: the installed one when it fits.

    Raises:
        DistributionError: No fitting version is installed, and no wheel of it can be had.
    """
    wanted = SpecifierSet()
    for line in by.requires:
        parsed = Requirement(line)
        if canonicalize_name(parsed.name) == canonicalize_name(name) and "extra" not in str(parsed.marker):
            wanted = parsed.specifier
    here = installed(name)
    if here is not None and wanted.contains(here.version, prereleases=True):
        return here
    return _read(_only_metadata(wheels.fetch(name, specifier=str(wanted))), installed=False)


def installed(name: str) -> Distribution | None:
    """The installed distribution of this name or with this import name, or None."""
    try:
        return _read(importlib.metadata.distribution(name), installed=True)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        owners = _owners().get(name.replace("-", "_")) or _owners().get(name)
    return _read(importlib.metadata.distribution(owners[0]), installed=True) if owners else None


def installed_names() -> tuple[str, ...]:
    """Canonical names of all installed distributions."""
    names = (dist.metadata["Name"] for dist in importlib.metadata.distributions())
    return tuple(sorted({canonicalize_name(name) for name in names if name}))


@cache
def _owners() -> dict[str, list[str]]:
    return {k: list(v) for k, v in importlib.metadata.packages_distributions().items()}


def _only_metadata(folder: Path) -> importlib.metadata.Distribution:
    found = list(importlib.metadata.distributions(path=[str(folder)]))
    if len(found) != 1:
        raise DistributionError(
            f"{folder} holds the metadata of {len(found)} distributions, not of one: delete it"
        )
    return found[0]


def _read(dist: importlib.metadata.Distribution, *, installed: bool) -> Distribution:
    meta = dist.metadata.json
    scripts = [e for e in dist.entry_points if e.group == "console_scripts"]
    readme = str(meta.get("description", "")).strip()
    location, roots = _places(dist)
    return Distribution(
        name=str(meta["name"]),
        version=dist.version,
        location=location,
        roots=roots,
        requires=tuple(dist.requires or ()),
        summary=str(meta.get("summary", "")),
        readme=readme + "\n" if readme else "",
        readme_type=str(meta.get("description_content_type", "text/plain")).partition(";")[0].strip(),
        scripts=tuple((e.name, e.value) for e in scripts),
        installed=installed,
    )


def _places(dist: importlib.metadata.Distribution) -> tuple[Path, tuple[str, ...]]:
    """The folder that the import names are found in, and the import names, API before the rest."""
    location = Path(str(dist.locate_file(""))).resolve()
    files = [PurePosixPath(str(f)) for f in dist.files or ()]
    declared = (dist.read_text("top_level.txt") or "").split()
    roots = _roots(files)
    if not roots:  # an editable install: a .pth file names the folder
        for folder in _folders(location / f for f in files if f.suffix == ".pth"):
            sources = [
                PurePosixPath(p.relative_to(folder))
                for p in (*folder.glob("*.py"), *folder.glob("*/__init__.py"))
            ]
            if found := _roots(sources):
                location, roots = folder, found
    roots = roots or set(declared)
    api = {r for r in roots if r.partition(".")[0] not in _NOT_API and not r.startswith("_")}
    return location, tuple(sorted(api or roots, key=lambda root: (root not in declared, root)))


def _folders(path_files: Iterable[Path]) -> Iterable[Path]:
    """The folders that ``.pth`` files put on the import path."""
    for path_file in path_files:
        try:
            lines = path_file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            continue
        yield from (Path(line) for line in lines if Path(line).is_absolute() and Path(line).is_dir())


def _roots(files: Sequence[PurePosixPath]) -> set[str]:
    sources = [f for f in files if f.suffix in {".py", ".pyi", ".so", ".pyd"}]
    packages = {f.parent for f in sources if f.stem == "__init__"}
    return {_root(f, packages) for f in sources if not f.name.startswith("__editable__")} - {""}


def _root(file: PurePosixPath, packages: Iterable[PurePosixPath]) -> str:
    """The shortest importable name that holds a file: its top module, or the first package in a namespace."""
    parts = file.parts
    if parts[0].endswith((".dist-info", ".data", ".egg-info")) or parts[0] == "..":
        return ""
    for depth in range(1, len(parts)):
        if PurePosixPath(*parts[:depth]) in packages:
            name = ".".join(parts[:depth])
            break
    else:
        name = ".".join([*parts[:-1], file.name.partition(".")[0]])
    return name if all(map(_NAME.match, name.split("."))) else ""
