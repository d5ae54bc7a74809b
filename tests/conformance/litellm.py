"""LiteLLM's proxy as a process: one for all workers of a test run, which ends when none of them needs it.

It takes some fifteen seconds of a core to start. Whoever uses it holds a shared lock on a file; ``python -m`` this
module watches the lock, and stops the proxy as soon as nobody has it, however they ended.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from .replies import litellm_models

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".make/litellm-venv/bin/litellm"
READY_S = 300
_POLL_S = 0.5


@dataclass(frozen=True)
class Proxy:
    """Where it is, and the key that it takes."""

    url: str
    key: str


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Proxy]:
    """The proxy, started unless another worker has done it.

    Args:
        folder: Shared by the workers of a test run.
    """
    folder.mkdir(exist_ok=True)
    keeper: subprocess.Popen[bytes] | None = None
    try:
        with (folder / "users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            with (folder / "starting").open("a") as starting:
                fcntl.flock(starting, fcntl.LOCK_EX)
                if not (folder / "address").exists():
                    keeper, address = _start(folder)
                    (folder / "address").write_text(json.dumps(asdict(address)))
            yield Proxy(**json.loads((folder / "address").read_text()))
    finally:
        if keeper is not None:
            keeper.wait()  # for the others too


def _start(folder: Path) -> tuple[subprocess.Popen[bytes], Proxy]:
    key = f"sk-{secrets.token_hex(24)}"
    config = {
        "model_list": litellm_models(),
        "general_settings": {"master_key": key},
        "router_settings": {"num_retries": 0},
        "litellm_settings": {"num_retries": 0, "telemetry": False},
    }
    (folder / "config.yaml").write_text(json.dumps(config))  # YAML all the same
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", __name__, str(folder), str(port)]
    keeper = subprocess.Popen(command, cwd=ROOT, start_new_session=True, stdin=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + READY_S
    while not _answers(f"{url}/health/liveliness"):
        if keeper.poll() is not None or time.monotonic() > deadline:
            keeper.kill()
            keeper.wait()
            said = (folder / "log").read_text(errors="replace")[-3_000:]
            raise RuntimeError(f"LiteLLM's proxy did not start:\n{said}")
        time.sleep(_POLL_S)
    return keeper, Proxy(f"{url}/v1", key)


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=10) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def main(folder: Path, port: str) -> None:
    """Run the proxy until nobody uses it."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    environment = {
        **kept,
        "HOME": str(folder),
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else it is fetched from the network
        "LITELLM_MODE": "PRODUCTION",  # reads no .env file
        "NO_DOCS": "True",
    }
    command = [str(PROGRAM), "--config", str(folder / "config.yaml"), "--host", "127.0.0.1", "--port", port]
    with (folder / "log").open("wb") as log, (folder / "users").open("a") as users:
        proxy = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            while proxy.poll() is None:
                time.sleep(_POLL_S)
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
        finally:
            # Still under the lock: who comes now finds no address, and starts another one.
            (folder / "address").unlink(missing_ok=True)
            proxy.kill()  # it has nothing to keep, and would first wait for its slow answers
            proxy.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
