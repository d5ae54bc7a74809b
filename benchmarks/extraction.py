"""Counts what of real reference pages survives extraction: ``python benchmarks/extraction.py [FOLDER...] [--write]``.

Without folders, Debian's packages of the documentation of GitPython and scikit-learn are downloaded with apt-get and
unpacked into a temporary folder. What there is to keep is read by Beautiful Soup with Python's own parser, so that a
mistake of ours cannot hide in the count.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from doctranslate.curation.extract import extract
from doctranslate.records import Page

PACKAGES = ("python-git-doc", "python-sklearn-doc")
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks" / "extraction.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


@dataclass(frozen=True, slots=True)
class Truth:
    """What a page holds: its signatures with the name of their object, and its code blocks."""

    signatures: tuple[tuple[str, str], ...]
    code: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What an extractor gives: all text, and the signatures it knows the object of."""

    text: str
    signatures: frozenset[tuple[str, str]] = frozenset()


@dataclass(slots=True)
class Count:
    """One row of the table."""

    n_pages: int = 0
    n_bytes: int = 0
    seconds: float = 0.0
    signatures: list[int] = field(default_factory=lambda: [0, 0, 0])
    code: list[int] = field(default_factory=lambda: [0, 0, 0])
    lost: list[str] = field(default_factory=list)

    def add(self, name: str, html: str, truth: Truth, extractor: Callable[[str], Kept]) -> None:
        """Extract a page, and count."""
        start = time.perf_counter()
        kept = extractor(html)
        self.seconds += time.perf_counter() - start
        self.n_pages += 1
        self.n_bytes += len(html.encode())
        text = _squeezed(kept.text)
        for symbol, signature in truth.signatures:
            there = signature in text
            keyed = (symbol, signature) in kept.signatures
            self.signatures = _plus(self.signatures, there, keyed)
            self.lost += [] if there and keyed else [f"{name}: {symbol}: {signature}"]
        fenced = _fenced(kept.text)
        for code in truth.code:
            self.code = _plus(self.code, code in kept.text, code in fenced)
            self.lost += [] if code in kept.text and code in fenced else [f"{name}: {code[:300]!r}"]


def _plus(count: Sequence[int], *found: bool) -> list[int]:
    return [number + bool(one) for number, one in zip(count, (True, *found), strict=True)]


def _fenced(text: str) -> set[str]:
    return {code for _, code in re.findall(r"^(`{3,})[^`\n]*\n(.*?)\n\1$", text, re.DOTALL | re.MULTILINE)}


def _squeezed(text: str) -> str:
    return " ".join(text.replace("\u2192", "->").split())


def read_truth(html: str) -> Truth:
    """What a page of Sphinx holds."""
    soup = BeautifulSoup(html, "html.parser")
    signatures = []
    for head in soup.select("dl.py > dt"):
        for mark in head.select(".headerlink, .viewcode-link"):
            mark.decompose()
        # An overload has no id: it is of the object above it in its list.
        named = head if head.get("id") else head.find_previous_sibling("dt", id=True) or head
        signatures.append((str(named.get("id", "")), _squeezed(head.get_text())))
    code = [_code(pre) for pre in soup.select("div.highlight pre")]
    return Truth(tuple(signatures), tuple(text for text in code if text.strip()))


def _code(pre: Tag) -> str:
    return pre.get_text().strip("\n")


def ours(html: str) -> Kept:
    """`doctranslate.curation.extract.extract`."""
    pages = extract(Page(uri="https://docs.test/page.html", title="", media_type="text/html", text=html))
    named = frozenset((page.symbol, line) for page in pages for line in page.signatures)
    return Kept("\n".join(page.text for page in pages), named)


def soup_text(html: str) -> Kept:
    """All text of the page, as loaders of documentation that know nothing of it take it."""
    soup = BeautifulSoup(html, "lxml")
    content = soup.select_one("[role=main], main") or soup
    return Kept(content.get_text())


def soup_lines(html: str) -> Kept:
    """The same with a line for each piece of text, the usual way to keep words apart."""
    soup = BeautifulSoup(html, "lxml")
    content = soup.select_one("[role=main], main") or soup
    return Kept(content.get_text("\n", strip=True))


def trafilatura_text(html: str) -> Kept:
    """A general extractor."""
    import trafilatura

    return Kept(trafilatura.extract(html, output_format="markdown", include_tables=True) or "")


def extractors() -> dict[str, Callable[[str], Kept]]:
    """By the name they have in the table."""
    found: dict[str, Callable[[str], Kept]] = {
        "doctranslate": ours,
        "Beautiful Soup, `get_text()`": soup_text,
        "Beautiful Soup, a line for each text": soup_lines,
    }
    if importlib.util.find_spec("trafilatura"):
        found["trafilatura"] = trafilatura_text
    return found


def table(sites: Iterable[tuple[str, Path]], *, verbose: bool) -> Iterator[str]:
    """The lines of the table."""
    yield (
        "| pages | extractor | signatures kept | known whose | code verbatim | known as code | seconds | MB/s |"
    )
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    for name, path in sites:
        files = sorted(path.rglob("*.html")) if path.is_dir() else [path]
        pages = [(str(file), file.read_text(encoding="utf-8", errors="replace")) for file in files]
        truths = [read_truth(html) for _, html in pages]
        for extractor, run in extractors().items():
            count = Count()
            for (page, html), truth in zip(pages, truths, strict=True):
                count.add(page, html, truth, run)
            if verbose and run is ours:
                print("\n".join(count.lost))
            speed = count.n_bytes / 1e6 / max(count.seconds, 1e-9)
            n_signatures, kept, keyed = count.signatures
            n_code, verbatim, known = count.code
            yield (
                f"| {name} ({count.n_pages:,}) | {extractor} | {kept:,} of {n_signatures:,} | {keyed:,} "
                f"| {verbatim:,} of {n_code:,} | {known:,} | {count.seconds:.2f} | {speed:.1f} |"
            )


def download(folder: Path) -> list[tuple[str, Path]]:
    """Debian's packages of documentation, unpacked."""
    subprocess.run(["apt-get", "download", "-q", *PACKAGES], cwd=folder, check=True, capture_output=True)
    sites = []
    for package in PACKAGES:
        archive = next(folder.glob(f"{package}_*.deb"))
        subprocess.run(["dpkg", "-x", archive, folder / package], check=True)
        sites.append((f"`{package}` {archive.name.split('_')[1]}", folder / package))
    reference = next((folder / PACKAGES[0]).rglob("reference.html"))
    return [("GitPython's reference page", reference), *sites]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="*", type=Path, help="folders of HTML files, or single files")
    parser.add_argument("--write", action="store_true", help=f"write the table into {PAGE.name}")
    parser.add_argument("--lost", action="store_true", help="list what is lost")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        if not args.folder and not (shutil.which("apt-get") and shutil.which("dpkg")):
            parser.error("there is no apt-get here: name a folder of HTML files")
        sites = [(path.name, path) for path in args.folder] or download(Path(temporary))
        text = "\n".join(table(sites, verbose=args.lost))
    print(text)
    if args.write:
        before, after = PAGE.read_text().split(BEGIN)[0], PAGE.read_text().split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


if __name__ == "__main__":
    main()
