"""Build document stores anew where something has changed: those named, or those of every curated pair.

``doctranslate build`` as a script over the public API, to be copied and changed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from doctranslate import BuildReport, DocTranslateError, build_store, plan_build
from doctranslate.rules import pairs


def parser() -> argparse.ArgumentParser:
    """The options of the script."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("names", nargs="*", metavar="COMPONENT", help="such as dvc or dvc==3.60.0")
    made.add_argument(
        "--source", action="append", choices=("package", "folder", "web"), help="may be repeated"
    )
    made.add_argument(
        "--folder", action="append", type=Path, default=[], help="documentation to read besides"
    )
    made.add_argument(
        "--url", action="append", default=[], help="site to read in place of the described ones"
    )
    made.add_argument("--engine", default="offline", help="offline, or provider:model")
    made.add_argument("--embedder", default="lsa", help="lsa, or a LangChain name")
    made.add_argument(
        "--workers", type=int, default=16, help="pages of a site that are read at the same time"
    )
    made.add_argument("--webdriver-url", help="remote WebDriver or Selenium Grid")
    made.add_argument("--stores", type=Path, help="folder of the stores")
    made.add_argument("--force", action="store_true", help="write even when nothing has changed")
    made.add_argument("--dry-run", action="store_true", help="tell what it would do and cost; write nothing")
    return made


def main(arguments: list[str]) -> int:
    """Build the stores one after the other; returns the exit code."""
    given = parser().parse_args(arguments)
    settings: dict[str, Any] = {
        "sources": given.source,
        "folders": given.folder,
        "urls": given.url,
        "engine": given.engine,
        "embedder": given.embedder,
        "workers": given.workers,
        "webdriver_url": given.webdriver_url,
        "stores": given.stores,
        "force": given.force,
    }
    for name in given.names or sorted({name for pair in pairs() for name in pair}):
        try:
            if given.dry_run:
                sys.stdout.write(f"{plan_build(name, **settings)}\n")
            else:
                build_store(name, **settings, on_report=_tell).close()
        except DocTranslateError as exc:
            sys.stderr.write(f"{name}: {exc}\n")
            return exc.exit_code
        except KeyboardInterrupt:
            sys.stderr.write(
                f"{name}: stopped; what was fetched and condensed is kept: run it again to go on\n"
            )
            return 130
    return 0


def _tell(report: BuildReport) -> None:
    sys.stderr.write(f"{report}\n")
    sys.stdout.write(f"{report.path}  {report.n_chunks} documents\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
