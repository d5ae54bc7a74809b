"""Has the state of a world read, inside a sandbox: asking git and DVC about a repository runs what is in it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

from doctranslate.errors import VerificationError
from doctranslate.verification.equivalence.state import WorldState, parse_state
from doctranslate.verification.equivalence.world import FIXED_TIME, addresses, environment
from doctranslate.verification.sandbox import Limits, Sandbox, SandboxRun

_HERE = Path(__file__).resolve().parent
READER_OUTPUT_BYTES = 256 * 2**20


def reader_limits(given: Limits) -> Limits:
    """What reading may use up: as much as the programs, and never less than the usual."""
    usual = replace(Limits(), output_bytes=READER_OUTPUT_BYTES)
    names = [each.name for each in fields(Limits)]
    return Limits(**{name: max(getattr(given, name), getattr(usual, name)) for name in names})


class UnreadableError(VerificationError):
    """What a program left is not what git and DVC can read: the reader ran to its end, and complained."""


def ask(script: str, root: Path, *, sandbox: Sandbox, request: object) -> SandboxRun:
    """Run a module of ``reading`` on a world. It is found without doctranslate being readable there.

    Args:
        script: Its name.
        root: The world.
        sandbox: Where it runs.
        request: What it reads from standard input, as JSON.
    """
    code = f"import sys; sys.path.append({str(_HERE)!r}); from reading.{script} import main; main()"
    return sandbox.run(
        [sys.executable, "-I", "-c", code],
        workspace=root,
        cwd=root,
        env=environment(root) | addresses(root),
        readable=[_HERE / "reading"],
        stdin=json.dumps(request).encode(),
    )


def read_world(
    root: Path,
    *,
    sandbox: Sandbox,
    known: Sequence[str] = (),
    began: int | None = None,
    ended: int | None = None,
    local_config: str = "",
    asks_dvc: bool = True,
) -> WorldState:
    """The state of a world.

    Args:
        root: Its folder.
        sandbox: Where it is read.
        known: Ids of the commits that were there before the program ran.
        began: Unix time when the program began; now by default.
        ended: Unix time when it ended; now by default.
        local_config: DVC's settings for this machine, which a clone does not bring.
        asks_dvc: Whether to read data and to clone.

    Raises:
        UnreadableError: It cannot be read, with what the reader complained of.
        VerificationError: The reader could not be started, or was stopped; that says nothing of the world.
    """
    now = int(time.time())
    request = {
        "world": str(root),
        "known": list(known),
        "fixed": FIXED_TIME,
        "began": now if began is None else began,
        "ended": now if ended is None else ended,
        "local_config": local_config,
        "asks_dvc": asks_dvc,
    }
    told = ask("__main__", root, sandbox=sandbox, request=request)
    if told.stopped:
        raise VerificationError(f"the reader was stopped: {told.stopped}; give higher limits")
    if told.returncode:
        raise UnreadableError(told.stderr.strip()[-600:] or f"exit status {told.returncode}")
    try:
        return parse_state(json.loads(told.stdout))
    except ValueError as error:
        raise UnreadableError(str(error)) from error
