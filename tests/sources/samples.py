"""A small package on disk with every way of making a public name that the reader must understand."""

from pathlib import Path

from doctranslate.component import Api, Forward
from doctranslate.sources.api_reader import read
from doctranslate.sources.documented import ReadApi

FILES = {
    "lib/__init__.py": """
        \"\"\"A library.\"\"\"
        from .core import Repo, Tag
        from ._private import Hidden, _secret
        from . import tools
        __all__ = ["Repo", "Tag", "Hidden", "tools"]
        def __getattr__(name): ...
        """,
    "lib/core.py": """
        from __future__ import annotations
        import functools, typing as t
        from functools import partialmethod, cached_property
        from typing import TYPE_CHECKING, Optional, Union, cast
        from .tools import open_repo as _open, scan
        from .backend import Backend
        if TYPE_CHECKING:
            from .models import Commit

        def lazy_property(f): return property(f)

        class Base:
            def close(self) -> None:
                "Close it."

        class Repo(Base):
            "A repository."
            Kind = Backend
            LOW, HIGH = [1 << n for n in range(2)]
            backend = cast("Backend", None)
            from .tools import add
            from .tools import status as _status
            status = staticmethod(_status)
            scan_all = scan
            find = partialmethod(scan, "root", deep=True)
            push = partialmethod(_call, "push")
            pull = partialmethod(_call, "pull")
            odd = partialmethod(_call, "nowhere")

            def __init__(self, path: Optional[str] = None, *, owner: "Optional[Commit]" = None, **kw):
                '''Open it.'''
                self.path = path or "."
                self.owner = owner
                self.engine = self.Kind(path)
                from .models import Index
                self.index: Index = Index(self)
                self._hidden = 1

            def late(self):
                self.set_later = Backend("x")

            @property
            def head(self) -> "Commit": "The head."
            @head.setter
            def head(self, value): ...
            @cached_property
            def tip(self):
                commit = self.head
                return commit
            @lazy_property
            def lazy(self) -> Commit: ...
            def _get(self) -> Commit: "Got."
            def _set(self, value): ...
            got = property(_get, _set, doc="x")
            def list(self) -> list[Commit]: ...
            def names(self) -> list[str]: ...
            @staticmethod
            def make(path): return path
            @classmethod
            def open(cls, path: str, /, mode="r", *args, flag: bool = False, **kwargs) -> "Repo": ...
            @classmethod
            def here(cls): return cls(".")
            def run(self, *args, **kwargs):
                from .tools import run
                return run(self, *args, **kwargs)
            def start(self, *args, wait: bool = False, **kwargs):
                from .tools import run
                return run(self, *args, **kwargs)
            def either(self, x):
                if x: return Backend("x")
                return other(x)
            def shadow(self, config):
                Backend = config
                return Backend
            def walk(self):
                yield Backend("x")
            async def fetch(self, *, depth: int = 1) -> None: ...
            def __getitem__(self, key: str) -> Commit: ...
            def __private(self): ...
            def call(self): ...

        Tag = Backend
        default = Repo()
        other_open = _open
        """,
    "lib/backend.py": """
        from abc import ABC, abstractmethod
        class Backend(ABC):
            def __init__(self, path: str): ...
            @abstractmethod
            def push(self, url: str, force: bool = False) -> int:
                "Push it."
            def pull(self): "Pull it."
            def __getattr__(self, name): ...
        """,
    "lib/models.py": """
        from dataclasses import dataclass, field
        from typing import NamedTuple
        import attrs
        @dataclass
        class Commit:
            sha: str
            parents: list["Commit"] = field(default_factory=list)
            def short(self): return self.sha
        @attrs.define
        class Index:
            repo: "object"
            size: int = 0
        class Pair(NamedTuple):
            a: int
            b: int = 2
        class Slotted:
            __slots__ = ("x", "y")
        class Unknown(__import__("x").Y):
            pass
        class Error(Exception): "An error."
        """,
    "lib/tools.py": """
        import typing
        from typing import overload
        def add(repo: "Repo", targets: list[str], force: bool = False) -> int:
            "Add targets."
        def status(url, rev=None): "Status of a url."
        def scan(self, start: str, depth: int = 1, deep: bool = False): ...
        def open_repo(path): "Open."
        def run(repo, cmd: str, name: "typing.Optional[str]" = None): "Run a command."
        @overload
        def conv(x: int) -> int: ...
        @overload
        def conv(x: str) -> str: ...
        def conv(x): "Convert."
        """,
    "lib/_private.py": """
        class _Root:
            def inherited(self): "From a private base."
        class Hidden(_Root):
            def act(self): ...
        def _secret(): ...
        """,
    "lib/tests/__init__.py": "",
    "lib/tests/test_lib.py": "def test_it(): ...",
    "lib/_vendor/__init__.py": "class Vendored: ...",
    "lib/broken.py": "def (: this is not Python",
}


def write_package(folder: Path, files: dict[str, str] = FILES) -> Path:
    """Write the files, dedented, and give back the folder."""
    from textwrap import dedent

    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return folder


FORWARDS = (Forward(class_name="lib.core.Repo", to="lib.backend.Backend"),)


def read_sample(folder: Path, api: Api | None = None) -> ReadApi:
    """Read the sample package."""
    return read([("lib", write_package(folder))], api or Api(forwards=FORWARDS))
