"""One crawl in a process of its own, so that its time and its memory are nobody else's.

``python -m benchmarks.crawl_child FOLDER SITE_JSON [WORKERS]`` keeps pages in FOLDER and prints a line of JSON now
and then, and one for the whole.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from doctranslate.component import Component
from doctranslate.component_spec import DocSite
from doctranslate.sources.web.source import WebSource


def component(site: DocSite) -> Component:
    """A component that is nothing but a site."""
    return Component(name="site", distribution="site", imports=("site",), docs=(site,))


def main() -> None:
    began = time.monotonic()
    folder, spec, *rest = sys.argv[1:]
    told = -1

    def progress(stage: str, done: int, total: int) -> None:
        nonlocal told
        if done // 20 > told:
            told = done // 20
            print(json.dumps({"done": done, "at": time.monotonic() - began, "stage": stage}), flush=True)

    site = DocSite.model_validate_json(spec)
    workers = {"workers": int(rest[0])} if rest else {}
    report = WebSource(component(site), folder=Path(folder), progress=progress, **workers).crawl()
    print(json.dumps({"seconds": time.monotonic() - began, "report": json.loads(report.model_dump_json())}))


if __name__ == "__main__":
    main()
