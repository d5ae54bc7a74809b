"""Why a program ended as it did: by itself, by an exception, or because it cannot run here at all."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass

from doctranslate.verification.sandbox import SandboxRun

_TRACEBACK = "Traceback (most recent call last):"
# What programs and git say when there is no network.
_NETWORK = re.compile(
    r"Could not resolve host|Network is unreachable|Temporary failure in name resolution"
    r"|Name or service not known|No address associated with hostname|NameResolutionError|Max retries exceeded with url"
    r"|unable to access 'https?:|Cannot assign requested address",
    re.IGNORECASE,
)
# How Python ends with an exception: with 1, by SIGINT, or with what a shell makes of that.
_UNCAUGHT = (1, -signal.SIGINT, 128 + signal.SIGINT)
_DISPLAY = re.compile(
    r"no display name and no \$DISPLAY|could not connect to display|cannot connect to X server", re.I
)


@dataclass(frozen=True)
class Failure:
    """An exception that nothing caught.

    Attributes:
        kind: Its qualified name, as a traceback shows it.
        message: Its first line.
        trace: The whole traceback.
    """

    kind: str
    message: str
    trace: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}" if self.message else self.kind


def uncaught(run: SandboxRun) -> Failure | None:
    """The exception that ended a run, None when none did: a traceback may be printed and the run go on."""
    if run.returncode not in _UNCAUGHT:
        return None
    found = None
    before, *blocks = run.stderr.split(_TRACEBACK)
    for block in blocks:
        # What Python could not do while it shut down is no end of a program.
        if not before.rstrip().rpartition("\n")[2].startswith("Exception ignored in"):
            found = _exception(block) or found
        before = block
    return found


def _exception(block: str) -> Failure | None:
    """The exception that a traceback ends with."""
    for line in block.splitlines()[1:]:
        if line and not line[0].isspace():
            kind, _, message = line.partition(":")
            if re.fullmatch(r"[A-Za-z_][\w.]*", kind):
                return Failure(kind, message.strip(), _TRACEBACK + block)
            return None
    return None


def why_not_here(run: SandboxRun) -> str:
    """Why a program cannot run here, in the words of a report; "" when it can, whatever its exit status."""
    if run.stopped:
        return f"it was stopped: {run.stopped}"
    if run.returncode == 0:
        return ""
    last = next((line for line in reversed(run.stderr.splitlines()) if line.strip()), "").strip()
    failure = uncaught(run)
    if failure is None:
        if run.returncode == 2 and re.search(r"^usage:", run.stderr, re.IGNORECASE | re.MULTILINE):
            return f"it needs arguments ({last})"
        return "it needs the network" if _NETWORK.search(run.stderr) else ""
    if failure.kind in {"IndexError", "ValueError"} and "argv" in failure.trace:
        return f"it needs arguments ({failure})"
    if failure.kind in {"ModuleNotFoundError", "ImportError"}:
        return f"a module is missing ({failure.message})"
    if failure.kind == "EOFError" and "reading a line" in failure.message:
        return "it reads standard input"
    if failure.kind == "KeyError" and "environ" in failure.trace:
        return f"it needs the environment variable {failure.message}"
    if _DISPLAY.search(run.stderr):
        return "it needs a display"
    if _NETWORK.search(failure.trace):
        return f"it needs the network ({failure.kind})"
    return ""
