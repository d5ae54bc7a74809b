"""Crawl documentation sites: those of the components named, of an address, or of every described component.

``doctranslate crawl`` as a script over the public API, to be copied and changed. The pages are kept for the next
``doctranslate build COMPONENT --source web``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from doctranslate import DocTranslateError, components, crawl


def parser() -> argparse.ArgumentParser:
    """The options of the script."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("targets", nargs="*", metavar="COMPONENT|URL", help="such as dvc, or https://…")
    made.add_argument("--depth", type=int, help="links away from a starting point")
    made.add_argument("--render", choices=("auto", "http", "browser"), help="whether a browser reads pages")
    made.add_argument("--workers", type=int, default=16, help="pages that are read at the same time")
    made.add_argument("--webdriver-url", help="remote WebDriver or Selenium Grid")
    made.add_argument("--reports", type=Path, help="folder for what became of each page, as JSON")
    return made


def main(arguments: list[str]) -> int:
    """Crawl one after the other; returns the exit code of the first failure, after all were tried."""
    given = parser().parse_args(arguments)
    exit_code = 0
    for target in given.targets or [component.name for component in components() if component.docs]:
        try:
            report = crawl(
                target,
                depth=given.depth,
                render=given.render,
                workers=given.workers,
                webdriver_url=given.webdriver_url,
            )
        except DocTranslateError as exc:
            sys.stderr.write(f"{target}: {exc}\n")
            exit_code = exit_code or exc.exit_code
            continue
        except KeyboardInterrupt:
            sys.stderr.write(f"{target}: stopped; what was fetched is kept: run it again to go on\n")
            return 130
        sys.stdout.write(f"{report}\n")
        if given.reports is not None:
            given.reports.mkdir(parents=True, exist_ok=True)
            (given.reports / f"{report.component}.json").write_text(
                report.model_dump_json(indent=2) + "\n", encoding="utf-8"
            )
    return exit_code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
