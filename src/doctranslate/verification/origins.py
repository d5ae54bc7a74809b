"""Where a thing of Python's own library is really defined, when it is reached by way of another module."""

from __future__ import annotations

import importlib
import types
from functools import lru_cache

_MODULES = frozenset(
    {
        *(
            "os",
            "sys",
            "subprocess",
            "shutil",
            "socket",
            "builtins",
            "importlib",
            "ctypes",
            "pickle",
            "pathlib",
        ),
        *(
            "marshal",
            "runpy",
            "posix",
            "nt",
            "pty",
            "multiprocessing",
            "inspect",
            "types",
            "operator",
            "tempfile",
        ),
        *("urllib", "http", "ssl", "codecs", "code", "threading", "signal", "webbrowser", "io"),
    }
)
_WALKED = frozenset(
    {
        *(
            "argparse",
            "base64",
            "configparser",
            "contextlib",
            "copy",
            "csv",
            "dataclasses",
            "datetime",
            "fnmatch",
        ),
        *(
            "functools",
            "glob",
            "hashlib",
            "io",
            "json",
            "logging",
            "os",
            "pathlib",
            "platform",
            "random",
            "re",
        ),
        *("shlex", "shutil", "string", "tarfile", "tempfile", "textwrap", "threading", "time", "traceback"),
        *(
            "typing",
            "uuid",
            "warnings",
            "weakref",
            "zipfile",
            "queue",
            "filecmp",
            "linecache",
            "gzip",
            "locale",
        ),
    }
)


@lru_cache(maxsize=4096)
def origin(path: str) -> str:
    """``os.system`` for ``shutil.os.system``, ``tempfile._os.system`` or ``pandas.io.common.os.system``.

    Args:
        path: Dotted path, with ``()`` where something on the way is called.
    """
    if "." not in path:
        return path
    parts = path.split(".")
    for at in range(len(parts) - 1, 0, -1):
        name = parts[at].lstrip("_")
        # "os.path" is no module of another package; "x.io" and the like are parts of packages.
        is_module = name in _MODULES and "()" not in ".".join(parts[:at])
        is_common = name in ("types", "code", "operator", "io")  # packages have modules of these names
        if is_module and not (is_common and (at + 1 == len(parts) or name == "io")):
            return ".".join([name, *parts[at + 1 :]])
    return _walked(parts) if parts[0] in _WALKED else path


def _walked(parts: list[str]) -> str:
    """Follow a path through modules that do no harm when they are imported."""
    found: object = importlib.import_module(parts[0])
    for at, part in enumerate(parts[1:], 1):
        found = getattr(found, part, None)
        if isinstance(found, types.ModuleType) and found.__name__ not in ("posixpath", "ntpath"):
            if found.__name__ != ".".join(parts[: at + 1]):
                return origin(".".join([found.__name__, *parts[at + 1 :]]))
        elif found is None:
            break
    return ".".join(parts)
