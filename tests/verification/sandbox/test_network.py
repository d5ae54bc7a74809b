"""Attempts to reach a server outside: it must not hear a byte."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from doctranslate.verification.sandbox import WayName

from .conftest import Run

Listen = Callable[[int, int, object], socket.socket]

TALK = """
import socket, sys
family, kind, address = eval(sys.argv[1])
try:
    with socket.socket(family, kind) as s:
        s.settimeout(5)
        s.connect(address)
        s.send(b"leak")
        print("sent")
except OSError as exc:
    print("refused", exc)
"""


@pytest.fixture
def listen() -> Iterator[Listen]:
    """Opens servers that hear nothing for ever unless somebody talks."""
    with ExitStack() as stack:

        def open_server(family: int, kind: int, address: object) -> socket.socket:
            server = stack.enter_context(socket.socket(family, kind))
            server.bind(address)  # type: ignore[arg-type]
            if kind == socket.SOCK_STREAM:
                server.listen()
            server.setblocking(False)
            return server

        yield open_server


def heard(server: socket.socket) -> bool:
    """Whether anybody has come."""
    try:
        if server.type == socket.SOCK_STREAM:
            server.accept()[0].close()
        else:
            server.recv(10)
    except BlockingIOError:
        return False
    return True


def servers(listen: Listen, where: Path) -> dict[str, socket.socket]:
    """A server of each kind that programs of this machine can reach."""
    abstract = f"\0doctranslate-{os.getpid()}-{where.parent.name}"
    return {
        "tcp": listen(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
        "udp": listen(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
        "unix stream": listen(socket.AF_UNIX, socket.SOCK_STREAM, str(where / "stream")),
        "unix datagram": listen(socket.AF_UNIX, socket.SOCK_DGRAM, str(where / "datagram")),
        "abstract stream": listen(socket.AF_UNIX, socket.SOCK_STREAM, abstract),
        "abstract datagram": listen(socket.AF_UNIX, socket.SOCK_DGRAM, abstract + "d"),
    }


def target(server: socket.socket) -> str:
    """What to connect to, as Python text."""
    return repr((int(server.family), int(server.type), server.getsockname()))


def test_sockets_when_unprotected_then_servers_hear(listen: Listen, run: Run, workspace: Path) -> None:
    for name, server in servers(listen, workspace).items():
        assert run("none", TALK, target(server)).stdout == "sent\n", name
        assert heard(server), name


def test_sockets_when_server_outside_then_it_hears_nothing(
    closed: WayName, listen: Listen, run: Run, tmp_path: Path
) -> None:
    outside = tmp_path / "o"
    outside.mkdir()
    for name, server in servers(listen, outside).items():
        done = run(closed, TALK, target(server))
        # A datagram may be sent on the program's own network, where nobody is.
        assert done.stdout.startswith("refused") or (name == "udp" and closed != "landlock"), (name, done)
        assert not heard(server), name


def test_sockets_when_server_listens_in_the_workspace_or_a_given_folder_then_it_hears_nothing(
    closed: WayName, listen: Listen, run: Run, workspace: Path, tmp_path: Path
) -> None:
    given = tmp_path / "g"
    given.mkdir()
    for folder in (workspace, given):
        server = listen(socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "s"))
        done = run(closed, TALK, target(server), readable=[given])
        assert done.stdout.startswith("refused"), done
        assert not heard(server)


def test_sockets_when_ipv6_then_server_hears_nothing(closed: WayName, listen: Listen, run: Run) -> None:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            server = listen(socket.AF_INET6, kind, ("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
        done = run(closed, TALK, target(server))
        assert done.stdout.startswith("refused") or (kind == socket.SOCK_DGRAM and closed != "landlock")
        assert not heard(server)


def test_sockets_when_other_kinds_then_there_are_none(closed: WayName, run: Run) -> None:
    code = """
import socket
for family in range(3, 46):
    for kind in (1, 2, 3, 5):
        try:
            socket.socket(family, kind).close()
            print(family, end=" ")
        except OSError:
            pass
"""
    # 10 is IPv6 and 16 netlink: harmless on a network of one's own.
    allowed = set() if closed == "landlock" else {"10", "16"}
    assert set(run(closed, code).stdout.split()) <= allowed


def test_sockets_when_own_network_then_program_may_talk_to_itself(whole: WayName, run: Run) -> None:
    code = """
import socket
server = socket.create_server(("127.0.0.1", 0))
with socket.create_connection(server.getsockname()) as client:
    client.send(b"hello")
    print(server.accept()[0].recv(5))
"""
    done = run(whole, code)
    assert done.stdout == "b'hello'\n", done.stderr


def test_sockets_when_pair_then_it_works(closed: WayName, run: Run) -> None:
    done = run(
        closed,
        "import asyncio, socket; a, b = socket.socketpair(); a.send(b'x'); print(b.recv(1)); asyncio.run(asyncio.sleep(0))",
    )
    assert done.stdout == "b'x'\n", done.stderr


def test_names_when_looked_up_then_none_is_found(closed: WayName, run: Run) -> None:
    done = run(closed, "import socket; print(socket.getaddrinfo('example.com', 80))")
    assert done.returncode == 1
    assert "gaierror" in done.stderr or "PermissionError" in done.stderr


def test_io_uring_when_tried_then_kernel_has_none(closed: WayName, run: Run) -> None:
    code = "import ctypes, os; c = ctypes.CDLL(None, use_errno=True); print(c.syscall(425, 4, 0), os.strerror(ctypes.get_errno()))"
    assert run(closed, code).stdout == "-1 Function not implemented\n"
