"""A server in a process of its own, until it is stopped: ``python -m tests.model_server --help``."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import signal
from pathlib import Path

from .answers import Answers
from .running import listening
from .service import FakeOpenAI
from .settings import Settings


def main() -> None:
    """Print the address, then serve."""
    options = _parser().parse_args()
    answers: Answers | None = None
    if options.answers:
        module, _, name = options.answers.partition(":")
        answers = getattr(importlib.import_module(module), name)
    settings = Settings(
        latency_s=options.latency_ms / 1000,
        jitter_s=options.jitter_ms / 1000,
        models=tuple(options.model),
        api_key=options.api_key,
        context_window=options.context_window,
        structured=options.structured,
        requests_per_minute=options.requests_per_minute,
        tokens_per_minute=options.tokens_per_minute,
        limit=options.limit,
        burst=options.burst,
        wait_form=options.wait_form,
        troubles={kind: float(share) for kind, _, share in (text.partition("=") for text in options.trouble)},
        seed=options.seed,
        looks=options.looks,
        batch_end=options.batch_end,
        batch_shape=options.batch_shape,
        log=options.log,
        keeps_bodies=False,
    )
    asyncio.run(_run(FakeOpenAI(answers, settings), options.port))


async def _run(fake: FakeOpenAI, port: int) -> None:
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end.set)
    async with listening(fake, port=port):
        print(fake.url, flush=True)
        await end.wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.model_server", description=__doc__)
    add, base = parser.add_argument, Settings()
    add("--port", type=int, default=0, help="0 for a free one; the address is the first line printed")
    add("--latency-ms", type=float, default=0)
    add("--jitter-ms", type=float, default=0)
    add("--model", action="append", default=[], help="a model that it has; none for any name; repeatable")
    add("--api-key", default="", help="the one key that it takes")
    add("--context-window", type=int, default=0, metavar="TOKENS")
    add("--structured", choices=["obey", "refuse", "ignore"], default=base.structured)
    add("--requests-per-minute", type=float, default=0)
    add("--tokens-per-minute", type=float, default=0)
    add("--limit", choices=["window", "bucket"], default=base.limit)
    add("--burst", type=float, default=0, help="what a bucket holds; default a second's worth")
    add("--wait-form", choices=["seconds", "date", "ms", "reset", "none"], default=base.wait_form)
    add("--trouble", action="append", default=[], metavar="KIND=SHARE", help="503=0.01, hang_up=…, cut=…")
    add("--seed", type=int, default=0)
    add("--looks", type=int, default=0, help="at a batch in progress until it is done")
    add("--batch-end", choices=["completed", "expired", "failed"], default=base.batch_end)
    add("--batch-shape", choices=["openai", "bare"], default=base.batch_shape)
    add("--log", type=Path, help="gets a line of JSON for each request when it is over")
    add("--answers", metavar="MODULE:NAME", help="a function of the request's body, or a list of answers")
    return parser


if __name__ == "__main__":
    main()
