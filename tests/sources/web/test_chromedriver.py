"""The driver of our own, for real."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from doctranslate.errors import BrowserError
from doctranslate.sources.web.chromedriver import LocalDriver, find_programs
from tests.sites.left_behind import MARK, left_behind, marked, new_mark

needs_browser = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("chromedriver")),
    reason="chromium and chromedriver are not installed: scripts/system-packages installs them",
)


def program(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


@needs_browser
def test_driver_when_open_then_answers_and_when_closed_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mark = new_mark()
    monkeypatch.setenv(MARK, mark)
    with LocalDriver() as driver:
        with urllib.request.urlopen(f"{driver.url}/status", timeout=20) as answer:
            assert b'"ready":true' in answer.read()
        assert driver.folder.is_dir()
        assert any("chromedriver" in command for command in marked(mark).values())
    driver.close()
    assert left_behind(mark, within_s=0) == {}
    assert not driver.folder.exists()


@needs_browser
def test_driver_when_its_process_is_killed_then_leaves_nothing() -> None:
    mark = new_mark()
    code = (
        "from doctranslate.sources.web.chromedriver import LocalDriver\nimport time\n"
        "driver = LocalDriver()\nprint(driver.folder, flush=True)\ntime.sleep(300)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env={**os.environ, MARK: mark}
    ) as process:
        folder = Path(process.stdout.readline().decode().strip())
        assert folder.is_dir()
        process.kill()
    assert left_behind(mark) == {}
    assert not folder.exists()


class TestPrograms:
    def test_programs_that_are_named_then_go_first(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DOCTRANSLATE_CHROMIUM", program(tmp_path, "my-browser", ""))
        monkeypatch.setenv("DOCTRANSLATE_CHROMEDRIVER", program(tmp_path, "my-driver", ""))
        found = find_programs()
        assert (Path(found.browser).name, Path(found.driver).name) == ("my-browser", "my-driver")

    def test_program_that_is_named_and_missing_then_is_an_error_with_its_name(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DOCTRANSLATE_CHROMIUM", "/nowhere/chromium")
        with pytest.raises(BrowserError, match=r"DOCTRANSLATE_CHROMIUM is '/nowhere/chromium'"):
            LocalDriver()

    def test_programs_on_the_search_path_then_are_found(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("DOCTRANSLATE_CHROMIUM", raising=False)
        monkeypatch.delenv("DOCTRANSLATE_CHROMEDRIVER", raising=False)
        browser, driver = program(tmp_path, "google-chrome", ""), program(tmp_path, "chromedriver", "")
        monkeypatch.setenv("PATH", str(tmp_path))
        found = find_programs()
        assert (found.browser, found.driver) == (browser, driver)

    def test_no_program_when_offline_then_says_what_to_install(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pytest.importorskip("selenium")
        monkeypatch.delenv("DOCTRANSLATE_CHROMIUM", raising=False)
        monkeypatch.delenv("DOCTRANSLATE_CHROMEDRIVER", raising=False)
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setenv("SE_CACHE_PATH", str(tmp_path / "cache"))
        with pytest.raises(BrowserError, match="apt-get install chromium chromium-driver"):
            find_programs()

    def test_driver_that_ends_at_once_then_is_an_error_and_leaves_no_folder(self, tmp_path: Path) -> None:
        temporary = tmp_path / "tmp"
        temporary.mkdir()
        env = {
            "TMPDIR": str(temporary),
            "DOCTRANSLATE_CHROMIUM": program(tmp_path, "my-browser", ""),
            "DOCTRANSLATE_CHROMEDRIVER": program(tmp_path, "my-driver", "exit 3"),
        }
        code = "from doctranslate.sources.web.chromedriver import LocalDriver; LocalDriver()"
        done = subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, **env}, capture_output=True, text=True
        )
        assert "BrowserError" in done.stderr
        assert "my-driver did not say that it was ready" in done.stderr
        assert list(temporary.iterdir()) == []

    def test_driver_that_finds_its_port_taken_then_is_started_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen = tmp_path / "seen"
        driver = (
            f'[ -e "{seen}" ] || {{ touch "{seen}"; exit 1; }}\necho started successfully on port 4711\ncat'
        )
        monkeypatch.setenv("DOCTRANSLATE_CHROMIUM", program(tmp_path, "my-browser", ""))
        monkeypatch.setenv("DOCTRANSLATE_CHROMEDRIVER", program(tmp_path, "my-driver", driver))
        with LocalDriver() as found:
            assert found.url == "http://127.0.0.1:4711"
