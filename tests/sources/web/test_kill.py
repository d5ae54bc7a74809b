"""A whole build of a site, killed again and again: nothing is fetched twice, no browser stays, and nothing differs."""

from __future__ import annotations

import random
import shutil
import sys

import pytest

from tests.sites.handbook import Handbook
from tests.sites.killing import describe, kill_builds
from tests.sites.server import Server

needs_proc = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are told by /proc")
needs_browser = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("chromedriver")),
    reason="chromium and chromedriver are not installed: scripts/system-packages installs them",
)


@needs_proc
@needs_browser
def test_builds_that_are_killed_lose_no_page_and_leave_no_browser(tmp_path):
    site = Handbook(n_guide=24, n_app=8)
    with Server(site, latency_s=0.1) as server:
        component = describe(tmp_path / "handbook.toml", server, render="auto")
        done = kill_builds(
            server,
            component,
            tmp_path,
            n_kills=5,
            n_pages=len(site.paths),
            chance=random.Random(11),
            longest_s=5.0,
        )
    assert done.n_kills == 5
    assert done.n_in_crawl > 0
    assert done.n_processes > 0
    assert done.left == []
    assert done.fetched_again == []
    assert done.unequal == []
