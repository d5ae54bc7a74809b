"""Measures what becomes of bad replies and of secrets, and what a draft by the rules saves.

``python -m benchmarks.replies [replies] [secrets] [draft] [--write]`` prints Markdown tables, and with ``--write`` puts
them into ``docs/benchmarks/models.md``. The model is a server in this process (``tests.model_server``) with
answers given up front; the client is the shipped one, over real HTTP. No figure here says how good a model is.
"""

from __future__ import annotations

import argparse
import ast
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.tables import put_table, table
from tests.engines.replies import ReplyCase
from tests.engines.replies import load as load_replies
from tests.model_server import Answer, chat, serve
from tests.privacy.planted import PLANTED
from tests.translation.corpus import programs

from doctranslate import ScriptedEngine, Translation, translate
from doctranslate.engines.model import ModelEngine
from doctranslate.errors import MalformedReplyError
from doctranslate.prompts.build import translation_prompt
from doctranslate.records import Job, Prompt, Retrieved

PAGE = Path(__file__).resolve().parents[1] / "docs/benchmarks/models.md"


# ---------------------------------------------------------------------- replies
def replies() -> str:
    """Each reply of the collection as a model's first answer, and a right program as its second."""
    rows: dict[str, Counter[str]] = {}
    wrong: list[str] = []
    for case in load_replies():
        found = _outcome(case)
        row = rows.setdefault(case.kind, Counter())
        row["replies"] += 1
        row[found] += 1
        if found != case.expected:
            wrong.append(f"{case.name}: {found}, expected {case.expected}")
    names = ("accepted", "merged", "repaired", "refused", "broken code reported as good")
    lines = [
        (kind, row["replies"], *(row[name] or "" for name in names)) for kind, row in sorted(rows.items())
    ]
    total = sum(rows.values(), Counter())
    lines.append(("all", total["replies"], *(total[name] or "0" for name in names)))
    told = "As expected: all." if not wrong else "NOT as expected: " + "; ".join(wrong)
    return f"{table(('kind', 'replies', *names), lines)}\n\n{told}"


def _outcome(case: ReplyCase) -> str:
    """What becomes of a reply; the second, when it is asked for, is right unless the case is to be refused."""
    second = case.reply if case.expected == "refused" else f"```python\n{case.source}```"
    with serve([chat(case.reply), chat(second)]) as fake, tempfile.TemporaryDirectory() as folder:
        os.environ["DOCTRANSLATE_CACHE"] = folder
        engine = ModelEngine("openai:fake", base_url=fake.url, max_retries=0)
        try:
            prompt = translation_prompt(case.source, src="gitpython", dst="dvc", retrieved=Retrieved())
            found = engine.rewrite(prompt, Job(case.source, "gitpython", "dvc"))
        except MalformedReplyError as exc:
            return "refused" if exc.reply else "refused, and the reply is lost"
        if len(fake.requests) == 2:
            return "repaired"
    if not _is_whole(found.code, case):
        return "broken code reported as good"
    return "merged" if case.expected == "merged" else "accepted"


def _is_whole(code: str, case: ReplyCase) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return code.replace("\r\n", "\n") == case.code.replace("\r\n", "\n")


# ---------------------------------------------------------------------- secrets
def secrets() -> str:
    """Each planted program translated by a model that gives back what it was given."""
    rows = []
    for planted in PLANTED:

        def answer(body: dict[str, Any]) -> Answer:
            if "response_format" in body:
                return chat('{"queries": ["add a remote"], "documents": []}')
            text = str(body["messages"][1]["content"])
            return chat("```python\n" + text.partition("<program>\n")[2].partition("</program>")[0] + "```")

        with serve(answer) as fake, tempfile.TemporaryDirectory() as folder:
            os.environ["DOCTRANSLATE_CACHE"] = folder
            engine = ModelEngine("openai:fake", base_url=fake.url, max_retries=0)
            found = translate(planted.program, "gitpython", "dvc", "llm-docs", engine=engine, repair=1)
            bodies = str(fake.requests)
            on_disk = b"".join(path.read_bytes() for path in Path(folder).rglob("*") if path.is_file())
        n_sent = sum(secret in bodies for secret in planted.secrets)
        n_kept = sum(secret.encode() in on_disk for secret in planted.secrets)
        rows.append((len(planted.secrets), n_sent, n_kept, found.code == planted.program, len(fake.requests)))
    total = [sum(int(row[n]) for row in rows) for n in range(5)]
    return table(
        (
            "programs, a kind of secret each",
            "secrets",
            "in a request",
            "in log or cache",
            "programs back whole",
            "requests",
        ),
        [(len(rows), *total)],
    )


# ---------------------------------------------------------------------- draft
def draft() -> str:
    """Calls and prompt tokens over the programs of the corpus, with and without a draft by the rules."""
    rows = []
    every = programs()
    for strategy in ("docs", "llm-docs"):
        for with_draft in (False, True):
            found = [_translated(program.source, strategy, with_draft=with_draft) for program in every]
            n_calls = sum(each.usage.n_calls for each in found)
            n_tokens = sum(each.prompt.n_tokens for each in found if each.prompt and each.usage.n_calls)
            n_none = sum(each.usage.n_calls == 0 for each in found)
            rows.append(
                (strategy, "yes" if with_draft else "no", len(found), n_none, n_calls, f"{n_tokens:,}")
            )
    return table(
        (
            "strategy",
            "draft",
            "programs",
            "of them without a call",
            "calls",
            "tokens of the translation prompts",
        ),
        rows,
    )


def _translated(code: str, strategy: str, *, with_draft: bool) -> Translation:
    def rewrite(prompt: Prompt, job: Job) -> str:
        return f"```python\n{job.draft or job.code}```"

    def counterpart(prompt: Prompt, documents: object) -> str:
        return '{"queries": ["push data to a remote"], "documents": []}'

    engine = ScriptedEngine(rewrite, counterparts=counterpart)
    return translate(
        code,
        "gitpython",
        "dvc",
        strategy,  # type: ignore[arg-type] # one of the names
        engine=engine,
        draft=with_draft,
        repair=0,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", choices=["replies", "secrets", "draft"], metavar="WHAT")
    parser.add_argument("--write", action="store_true", help="put the tables into the page")
    options = parser.parse_args(arguments)
    os.environ["DOCTRANSLATE_OFFLINE"] = "1"
    for name in options.what or ["replies", "secrets", "draft"]:
        text = {"replies": replies, "secrets": secrets, "draft": draft}[name]()
        print(f"\n{name}\n\n{text}", flush=True)
        if options.write:
            put_table(PAGE, name, text)


if __name__ == "__main__":
    main()
