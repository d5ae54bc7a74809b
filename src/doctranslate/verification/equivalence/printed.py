"""Compares what two programs print, and how they end."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import replace

from doctranslate.records import Difference
from doctranslate.verification.equivalence.failing import uncaught
from doctranslate.verification.equivalence.policy import Policy
from doctranslate.verification.equivalence.reading.commit_names import Names, blank_ids
from doctranslate.verification.equivalence.state import WorldState
from doctranslate.verification.sandbox import SandboxRun

# What DVC says of its own work; nobody's program asked for it.
_CHATTER = re.compile(
    r"Initialized DVC repository\.|You can now commit the changes to git\.|To track the changes with git, run:"
    r"|\s+git add .*\.dvc.*|To enable auto staging, run:"
    r"|\s+dvc config core\.autostage true|Everything is up to date\.|Cache and remote .* are in sync\."
    r"|\d+ files? (pushed|fetched|added|modified|deleted)( and \d+ files? (added|modified|deleted))*"
    r"|\s*(Adding|Collecting|Pushing|Fetching|Building workspace index|Comparing indexes|Checkout|100% Add).*"
)
# DVC's own files in a listing of paths, with what git says before one.
_BOOKS = re.compile(
    r"\s*([-*]\s+)?([AMDRT?! ]{1,2}\s+)?(\.dvc/[\w./-]+|(\S*/)?(\.dvcignore|\.gitignore|dvc\.lock))"
)
_POINTER = re.compile(r"(?<=[\w-])\.dvc\b")
# Differ from run to run: names of temporary files, addresses of objects, unknown ids, durations.
_CHANGING = (
    (re.compile(r"(/[\w./-]+)?/tmp/[\w.-]+"), "/tmp/<name>"),
    (re.compile(r"\b0x[0-9a-f]{6,}\b"), "<address>"),
    (re.compile(r"(?<![0-9a-zA-Z])[0-9a-f]{40}(?![0-9a-zA-Z])"), "<unknown id>"),
    (re.compile(r"\b\d+(\.\d+)?(e-\d+)?\s?(s|ms|µs|us|seconds?|milliseconds|secs?)\b"), "<duration>"),
)


_DIGITS = re.compile(
    r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*|\d+"
)


def printed_text(run: SandboxRun, state: WorldState) -> str:
    """Standard output, with ids and dates replaced by what they stand for."""
    return Names(state.ids, state.dates).replace(run.stdout)


def compare_printed(
    source_run: SandboxRun,
    source: WorldState,
    translation_run: SandboxRun,
    translation: WorldState,
    policy: Policy,
) -> Iterator[Difference]:
    """How two runs differ in what people see of them: exit status, and standard output.

    Standard error is not compared: what DVC and git say there is worded differently.
    """
    one, other = uncaught(source_run), uncaught(translation_run)
    is_same = source_run.returncode == translation_run.returncode
    if one is not None and other is not None:
        is_same = is_same and policy.same_failure(one.kind, other.kind)
    if not is_same or (one is None) != (other is None):
        yield Difference(
            kind="exit",
            where="exit status",
            source=_ending(source_run),
            translation=_ending(translation_run),
        )
    texts = printed_text(source_run, source), printed_text(translation_run, translation)
    if texts[0] == texts[1]:
        return
    wanted = texts[0].splitlines(keepends=True)
    printed = _without_chatter(texts[1].splitlines(keepends=True), wanted)
    if wanted == printed or _without_changing("".join(wanted)) == _without_changing("".join(printed)):
        return
    yield Difference(kind="stdout", where="standard output", **_parting(wanted, printed))


def surely_differ(source: SandboxRun, translation: SandboxRun, policy: Policy) -> list[Difference]:
    """What differs whatever the programs left: how they end, and what they print but for ids, numbers and times.

    Needs no state, and so is known at once; finds less than `compare_printed`.
    """
    blank = WorldState({}, {}, (), {}, {})
    runs = [replace(run, stdout=_DIGITS.sub("0", blank_ids(run.stdout))) for run in (source, translation)]
    return list(compare_printed(runs[0], blank, runs[1], blank, policy))


def _without_chatter(lines: list[str], wanted: list[str]) -> list[str]:
    """What the translation prints for people, with data under its own name; ``wanted`` is never chatter."""
    kept: list[str] = []
    was_chatter = False
    for line in lines:
        bare = line.rstrip("\r\n")
        if line in wanted and bare:
            kept.append(line)
            was_chatter = False
        elif _CHATTER.fullmatch(bare) or _BOOKS.fullmatch(bare):
            was_chatter = True
        elif bare or not was_chatter:
            data = _POINTER.sub("", line)
            # Where both are listed, git has let the data go and DVC has taken it: one change of one file.
            if data == line or data not in lines:
                kept.append(data)
            was_chatter = False
    return kept


def _ending(run: SandboxRun) -> str:
    failure = uncaught(run)
    if run.stopped:
        return f"stopped: {run.stopped}"
    return f"exit status {run.returncode}" + (f", {failure}" if failure else "")


def _without_changing(text: str) -> str:
    for pattern, stands in _CHANGING:
        text = pattern.sub(stands, text)
    return text


def _parting(one: list[str], other: list[str]) -> dict[str, str]:
    """The lines in which two texts differ."""
    left, right = [], []
    for line in difflib.ndiff(one, other):
        if line.startswith("- "):
            left.append(line[2:])
        elif line.startswith("+ "):
            right.append(line[2:])
    return {"source": _lines(left), "translation": _lines(right)}


def _lines(lines: list[str]) -> str:
    if not lines:
        return "nothing more"
    text = "".join(lines[:8])
    return repr(text[:600]) + ("…" if len(lines) > 8 or len(text) > 600 else "")
