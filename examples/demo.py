"""Translate the example programs, then run one of them for real: what ``make demo`` shows."""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from doctranslate import DocTranslateError, Translation, build_store, open_store, translate

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # the scenarios are a package of the checkout

from examples.scenarios import SCENARIOS, Scenario, git  # noqa: E402

SHOWN = "fig09_large_file.py"
RUN = "fig09_large_file"
console = Console(highlight=False, soft_wrap=True)


def main() -> int:
    """Run the demonstration; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "program", nargs="?", default=SHOWN, help="example to show in full (default: the paper's Fig. 9)"
    )
    parser.add_argument("--strategy", default="llm-docs", choices=["llm-docs", "docs", "llm"])
    chosen = parser.parse_args()
    started = time.monotonic()
    for name in ("gitpython", "dvc"):
        _stores(name)
    programs = sorted(path for path in HERE.glob("*.py") if path.name != "demo.py")
    found = {path.name: _translate(path, chosen.strategy) for path in programs}
    if chosen.program not in found:
        console.print(f"no example {chosen.program!r}; there are: {', '.join(found)}")
        return 2
    _show(found[chosen.program])
    _table(found)
    ok = _run(next(s for s in SCENARIOS if s.name == RUN), found[SHOWN])
    next_step = "doctranslate translate FILE --src gitpython --dst dvc --diff"
    console.print(f"\nDone in {time.monotonic() - started:.1f} s. Next: [bold]{next_step}[/]")
    return 0 if ok and all(t.report.ok for t in found.values()) else 1


def _stores(name: str) -> None:
    try:
        open_store(name, build=False).close()
    except DocTranslateError:
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task(f"Building the document store of {name} (once)", total=None)
            build_store(
                name,
                progress=lambda _stage, done, total: bar.update(task, completed=done, total=total or None),
            )


def _translate(path: Path, strategy: str) -> Translation:
    code = path.read_text(encoding="utf-8")
    return translate(code, src="gitpython", dst="dvc", strategy=strategy, engine="offline", path=path.name)  # type: ignore[arg-type]


def _show(found: Translation) -> None:
    console.rule(
        f"{found.path}: {found.src} → {found.dst} (strategy {found.strategy}, engine {found.engine})"
    )
    console.print(Syntax(found.diff(), "diff", theme="ansi_dark", background_color="default"))
    console.print("[bold]Documentation behind each new call[/]")
    for citation in found.citations:
        where = citation.uris[0] if citation.uris else "not backed by any document"
        how = "" if citation.retrieved or not citation.uris else " (looked up by name)"
        console.print(Text(f"  line {citation.line:3}  {citation.symbol}\n            {where}{how}"))
    console.print("\n[bold]Report[/]")
    console.print(Text("  " + str(found.report).replace("\n", "\n  ")))
    for item in (*found.bridged, *found.unresolved):
        console.print(Text(f"  line {item.line}: {item.code}: {item.reason}"))
    for note in found.notes:
        console.print(Text(f"  note, line {note.line}: {note.message}"))


def _table(found: dict[str, Translation]) -> None:
    table = Table(
        "program",
        "checks",
        "calls documented",
        "left on GitPython",
        "notes",
        title="All examples",
        title_justify="left",
    )
    for name, each in found.items():
        passed = sum(check.outcome == "pass" for check in each.report.checks)
        backed = sum(bool(citation.chunk_ids) for citation in each.citations)
        table.add_row(
            name,
            f"{passed} of {len(each.report.checks)} pass",
            f"{backed} of {len(each.citations)}",
            str(len(each.bridged) + len(each.unresolved)),
            str(len(each.notes)),
        )
    console.print()
    console.print(table)


def _run(scenario: Scenario, found: Translation) -> bool:
    """Run the translation in a scratch repository with a git remote and a data remote, and look at what it left."""
    console.rule("Running the translated Fig. 9 in a scratch git + DVC repository")
    if shutil.which("git") is None:
        console.print("git is not installed: skipped")
        return True
    with tempfile.TemporaryDirectory(prefix="doctranslate-demo-") as folder:
        root = Path(folder) / "world"
        scenario.start(root)
        done = scenario.run(found.code, root)
        console.print(Text(f"$ python {found.path}   → exit code {done.returncode}"))
        if done.returncode:
            console.print(Text(done.stderr))
            return False
        work = root / "work"
        for title, words in (
            ("git log --oneline --decorate", ("log", "--oneline", "--decorate")),
            ("git ls-files", ("ls-files",)),
            ("git show HEAD:data/large_file.bin.dvc", ("show", "HEAD:data/large_file.bin.dvc")),
        ):
            console.print(Text(f"$ {title}", style="bold"))
            console.print(Text("  " + git(root, work, *words).strip().replace("\n", "\n  ")))
        remote = scenario.state(root).origin
        # What a fresh clone with an empty cache brings, after `dvc pull`.
        back = remote.clone.get("data/large_file.bin") if remote and remote.clone else None
        size = f"{back.size:,} bytes" if back is not None else "missing"
        here = hashlib.sha256((work / "data/large_file.bin").read_bytes()).hexdigest()
        same = back is not None and back.hash == here
        console.print(Text("$ git clone …; dvc pull", style="bold"))
        verdict = "identical" if same else "NOT identical"
        console.print(Text(f"  data/large_file.bin is back from the data remote: {size}, {verdict}"))
        return same


if __name__ == "__main__":
    raise SystemExit(main())
