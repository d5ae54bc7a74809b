"""Fetching a wheel without installing it, and unpacking it safely.

pip finds and downloads it, so that the user's index, proxy and credentials apply. Only wheels are taken: even
the metadata of a source distribution comes from running its build. Of the wheel, only what can be read as
source or metadata is unpacked.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packaging.specifiers import SpecifierSet
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from doctranslate import config
from doctranslate.errors import DistributionError

DOWNLOAD_TIMEOUT_S = 300.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a wheel may grow to when it is unpacked.

    Attributes:
        n_files: Entries, at most.
        total_bytes: Bytes of what is unpacked, at most.
        ratio: How many times its packed size a file may be; source code packs 3 to 20 times.
        min_ratio_bytes: Up to this size, the ratio of a file does not matter.
    """

    n_files: int = 50_000
    total_bytes: int = 500_000_000
    ratio: int = 200
    min_ratio_bytes: int = 1_000_000


LIMITS = Limits()
_READ = re.compile(r"(\.pyi?|/py\.typed)$|^[^/]+\.dist-info/[^/]+$")
_BLOCK_BYTES = 1 << 16


def fetch(name: str, *, version: str | None = None, specifier: str = "") -> Path:
    """The folder of an unpacked wheel, from the cache or from the package index.

    Args:
        name: Name of the distribution.
        version: Exact version.
        specifier: Or a version range such as ``>=3.5,<4``; with neither, any cached version will do.

    Raises:
        DistributionError: pip is missing or fails, there is no wheel, or the wheel is not safe to unpack.
    """
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", name):
        raise DistributionError(f"{name!r} is not the name of a distribution")
    wanted = SpecifierSet(f"=={version}" if version else specifier)
    root = config.cache_dir() / "wheels"
    cached = _newest(root, name, wanted)
    if cached is not None:
        return cached
    if config.is_offline():
        raise DistributionError(
            f"{name}{wanted} is neither installed nor cached, and DOCTRANSLATE_OFFLINE forbids downloading it"
        )
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root, prefix=".fetch-") as folder:
        wheel = _download(f"{name}{wanted}", Path(folder))
        parsed_name, parsed_version, *_ = parse_wheel_filename(wheel.name)
        target = root / f"{parsed_name}-{parsed_version}"
        unpack(wheel, target)
    return target


def _newest(root: Path, name: str, wanted: SpecifierSet) -> Path | None:
    found: dict[Version, Path] = {}
    for folder in root.glob(f"{canonicalize_name(name)}-*"):
        version = folder.name[len(canonicalize_name(name)) + 1 :]
        if re.match(r"\d", version) and wanted.contains(version, prereleases=True):
            found[Version(version)] = folder
    return found[max(found)] if found else None


def _download(spec: str, folder: Path) -> Path:
    """Have pip download one wheel into an empty folder."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--quiet"]
    command += [
        "--ignore-requires-python",
        "--disable-pip-version-check",
        "--no-input",
        "--dest",
        str(folder),
        spec,
    ]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=DOWNLOAD_TIMEOUT_S,
            check=False,
            env={**os.environ, "PIP_REQUIRE_VIRTUALENV": "0"},
        )
    except subprocess.TimeoutExpired as exc:
        raise DistributionError(f"{spec}: pip download took longer than {DOWNLOAD_TIMEOUT_S:.0f} s") from exc
    except OSError as exc:
        raise DistributionError(f"{spec}: pip cannot be run: {exc}") from exc
    if "No module named pip" in done.stderr:
        raise DistributionError(
            f"{spec} is not installed, and fetching it needs pip: run  {sys.executable} -m ensurepip  "
            "or install the distribution"
        )
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise DistributionError(f"{spec} cannot be downloaded as a wheel: {_last_error(done.stderr)}")
    return wheels[0]


def _last_error(stderr: str) -> str:
    lines = [line.removeprefix("ERROR: ").strip() for line in stderr.splitlines() if line.startswith("ERROR")]
    return lines[-1] if lines else (stderr.strip().splitlines() or ["pip said nothing"])[-1]


def unpack(wheel: Path, target: Path, *, limits: Limits = LIMITS) -> None:
    """Unpack the sources and the metadata of a wheel; the folder appears only when it is whole.

    Args:
        wheel: The ``.whl`` file.
        target: Folder to make; when it is there already it is left as it is.
        limits: What it may grow to.

    Raises:
        DistributionError: Not a wheel, or one with absolute or parent paths, links, or too much in it.
    """
    try:
        parse_wheel_filename(wheel.name)
    except InvalidWheelFilename as exc:
        raise DistributionError(f"{wheel.name}: not a wheel's file name") from exc
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(dir=target.parent, prefix=".unpack-"))
    try:
        with zipfile.ZipFile(wheel) as archive:
            _extract(archive, staged, limits, wheel=wheel.name)
        try:
            staged.rename(target)
        except OSError:
            if not target.is_dir():  # another process may have put the same content there
                raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as exc:
        raise DistributionError(f"{wheel.name}: the archive is damaged or of an unknown kind: {exc}") from exc
    except OSError as exc:
        raise DistributionError(f"{wheel.name}: cannot be unpacked into {target.parent}: {exc}") from exc
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _extract(archive: zipfile.ZipFile, folder: Path, limits: Limits, *, wheel: str) -> None:
    entries = archive.infolist()
    if len(entries) > limits.n_files:
        raise DistributionError(f"{wheel}: refused: {len(entries)} entries, more than {limits.n_files}")
    seen: set[str] = set()
    for entry in entries:
        _check(entry, seen, wheel=wheel)
    left = limits.total_bytes
    for entry in entries:
        if entry.is_dir() or not _READ.search(entry.filename):
            continue
        out = folder.joinpath(*PurePosixPath(entry.filename).parts)
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("xb") as file:
            for block in _blocks(archive, entry, limits, wheel=wheel):
                left -= len(block)
                if left < 0:
                    raise DistributionError(
                        f"{wheel}: refused: unpacks to more than {limits.total_bytes} bytes"
                    )
                file.write(block)


def _check(entry: zipfile.ZipInfo, seen: set[str], *, wheel: str) -> None:
    """Refuse an entry that lands outside the folder or on another entry, or is something else than a file."""
    name = entry.filename
    parts = PurePosixPath(name).parts
    mode = entry.external_attr >> 16
    problem = ""
    if not parts or name.startswith("/") or "\\" in name or ":" in parts[0] or "\0" in entry.orig_filename:
        problem = "an absolute or malformed path"
    elif ".." in parts:
        problem = "a path to a parent folder"
    elif mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_IFMT(mode) == 0):
        problem = "a link or a special file"
    elif "/".join(parts).casefold() in seen:
        problem = "the same path twice"
    if problem:
        raise DistributionError(f"{wheel}: refused: entry {name!r} is {problem}")
    seen.add("/".join(parts).casefold())


def _blocks(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits, *, wheel: str
) -> Iterator[bytes]:
    """The content of an entry, counted as it comes: the sizes that an archive declares may lie."""
    size = 0
    with archive.open(entry) as packed:
        while block := packed.read(_BLOCK_BYTES):
            size += len(block)
            if size > limits.min_ratio_bytes and size > limits.ratio * max(1, entry.compress_size):
                raise DistributionError(
                    f"{wheel}: refused: {entry.filename!r} grows more than {limits.ratio} times in unpacking"
                )
            yield block
