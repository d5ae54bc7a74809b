"""Help texts from processes: DVC's parser, commands that are run, and those that misbehave."""

import sys
import time
from pathlib import Path

import pytest

from doctranslate import distributions
from doctranslate.apis import ApiIndex, ApiObject
from doctranslate.component import Component, Console, component
from doctranslate.errors import CrawlError
from doctranslate.sources.console import ConsoleSource, linked, run
from doctranslate.sources.package import PackageSource

EMPTY = ApiIndex("x", "1.0")


def test_pages_when_dvc_is_asked_then_commands_and_objects_name_each_other(dvc_pages):
    by_symbol = {page.symbol: page for page in dvc_pages}
    add = by_symbol["cli:add"]
    assert (add.kind, add.title, add.links) == ("cli", "dvc add", ("dvc.repo.Repo.add",))
    assert "--to-remote" in add.text and add.signatures[0].startswith("dvc add [-h]")
    assert by_symbol["dvc.repo.Repo.add"].links == ("cli:add",)
    assert by_symbol["cli:repro"].links == ("dvc.repo.Repo.reproduce",)
    assert by_symbol["cli:get-url"].links == ("dvc.repo.Repo.get_url",)
    assert by_symbol["cli:data status"].links == ("dvc.repo.Repo.data_status",)
    assert by_symbol["cli:metrics show"].links == ("dvc.repo.metrics.Metrics.show",)
    assert by_symbol["cli:remote add"].links == ()


def test_pages_when_help_is_coloured_then_the_text_is_plain(dvc_pages):
    assert not [page.symbol for page in dvc_pages if "\x1b" in page.text]


def installed(name: str) -> distributions.Distribution:
    found = distributions.installed(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def source(console: Console, distribution: str = "jsonschema") -> ConsoleSource:
    described = Component(name="x", distribution=distribution, imports=("x",), console=console)
    return ConsoleSource(described, installed(distribution), api=EMPTY)


def test_pages_when_no_parser_is_named_then_the_command_is_run_for_each_subcommand():
    pages = {page.symbol: page for page in source(Console(script="pip", skip=("debug",)), "pip").pages()}
    assert {"cli:pip", "cli:install", "cli:download"} <= pages.keys()
    assert "cli:debug" not in pages
    assert "--no-deps" in pages["cli:install"].text
    assert pages["cli:install"].title == "pip install"


@pytest.mark.parametrize(
    ("console", "reason"),
    [
        (Console(script="nowhere"), "no console script 'nowhere'"),
        (Console(script="x", parser="not_a_module:f"), "No module named 'not_a_module'"),
        (Console(script="x", parser="json:dumps"), "failed with code 1"),
    ],
)
def test_pages_when_the_command_cannot_be_run_then_crawl_error_says_why(console, reason):
    with pytest.raises(CrawlError, match=reason):
        list(source(console).pages())


def test_run_when_the_process_hangs_then_it_is_ended_with_those_it_started(tmp_path):
    mark = tmp_path / "mark"
    child = f"import time; time.sleep(3); open({str(mark)!r}, 'w')"
    code = (
        f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"
    )
    started = time.monotonic()
    with pytest.raises(CrawlError, match="longer than 1 s"):
        run([sys.executable, "-c", code], console=Console(script="slow", timeout_s=1.0))
    assert time.monotonic() - started < 20
    time.sleep(3.5)
    assert not mark.exists()


def test_run_when_a_process_looks_around_then_it_sees_neither_input_nor_environment(monkeypatch):
    monkeypatch.setenv("MY_SECRET_TOKEN", "hidden")
    code = (
        "import os, sys; print(repr(sys.stdin.read()), os.listdir('.'), os.environ.get('MY_SECRET_TOKEN'),"
        " os.environ['COLUMNS'], os.environ['EXTRA'], os.environ['HOME'] == os.getcwd())"
    )
    text = run([sys.executable, "-c", code], console=Console(script="x", env={"EXTRA": "given"}))
    assert text.split() == ["''", "[]", "None", "100", "given", "True"]


def test_package_source_when_the_help_fails_then_the_rest_is_still_read(caplog):
    broken = component("gitpython").model_copy(update={"console": Console(script="git-nothing")})
    pages = list(PackageSource(broken).pages())
    assert len(pages) > 300 and not [page for page in pages if page.kind == "cli"]
    assert "help texts are left out" in caplog.text


def test_console_source_when_the_distribution_is_not_installed_then_nothing_is_run():
    fetched = distributions.Distribution("x", "1.0", Path(), ("x",), installed=False)
    with pytest.raises(CrawlError, match="not installed"):
        ConsoleSource(component("dvc"), fetched, api=EMPTY)
    with pytest.raises(CrawlError, match=r"no \[console\]"):
        ConsoleSource(component("gitpython"), fetched, api=EMPTY)


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        ("cli:get-url", ("lib.Repo.get_url",)),
        ("cli:data status", ("lib.Repo.data_status",)),
        ("cli:exp run", ("lib.Exp.run",)),
        ("cli:exp save", ()),
        ("cli:a.b", ()),
        ("cli:axb", ("lib.Repo.axb",)),
        ("cli:unknown", ()),
    ],
)
def test_linked_when_rules_match_then_the_first_object_that_exists_is_named(symbol, expected):
    names = ("lib.Repo", "lib.Repo.get_url", "lib.Repo.data_status", "lib.Repo.axb", "lib.Exp", "lib.Exp.run")
    api = ApiIndex("lib", "1", {n: ApiObject(n, "class" if n.count(".") == 1 else "function") for n in names})
    rules = {
        "cli:a.b": "lib.Repo.nothing",
        "cli:exp {name}": "lib.Exp.{name}",
        "cli:{command}": "lib.Repo.{command}",
    }
    described = Component(name="lib", distribution="lib", imports=("lib",), links=rules)
    assert linked(symbol, described, api) == expected
