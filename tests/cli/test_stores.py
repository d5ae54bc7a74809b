"""The commands that make stores: build, outdated, crawl, stores; and the scripts that do the same."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ..building.site import served, write_site
from .test_app import TOOL, run

LIBRARY = "platformdirs"


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCTRANSLATE_CACHE", str(tmp_path_factory.mktemp("cache")))


def test_build_when_run_twice_then_the_second_finds_it_up_to_date(tmp_path: Path) -> None:
    first = run("build", LIBRARY, "--stores", str(tmp_path))
    assert first.returncode == 0, first.stderr.decode()
    path, n_documents, unit = first.stdout.decode().split()
    assert Path(path).parent == tmp_path and int(n_documents) > 100 and unit == "documents"
    assert f"{LIBRARY}: building its document store" in first.stderr.decode()
    assert "built in" in first.stderr.decode()
    second = run("build", LIBRARY, "--stores", str(tmp_path))
    assert "up to date" in second.stderr.decode()
    assert second.stdout == first.stdout
    forced = run("build", LIBRARY, "--stores", str(tmp_path), "--force")
    assert "up to date" not in forced.stderr.decode()


def test_build_when_json_and_quiet_are_asked_for_then_the_report_alone_is_printed(tmp_path: Path) -> None:
    done = run("build", LIBRARY, "--stores", str(tmp_path), "--json", "--quiet")
    (report,) = json.loads(done.stdout)
    assert done.stderr == b""
    assert report["component"] == LIBRARY and report["n_condensed"] == report["n_chunks"] > 100


def test_build_when_it_is_a_dry_run_then_it_tells_and_writes_nothing(tmp_path: Path) -> None:
    done = run("build", LIBRARY, "--stores", str(tmp_path / "s"), "--dry-run", "--engine", "openai:gpt-4o")
    assert done.returncode == 0, done.stderr.decode()
    assert "model calls" in done.stdout.decode() and "USD" in done.stdout.decode()
    assert not (tmp_path / "s").exists()
    (plan,) = json.loads(run("build", LIBRARY, "--stores", str(tmp_path), "--dry-run", "--json").stdout)
    assert plan["cost_usd"] == 0


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((LIBRARY, "packaging", "--url", "https://x.example/"), "one by one"),
        ((LIBRARY, "--source", "web"), "--url"),
        ((LIBRARY, "--source", "net"), "net"),
        ((LIBRARY, "--engine", "magic"), "unknown engine"),
        ((LIBRARY, "--workers", "0"), "workers"),
    ],
)
def test_build_when_the_call_is_wrong_then_one_clear_error(
    args: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = run("build", *args, "--stores", str(tmp_path))
    assert done.returncode == 2
    assert said in done.stderr.decode() and b"Traceback" not in done.stderr


def test_build_when_it_is_stopped_then_it_says_how_to_go_on(tmp_path: Path) -> None:
    command = [TOOL, "build", "dvc", "--stores", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "building" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(60) == 130, rest
    assert "run the same command again" in rest and "Traceback" not in rest


def test_outdated_when_nothing_lags_then_it_exits_0_and_else_1(tmp_path: Path) -> None:
    run("build", LIBRARY, "--stores", str(tmp_path), "--quiet")
    fresh = run("outdated", "--stores", str(tmp_path))
    assert (fresh.returncode, fresh.stdout) == (0, b"")
    assert b"1 stores, none of which lags behind" in fresh.stderr
    lagging = run("outdated", "packaging", LIBRARY, "--stores", str(tmp_path))
    assert lagging.returncode == 1
    assert lagging.stdout.decode().startswith("packaging: there is no store")
    as_json = json.loads(run("outdated", "--stores", str(tmp_path), "--json").stdout)
    assert [(each["component"], each["reasons"]) for each in as_json] == [(LIBRARY, [])]


def test_crawl_when_given_an_address_then_it_tells_and_reports_every_page(tmp_path: Path) -> None:
    write_site(tmp_path / "site", 3)
    report = tmp_path / "report.json"
    with served(tmp_path / "site") as (url, _):
        done = run("crawl", url, "--render", "http", "--report", str(report))
        assert done.returncode == 0, done.stderr.decode()
        assert "4 fetched" in done.stdout.decode()
        (site,) = json.loads(report.read_text())["sites"]
        assert len([page for page in site["pages"] if page["outcome"] == "fetched"]) == 4
        shallow = run("crawl", url, "--render", "http", "--depth", "0", "--json", "-q")
        assert shallow.stderr == b""
        (site,) = json.loads(shallow.stdout)["sites"]
        assert len([page for page in site["pages"] if page["outcome"] in ("fetched", "unchanged")]) == 1


def test_crawl_when_it_is_stopped_then_the_same_command_goes_on(tmp_path: Path) -> None:
    write_site(tmp_path / "site", 40)
    with served(tmp_path / "site", delay_s=0.1) as (url, asked):
        command = [TOOL, "crawl", url, "--render", "http", "--workers", "2"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            while "/p6.html" not in asked and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            out, said = process.communicate(timeout=60)
        assert (process.returncode, out) == (130, ""), said
        assert "run the same command again" in said and "Traceback" not in said
        before = [path for path in asked if path.endswith(".html")]
        assert 1 <= len(before) < 40
        done = run("crawl", url, "--render", "http")
        assert "41 fetched" in done.stdout.decode(), done.stderr.decode()
        # What was on its way when it was stopped is asked for again, two pages at most; the rest never.
        assert sum(path in before for path in asked) <= len(before) + 2


def test_crawl_when_nothing_can_be_read_then_it_exits_3(tmp_path: Path) -> None:
    with served(tmp_path) as (url, _):
        done = run("crawl", f"{url}missing/", "--render", "http")
    assert done.returncode == 3
    assert "not one page" in done.stderr.decode() and b"Traceback" not in done.stderr


@pytest.mark.parametrize("target", ["ftp://x/", "https://", "no-such-library-x"])
def test_crawl_when_the_target_is_none_then_it_exits_2(target: str) -> None:
    done = run("crawl", target)
    assert done.returncode == 2 and b"Traceback" not in done.stderr


def script(checkout: Path, name: str, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", str(checkout / name), *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_rebuild_script_when_run_then_it_builds_as_the_command_does(tmp_path: Path, checkout: Path) -> None:
    planned = script(checkout, "vectorstores/rebuild.py", LIBRARY, "--stores", str(tmp_path), "--dry-run")
    assert planned.returncode == 0, planned.stderr
    assert "nothing was written" in planned.stdout and not list(tmp_path.iterdir())
    built = script(checkout, "vectorstores/rebuild.py", LIBRARY, "--stores", str(tmp_path))
    assert built.returncode == 0, built.stderr
    assert built.stdout == run("build", LIBRARY, "--stores", str(tmp_path)).stdout.decode()
    wrong = script(checkout, "vectorstores/rebuild.py", "no-such-library-x", "--stores", str(tmp_path))
    assert wrong.returncode == 2 and "unknown component" in wrong.stderr


def test_crawl_script_when_run_then_it_crawls_as_the_command_does(tmp_path: Path, checkout: Path) -> None:
    write_site(tmp_path / "site", 2)
    with served(tmp_path / "site") as (url, _):
        done = script(
            checkout, "crawlers/crawl.py", url, "--render", "http", "--reports", str(tmp_path / "r")
        )
        assert done.returncode == 0, done.stderr
        assert "3 fetched" in done.stdout
        (report,) = (tmp_path / "r").iterdir()
        assert len(json.loads(report.read_text())["sites"]) == 1
        wrong = script(checkout, "crawlers/crawl.py", "no-such-library-x", url, "--render", "http")
        assert wrong.returncode == 2 and "3 unchanged" in wrong.stdout
