"""What a component's description holds; `doctranslate.component` reads and finds descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Spec(BaseModel):
    """Base of the parts of a component: frozen, unknown fields are errors, types are not coerced."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _compilable(patterns: Iterable[str]) -> Any:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as exc:
            raise ValueError(f"{pattern!r} is not a regular expression: {exc}") from exc
    return patterns


Discovery = Literal["sitemap", "inventory", "llms"]
"""Where addresses are found besides links: ``sitemap.xml``, Sphinx's ``objects.inv``, ``llms.txt``."""


class DocSite(Spec):
    r"""A documentation site.

    Attributes:
        url: Where reading starts.
        start: More addresses to start at.
        prefixes: Addresses below which a page must lie to be read; empty for the folders of ``url`` and ``start``.
        depth: How many links away from a starting point a page may be.
        discover: Where more starting points are looked for: `sitemap`, `inventory` (Sphinx's `objects.inv`),
            `llms` (`llms.txt`); what they list is a starting point when it lies in scope.
        include: Regular expressions; when given, only addresses that match one are read.
        skip: Regular expressions; addresses that match one are not read.
        selector: CSS selector of the element that holds a page's content; "" lets it be found.
        render: `http` reads plain HTTP, `browser` renders every page, `auto` compares both on samples and takes
            plain HTTP where the text is the same.
        symbols: Regular expression over an address to the symbol that its page documents:
            `{"/api-reference/(\w+)$": "dvc.api.\1"}`; slashes in what it takes become spaces.
        rate: Requests per second; None for the default: 3, or no limit for this machine itself.
        allow_private: Whether the hosts of `url`, `start` and `prefixes` may be private, link-local or loopback
            addresses; what pages lead to elsewhere may never be.
        max_pages: Pages that one crawl reads, at most.
        max_page_bytes: Size of a page, unpacked; longer ones are given up.
        page_timeout_s: Seconds that one page may take.
        crawl_timeout_s: Seconds that one crawl may take; it goes on at the next call.
    """

    url: str = Field(pattern=r"^https?://")
    start: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    depth: int = Field(default=1, ge=0, le=20)
    discover: tuple[Discovery, ...] = ("sitemap", "inventory", "llms")
    include: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    selector: str = ""
    render: Literal["auto", "http", "browser"] = "auto"
    symbols: Mapping[str, str] = {}
    rate: float | None = Field(default=None, gt=0, le=1000)
    allow_private: bool = False
    max_pages: int = Field(default=5_000, ge=1)
    max_page_bytes: int = Field(default=16_000_000, ge=1_000)
    page_timeout_s: float = Field(default=30.0, gt=0, le=600)
    crawl_timeout_s: float = Field(default=7_200.0, gt=0)

    _lists = field_validator("start", "prefixes", "discover", "include", "skip", mode="before")(_tuple)

    @field_validator("start", "prefixes")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            if not re.match(r"https?://[^/]", address):
                raise ValueError(f"{address!r} is not an address that begins with http:// or https://")
        return value

    @field_validator("include", "skip", "symbols")
    @classmethod
    def _patterns(cls, value: Any) -> Any:
        return _compilable(value)


class Folder(Spec):
    """A folder of documentation files, or a zip of one.

    Attributes:
        path: Folder or zip file; a relative one is taken from the folder of the TOML file.
        url: Address that the files are published below, to be cited in place of the file; "" for none.
        include: Globs of the files to read.
        skip: Globs of the files to leave out.
        selector: CSS selector of the content of HTML files; "" lets it be found.
        symbols: As of a site, over the path of the file without its suffix, with `/` before it.
    """

    path: str = Field(min_length=1)
    url: str = Field(default="", pattern=r"^$|^https?://")
    include: tuple[str, ...] = ("**/*.md", "**/*.rst", "**/*.html", "**/*.htm", "**/*.txt")
    skip: tuple[str, ...] = ()
    selector: str = ""
    symbols: Mapping[str, str] = {}

    _lists = field_validator("include", "skip", mode="before")(_tuple)

    @field_validator("symbols")
    @classmethod
    def _patterns(cls, value: Any) -> Any:
        return _compilable(value)


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
        expect: What reading must find, at least: ``api`` and ``cli`` pages of the distribution, ``min_pages`` of
            its documentation sites. Fewer means a broken source.
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

    @field_validator("docs")
    @classmethod
    def _distinct(cls, value: tuple[DocSite, ...]) -> tuple[DocSite, ...]:
        for site in value:
            if sum(site.url == other.url for other in value) > 1:
                raise ValueError(f"{site.url} is described twice: put further addresses into 'start'")
        return value
