import os
import subprocess
import sys
import time

import pytest
from benchmarks.processes import Memory, descendants, resident

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are told by /proc")

# A process that holds 60 MB, and starts one that holds 30.
CODE = """
import subprocess, sys
held = bytearray(b"x" * 60_000_000)
child = "held = bytearray(b'x' * 30_000_000); print('ready', flush=True); input()"
with subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.PIPE) as process:
    input()
    process.communicate(b"\\n")
"""


def test_memory_of_a_process_and_its_child_is_told_apart():
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", CODE], stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"  # of the child
        with Memory(process.pid) as memory:
            until = time.monotonic() + 30
            while not memory.samples and time.monotonic() < until:
                time.sleep(0.05)
        assert len(descendants(process.pid)) == 1
        assert process.pid in descendants(os.getpid())
        process.communicate("\n")
    assert memory.peak_own > 60_000_000
    assert memory.peak_tree > memory.peak_own + 30_000_000
    assert 90_000_000 < memory.peak_fair <= memory.peak_tree
    assert resident(process.pid) == 0
