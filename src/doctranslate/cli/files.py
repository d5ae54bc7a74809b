"""Reading and writing programs without changing a byte that was not meant."""

from __future__ import annotations

import io
import os
import stat
import sys
import tempfile
import tokenize
from dataclasses import dataclass
from pathlib import Path

from doctranslate.errors import SourceCodeError, UsageError

STDIN = "-"
MAX_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """A program as it was read.

    Attributes:
        name: Path, or ``<stdin>``.
        code: Its text, line ends as they are.
        encoding: What decoded it; a byte order mark is kept.
    """

    name: str
    code: str
    encoding: str

    def encode(self, code: str) -> bytes:
        """Bytes of another text in the same encoding; UTF-8 where it cannot hold it."""
        try:
            return code.encode(self.encoding)
        except UnicodeEncodeError as exc:
            raise SourceCodeError(
                f"{self.name}: the translation does not fit the encoding {self.encoding} that the file declares"
            ) from exc


def read_source(name: str) -> Source:
    """Read a program from a file, or from standard input for ``-``.

    Raises:
        UsageError: It cannot be read, or is larger than 20 MiB.
        SourceCodeError: Its bytes are not text in the encoding it declares (UTF-8 without a declaration).
    """
    if name == STDIN:
        shown, raw = "<stdin>", sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        shown, path = name, Path(name)
        try:
            with path.open("rb") as stream:
                raw = stream.read(MAX_BYTES + 1)
        except OSError as exc:
            raise UsageError(f"cannot read {name}: {exc.strerror or exc}") from exc
    if len(raw) > MAX_BYTES:
        raise UsageError(f"{shown} is larger than {MAX_BYTES // 1024 // 1024} MiB: that is no program")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        return Source(shown, raw.decode(encoding), encoding)
    except (SyntaxError, LookupError, UnicodeDecodeError) as exc:
        raise SourceCodeError(f"{shown} is not text in the encoding it declares: {exc}") from exc


def shown_path(name: str) -> str:
    """The name a diff shows, so that ``git apply`` finds the file: relative to the working directory if it can be."""
    if name.startswith("<"):
        return "program.py"
    path = Path(name).resolve()
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.name


def check_writable(path: Path) -> None:
    """Insist that a file may be written.

    Raises:
        UsageError: Its permissions say that it is not to be.
    """
    if path.exists() and not path.stat().st_mode & stat.S_IWUSR:
        raise UsageError(f"{path} is read-only: --force replaces it all the same")


def write_bytes(path: Path, content: bytes) -> None:
    """Replace a file's content in one step, its permissions kept; a symbolic link stays one.

    Raises:
        UsageError: It cannot be written; what was there is untouched.
    """
    target = path.resolve()
    try:
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(temporary).chmod(mode)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as exc:
        raise UsageError(f"cannot write {path}: {exc.strerror or exc}") from exc


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
