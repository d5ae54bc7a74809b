"""What a component's description holds; `doctranslate.component` reads and finds descriptions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Spec(BaseModel):
    """Base of the parts of a component: frozen, unknown fields are errors, types are not coerced."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class DocSite(Spec):
    """A documentation site.

    Attributes:
        url: Where reading starts; pages outside its folder are not read.
        depth: How many links away from ``url`` a page may be.
        include: Regular expressions; when given, only addresses that match one are read.
        skip: Regular expressions; addresses that match one are not read.
        selector: CSS selector of the element that holds a page's content; "" for the whole body.
        render: Whether pages need a browser: ``never``, ``always``, or ``auto`` (when the selector fails).
    """

    url: str = Field(pattern=r"^https?://")
    depth: int = Field(default=1, ge=0, le=10)
    include: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    selector: str = ""
    render: Literal["auto", "never", "always"] = "auto"

    _lists = field_validator("include", "skip", mode="before")(_tuple)

    @field_validator("include", "skip")
    @classmethod
    def _patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                re.compile(pattern)
            except re.error as exc:
                raise ValueError(f"{pattern!r} is not a regular expression: {exc}") from exc
        return value


class Folder(Spec):
    """A folder of documentation files, read besides the sites.

    Attributes:
        path: Folder, relative to the TOML file when it is not absolute.
        include: Globs of the files to read.
        skip: Globs of the files to leave out.
    """

    path: str = Field(min_length=1)
    include: tuple[str, ...] = ("**/*.md", "**/*.rst", "**/*.html")
    skip: tuple[str, ...] = ()

    _lists = field_validator("include", "skip", mode="before")(_tuple)


class Console(Spec):
    """A command whose help texts belong to the documentation.

    Attributes:
        script: Name of the console script.
        parser: ``module:function`` that returns its argparse parser, so that one process gives all texts;
            "" to run ``script --help`` for each subcommand.
        env: Environment variables for the process, besides a minimal environment.
        skip: Globs of commands to leave out (``"exp *"``).
        timeout_s: Seconds that one process may take.
    """

    script: str = Field(min_length=1)
    parser: str = Field(default="", pattern=r"^$|^[\w.]+:\w+$")
    env: Mapping[str, str] = {}
    skip: tuple[str, ...] = ()
    timeout_s: float = Field(default=30.0, gt=0, le=600)

    _lists = field_validator("skip", mode="before")(_tuple)


class Forward(BaseModel):
    """Members of a class that hand the call on to members of the same name elsewhere.

    Attributes:
        class_name: Canonical name of the class; ``class`` in the TOML.
        to: Canonical name of the class whose signatures and docstrings are the real ones.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    class_name: str = Field(alias="class")
    to: str


class Api(Spec):
    """Which objects of a distribution count as its API. All patterns are globs over qualified names.

    Attributes:
        keep: Modules to read; empty for all public ones.
        skip: Modules or objects to leave out, with all that is below them.
        unlisted: Objects that exist for the checks and are not worth a page of documentation.
        listed: Objects among them that are worth one.
        forwards: Classes whose members forward to those of another class.
    """

    keep: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    forwards: tuple[Forward, ...] = ()

    _lists = field_validator("keep", "skip", "unlisted", "listed", "forwards", mode="before")(_tuple)


class Component(Spec):
    """A library, and where its documentation is.

    Attributes:
        name: What users call it.
        aliases: Other names for it.
        distribution: Its name on the package index.
        imports: Names that ``import`` takes.
        also: Other distributions whose API is reached through this one.
        docs: Documentation sites.
        folders: Folders of documentation files.
        console: Its command, when the help texts are worth reading.
        api: What of the distribution counts.
        links: Pattern of a command to pattern of the API object that does the same:
            ``{"cli:{command}": "dvc.repo.Repo.{command}"}``.
        licence: SPDX expression of the documentation's licence.
        attribution: Who is to be named when the documentation is shown.
        expect: What reading must find, by name (``api``, ``cli``, ``pages``): fewer means a broken source.
        derived: Made from a distribution's metadata, without a TOML.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    aliases: tuple[str, ...] = ()
    distribution: str = Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")
    imports: tuple[str, ...] = Field(min_length=1)
    also: tuple[str, ...] = ()
    docs: tuple[DocSite, ...] = ()
    folders: tuple[Folder, ...] = ()
    console: Console | None = None
    api: Api = Api()
    links: Mapping[str, str] = {}
    licence: str = ""
    attribution: str = ""
    expect: Mapping[str, int] = {}
    derived: bool = False

    _lists = field_validator("aliases", "imports", "also", "docs", "folders", mode="before")(_tuple)
