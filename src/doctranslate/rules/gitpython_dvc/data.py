"""Which paths of a program are data: decided by what the program says, or by the caller."""

from __future__ import annotations

import fnmatch
import posixpath
from dataclasses import dataclass
from typing import Literal

from doctranslate.rules.gitpython_dvc.texts import Text, ends_agree, starts_agree

Kind = Literal["data", "code"]
_MAGIC = frozenset("*?[")
# Formats that hold data or a model and nothing a person edits line by line.
DATA_SUFFIXES = (
    "bin", "csv", "tsv", "parquet", "feather", "arrow", "npy", "npz", "h5", "hdf5", "pkl", "joblib", "pt", "pth",
    "ckpt", "onnx", "safetensors", "pb", "tflite", "gguf", "model", "weights", "zip", "gz", "tar", "tgz", "xz",
    "png", "jpg", "jpeg", "tif", "tiff", "wav", "mp3", "mp4", "db", "sqlite", "jsonl", "dat", "xlsx",
    "orc", "avro", "lmdb", "tfrecord", "tfrecords", "mat", "rds", "nc", "grib", "fits", "nii", "dcm", "las", "ply",
    "flac", "ogg", "m4a", "mov", "avi", "mkv", "webm", "gif", "bmp", "webp", "bz2", "zst", "7z",
)  # fmt: skip
# Folders whose files are data whatever they end in, except for what people write by hand.
DATA_FOLDERS = ("data", "datasets", "dataset", "models", "weights", "checkpoints")
CODE_GLOBS = (
    "*.py", "*.md", "*.rst", "*.yaml", "*.yml", "*.toml", "*.cfg", "*.ini", "*.sh", "*.ipynb", "*.dvc",
    "*.gitignore", "*.gitattributes", "*.gitkeep", "*.dvcignore", ".dvc/*", ".git/*",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DataPolicy:
    """Globs of the paths that DVC versions.

    Attributes:
        globs: A path that matches one is data…
        excluded: …unless it matches one of these.
    """

    globs: tuple[str, ...]
    excluded: tuple[str, ...]

    def is_data(self, path: str) -> bool:
        """Whether a path below the repository root is data."""
        path = posixpath.normpath(path)
        if any(fnmatch.fnmatch(path, glob) for glob in self.excluded):
            return False
        folder = any(fnmatch.fnmatch(f"{path}/x", glob) for glob in self.globs if glob.endswith("/*"))
        return folder or any(fnmatch.fnmatch(path, glob) for glob in self.globs)

    def kind(self, text: Text) -> Kind | None:
        """What a file is for sure, of whose path only the beginning or the end may be known; None where that is open.

        Nobody puts anything into ``.git`` or ``.dvc`` that way, so a folder in an exclusion counts only where the
        path is known to begin with it. A path is taken for a file when its last part has a suffix.
        """
        if "." not in text.name or _MAGIC & set(text.start + text.end) or ".." in text.end.split("/"):
            return None
        if text.whole and not text.is_absolute:
            return "data" if self.is_data(text.start) else "code"
        if any(_matches(text, glob) for glob in self.excluded):
            return "code"
        if any(_may_match(text, glob) for glob in self.excluded):
            return None
        return "data" if any(_matches(text, glob) for glob in self.globs) else None


def _matches(text: Text, glob: str) -> bool:
    """Whether every path that begins and ends so matches a glob with a single star."""
    start, star, end = glob.partition("*")
    if not star or _MAGIC & set(start + end):
        return False
    begins = not start or (not text.is_absolute and text.start.startswith(start))
    return begins and "/" not in end and text.name.endswith(end)


def _may_match(text: Text, glob: str) -> bool:
    start, _, end = glob.partition("*")
    if _MAGIC & set(start + end):
        return True
    if start and (not text.start or text.is_absolute):
        return False
    return starts_agree(text.start, start) and ends_agree(text.end, end)


def policy(*, given: tuple[str, ...] | None, tracked: tuple[str, ...]) -> DataPolicy:
    """The policy of one program.

    Args:
        given: The caller's globs; when given they alone decide, beside ``tracked``.
        tracked: Patterns that the program gives to ``git lfs track``.
    """
    patterns = tuple(expanded for pattern in tracked for expanded in _expand(pattern))
    if given is not None:
        globs = tuple(expanded for pattern in given for expanded in _expand(pattern))
        return DataPolicy(
            tuple(dict.fromkeys((*patterns, *globs))), (".dvc/*", ".git/*", "*.dvc", "*.gitignore")
        )
    suffixes = tuple(f"*.{suffix}" for suffix in DATA_SUFFIXES)
    folders = tuple(glob for folder in DATA_FOLDERS for glob in (f"{folder}/*", f"*/{folder}/*"))
    return DataPolicy(tuple(dict.fromkeys((*patterns, *suffixes, *folders))), CODE_GLOBS)


def _expand(pattern: str) -> tuple[str, ...]:
    """A gitattributes pattern or a user's glob as fnmatch globs, whose ``*`` crosses slashes."""
    pattern = pattern.removeprefix("./").removeprefix("/").replace("/**", "/*").replace("**/", "*")
    if pattern.endswith("/"):
        return (f"{pattern}*",)
    return (pattern, f"*/{pattern}") if "/" not in pattern and not pattern.startswith("*") else (pattern,)
