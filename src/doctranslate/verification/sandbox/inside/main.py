"""Where the process starts: read the order, enter namespaces when they are to be made here, supervise."""

from __future__ import annotations

import json
import os
import signal
import sys

from . import linux, mounts, supervise


def main() -> None:
    """Read the order from the descriptor that is the first argument; answer on the second."""
    source, status = int(sys.argv[1]), int(sys.argv[2])
    with os.fdopen(source, "rb") as file:
        order = json.load(file)
    os.set_inheritable(status, False)
    try:
        if not order["own_processes"] or order["view"]:
            # The caller's death ends all. As process 1 of a namespace bubblewrap sees to it.
            linux.prctl(
                linux.PR_SET_PDEATHSIG, signal.SIGTERM if not order["own_processes"] else signal.SIGKILL
            )
            if os.getppid() != order["parent"]:
                os._exit(125)
        if order["view"]:
            mounts.enter(order["view"])
        supervise.supervise(order, status)
    except Exception as exc:
        os.write(status, json.dumps({"error": f"{type(exc).__name__}: {exc}"}).encode() + b"\n")
        os._exit(125)
