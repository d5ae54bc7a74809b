"""Condenses made-up chunks by a model, in a process of its own that can be measured, or killed.

``python -m benchmarks.calls_child ADDRESS N WORKERS [RPM]`` prints one JSON object: seconds, processor seconds, peak
memory in MiB after a tenth of the calls and at the end, what came of the calls, and a hash of all digests.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time

from doctranslate.curation.build import curate
from doctranslate.engines.model import ModelEngine
from doctranslate.records import Page

_WORDS = (
    "repository",
    "branch",
    "commit",
    "remote",
    "index",
    "tag",
    "tree",
    "head",
    "reference",
    "pull",
    "fetch",
)


def page(n: int) -> Page:
    """A documented object, of the usual length, that no other is like."""
    about = " ".join(_WORDS[(n * 7 + i * (n % 11 + 1)) % len(_WORDS)] for i in range(120))
    return Page(
        uri=f"pypi:made-up==1.0#lib.function_{n}",
        title=f"lib.function_{n}",
        symbol=f"lib.function_{n}",
        kind="api",
        text=f"Does thing number {n}. {about}.",
        signatures=(f"function_{n}(path, force=False)",),
    )


def main() -> None:
    """Condense, and tell what it took."""
    address, n, workers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rpm = float(sys.argv[4]) if len(sys.argv) > 4 else None
    engine = ModelEngine(
        "openai:made-up",
        base_url=address,
        max_workers=workers,
        requests_per_minute=rpm,
        max_retries=20,
    )
    peaks: list[float] = []
    began: list[tuple[float, float]] = []

    def tell(stage: str, done: int, total: int) -> None:
        if stage == "condense" and not began:  # the pages are split, nothing is asked yet
            began.append((time.monotonic(), time.process_time()))
        if stage == "condense" and done >= total / 10 and not peaks:
            peaks.append(_peak_mib())

    pages = [page(number) for number in range(n)]
    print("ready", flush=True)
    curated = curate(
        pages, engine.condense, engine_name=engine.name, prompt_hash=engine.condense_hash, progress=tell
    )
    seconds, cpu_s = time.monotonic() - began[0][0], time.process_time() - began[0][1]
    text = "\n".join(digest.model_dump_json() for digest in curated.digests)
    print(
        json.dumps(
            {
                "seconds": seconds,
                "cpu_s": cpu_s,
                "peak_early_mib": peaks[0] if peaks else 0.0,
                "peak_mib": _peak_mib(),
                "by_model": sum(digest.engine == engine.name for digest in curated.digests),
                "hash": hashlib.sha256(text.encode()).hexdigest(),
            }
        ),
        flush=True,
    )


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
