"""The switch that forbids real calls is on in the whole suite."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pytest_socket import SocketConnectBlockedError

from doctranslate.config import is_offline
from doctranslate.engines.model import ModelEngine
from doctranslate.errors import ConfigError

from .engines.samples import JOB, PROMPT

AWAY = "192.0.2.1"  # an address that documentation has to itself: nobody is there
ROOT = Path(__file__).resolve().parents[1]
_watching: list[list[tuple[str, Any]]] = []


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo") and _watching:
        _watching[-1].append((event, args[1] if event != "socket.getaddrinfo" else args[0]))


sys.addaudithook(
    _hook
)  # what the interpreter itself says of connections; there is no way to take it off again


@contextmanager
def tried() -> Iterator[list[tuple[str, Any]]]:
    """Every connection and look-up that is tried by this process meanwhile."""
    _watching.append([])
    try:
        yield _watching[-1]
    finally:
        _watching.pop()


def test_tried_when_a_connection_is_tried_then_it_is_seen() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        with tried() as found:
            socket.create_connection(address).close()
    assert ("socket.connect", address) in found


def test_suite_when_a_test_runs_then_the_switch_is_on(pytestconfig: pytest.Config) -> None:
    assert is_offline()
    assert os.environ["DOCTRANSLATE_OFFLINE"] == "1"
    assert pytestconfig.getoption("--disable-socket")
    assert not pytestconfig.getoption("--force-enable-socket")
    assert set(pytestconfig.getoption("--allow-hosts").split(",")) == {"127.0.0.1", "::1", "localhost"}


@pytest.mark.filterwarnings("ignore:A test tried")
@pytest.mark.parametrize("host", [AWAY, "2001:db8::1", "10.0.0.1", "169.254.169.254"])
def test_suite_when_an_address_is_not_loopback_then_no_connection_is_tried(host: str) -> None:
    with tried() as found, pytest.raises(SocketConnectBlockedError):
        socket.create_connection((host, 443), timeout=5)
    assert not [event for event, _ in found if event != "socket.getaddrinfo"]


@pytest.mark.filterwarnings("ignore:A test tried")
def test_suite_when_the_real_client_is_used_then_no_connection_is_tried() -> None:
    import openai

    client = openai.OpenAI(base_url=f"http://{AWAY}/v1", api_key="none", max_retries=0, timeout=5)
    with client, tried() as found, pytest.raises(Exception) as caught:
        client.models.list()
    chain = [caught.value, caught.value.__cause__, caught.value.__context__]
    assert any(isinstance(each, SocketConnectBlockedError) for each in chain)
    assert not [event for event, _ in found if event != "socket.getaddrinfo"]


@pytest.mark.parametrize(
    "url", [f"http://{AWAY}/v1", "https://api.openai.com/v1", "http://127.0.0.1.example.com/v1"]
)
def test_engine_when_calls_are_forbidden_then_not_even_a_name_is_looked_up(url: str) -> None:
    engine = ModelEngine("openai:fake", base_url=url, api_key="none", max_retries=0, timeout_s=5)
    with tried() as found, pytest.raises(ConfigError, match="DOCTRANSLATE_OFFLINE"):
        engine.rewrite(PROMPT, JOB)
    assert found == []


def test_suite_when_searched_then_no_test_takes_the_guard_of_sockets_off() -> None:
    takes_off = re.compile(r"enable_socket\b|socket_enabled\b|allow_hosts\(")
    files = [path for path in sorted((ROOT / "tests").rglob("*.py")) if path != Path(__file__).resolve()]
    assert len(files) > 100
    assert [path for path in files if takes_off.search(path.read_text(encoding="utf-8"))] == []
