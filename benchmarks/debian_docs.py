"""Real Sphinx sites: the documentation packages of Debian, downloaded once into a cache folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.sites.static import StaticSite

GIT, SKLEARN = "python-git-doc", "python-sklearn-doc"

SKIP = r"/_(sources|static|images|downloads|modules)/"
"""What lies beside the pages of a Sphinx site."""


class NoDocs(Exception):
    """The packages cannot be had here, and why."""


def cache() -> Path:
    """Where downloads lie: ``$DOCTRANSLATE_BENCH``, or a folder of the user's cache."""
    return Path(os.environ.get("DOCTRANSLATE_BENCH") or Path.home() / ".cache" / "doctranslate-bench")


def debian_docs(package: str) -> StaticSite:
    """A documentation package as a site.

    Args:
        package: `GIT` or `SKLEARN`.

    Raises:
        NoDocs: There is no apt-get or dpkg here, or it has no such package.
    """
    folder = cache() / package
    html = folder / "usr" / "share" / "doc" / package / "html"
    if not (html / "index.html").is_file():
        for program in ("apt-get", "dpkg"):
            if shutil.which(program) is None:
                raise NoDocs(f"{package} comes from Debian's archive, and there is no {program} here")
        folder.mkdir(parents=True, exist_ok=True)
        _run(["apt-get", "download", package], folder)
        for archive in folder.glob(f"{package}_*.deb"):
            _run(["dpkg", "-x", str(archive), str(folder)], folder)
            archive.unlink()
    return StaticSite(html)


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoDocs(f"{' '.join(command)} fails: {done.stderr.strip().splitlines()[-1:]}")


if __name__ == "__main__":
    from tests.sites.truth import inventory_pages, links_in, walk

    for name in (GIT, SKLEARN):
        site = debian_docs(name)
        truth = walk(links_in(site, skip=SKIP))
        deepest = max(truth.depths.values())
        by_depth = ", ".join(f"{d}: {len(truth.within(d))}" for d in range(deepest + 1))
        n_files = sum(1 for _ in site.folder.rglob("*.html"))
        listed = walk(links_in(site, skip=SKIP), starts={"/", *inventory_pages(site.folder / "objects.inv")})
        print(
            f"{name}: {n_files} files of HTML; pages within depth {by_depth}; {len(truth.broken)} broken links; "
            f"with objects.inv, depth 0: {len(listed.within(0))}, depth 1: {len(listed.within(1))}"
        )
