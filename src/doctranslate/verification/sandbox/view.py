"""What a program in a sandbox may see of the file system."""

from __future__ import annotations

import os
import shutil
import site
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
# Of /etc only what programs need to start, to name users and files, and to trust certificates: the rest may be secret.
ETC = (
    "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "passwd", "group", "nsswitch.conf", "hosts",
    "host.conf", "gai.conf", "localtime", "timezone", "locale.alias", "locale.conf", "mime.types", "magic",
    "ssl/certs", "ssl/openssl.cnf", "pki/tls/certs", "ca-certificates", "terminfo", "os-release",
)  # fmt: skip
TOOLS = ("git", "git-lfs", "dvc")
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
# With no /proc of its own a program may list the processes, and read what says nothing of any of them.
HARMLESS_PROC = tuple(
    f"/proc/{n}" for n in ("cpuinfo", "meminfo", "filesystems", "loadavg", "uptime", "version")
)

# What belongs to the whole machine, and is shown to root as its owner even in a namespace.
MACHINE_PROC = tuple(
    f"/proc/{n}"
    for n in ("sys", "sysrq-trigger", "irq", "bus", "scsi", "acpi", "mtrr", "fs", "driver", "dynamic_debug")
)


@dataclass(frozen=True)
class View:
    """Paths that exist outside, and how they appear inside.

    Attributes:
        read: Files and folders to be read, as (path outside, path inside); they differ where that path is a link.
        links: Symbolic links to make, as (path, target).
        write: The workspace, as (path outside, path inside); twice when its own path leads over a link.
    """

    read: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    write: tuple[tuple[str, str], ...]


def view_of(workspace: Path, readable: Sequence[Path]) -> View:
    """The view for one run.

    Args:
        workspace: The folder that may be written; exists.
        readable: More files and folders to be read.
    """
    real = os.path.realpath(workspace)
    own = os.path.abspath(workspace)  # noqa: PTH100 - Path.resolve would follow the links
    write = [(real, real)] + ([(real, own)] if own != real else [])
    read, links = _machine(os.environ.get("PATH", os.defpath))
    extra = [p for path in readable for p in (os.path.abspath(path), os.path.realpath(path))]  # noqa: PTH100
    shown = tuple((os.path.realpath(path), path) for path in _outermost([*read, *extra]))
    return View(shown, links, tuple(write))


@cache
def _machine(search: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    links = tuple((path, str(Path(path).readlink())) for path in SYSTEM if Path(path).is_symlink())
    folders = [path for path in SYSTEM if Path(path).is_dir() and not Path(path).is_symlink()]
    etc = [f"/etc/{name}" for name in ETC if Path("/etc", name).exists()]
    return _outermost([*folders, *etc, *_interpreter(), *_tools(search)]), links


def _interpreter() -> list[str]:
    """This interpreter and what is installed for it."""
    executables = {sys.executable, os.path.realpath(sys.executable)}
    folders = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, *site.getsitepackages()}
    if site.ENABLE_USER_SITE:
        folders.add(site.getusersitepackages())
    folders |= {path for path in sys.path if path.rstrip("/").endswith(("site-packages", "dist-packages"))}
    folders |= {str(Path(path).parent) for path in executables}
    own_code = str(Path(__file__).parent / "inside")
    paths = [*executables, *(part for folder in folders for part in _without_home(folder)), own_code]
    return [path for path in paths if os.path.exists(path)]  # noqa: PTH110 - false also where it may not be looked at


def _tools(search: str) -> list[str]:
    """The folders of the tools that are not in a system folder."""
    found = [shutil.which(tool, path=search) for tool in TOOLS]
    places = [Path(p) for path in found if path for p in (path, os.path.realpath(path))]
    return [str(path if _holds_home(path.parent) else path.parent) for path in places]


def _without_home(folder: str) -> list[str]:
    """The folder of an installation, or the parts of it when the user's home is, or lies in, that folder."""
    if not _holds_home(Path(folder)):
        return [folder]
    return [str(Path(folder, name)) for name in ("bin", "lib", "lib64", "include", "pyvenv.cfg")]


def _holds_home(folder: Path) -> bool:
    home = os.path.realpath(os.path.expanduser("~"))  # noqa: PTH111 - the user may have none
    return Path(home).is_relative_to(os.path.realpath(folder))


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    """The paths without those that lie below another one, and without links into the system folders."""
    kept: list[str] = []
    for path in sorted({path.rstrip("/") or "/" for path in paths}, key=lambda p: (p.count("/"), p)):
        if not any(path == outer or path.startswith(outer.rstrip("/") + "/") for outer in [*kept, *_LINKED]):
            kept.append(path)
    return tuple(kept)


_LINKED = tuple(path for path in SYSTEM if Path(path).is_symlink())
