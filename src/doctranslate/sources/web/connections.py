"""Connections of urllib3 that go through the gate and hang on the watchdog's line. Needs urllib3."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError

from doctranslate.sources.web.base import Failed, Skipped
from doctranslate.sources.web.gate import Gate, GateError, port_of
from doctranslate.sources.web.urls import host_of, origin
from doctranslate.sources.web.watchdog import Guard

CONNECT_TIMEOUT_S = 10.0
"""Seconds to reach a host, at most."""

ERRORS = (HTTPError, OSError, ValueError)
"""What an exchange can end with: urllib3's own, the system's, and what is wrong with a header (http.client)."""


class _Exchange(threading.local):
    """What the connections of a thread need to know of the exchange that it makes."""

    guard: Guard | None = None


class _Gated(HTTPConnection):
    """A connection that the gate makes. The watchdog has its line whenever a request is on it."""

    def __init__(self, *args: Any, gate: Gate, exchange: _Exchange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._gate = gate
        self._exchange = exchange

    def _new_conn(self) -> socket.socket:
        timeout_s = self.timeout if isinstance(self.timeout, int | float) else CONNECT_TIMEOUT_S
        connection = self._gate.connect(self.host, self.port, timeout_s=timeout_s)
        self._watch(connection)
        return connection

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request, on a connection that may have served others before."""
        if self.sock is not None:
            self._watch(self.sock)
        super().request(*args, **kwargs)

    def _watch(self, line: socket.socket) -> None:
        if self._exchange.guard is not None:
            self._exchange.guard.watch(line)


class _GatedTls(_Gated, HTTPSConnection):
    """The same with TLS, whose certificate must be the name's."""


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Gated


class _TlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _GatedTls


class Connections:
    """Open connections to any number of hosts; safe to use from several threads.

    Args:
        gate: Makes them.
        n_idle: Connections to one host that are kept for the next request, at most.
    """

    def __init__(self, *, gate: Gate, n_idle: int) -> None:
        self._gate = gate
        self._n_idle = n_idle
        self._exchange = _Exchange()
        self._pools: dict[str, urllib3.HTTPConnectionPool] = {}
        self._lock = threading.Lock()
        self._tls: ssl.SSLContext | None = None

    @contextlib.contextmanager
    def get(
        self, url: str, *, headers: Mapping[str, str], guard: Guard, timeout_s: float
    ) -> Iterator[urllib3.BaseHTTPResponse]:
        """Ask for an address, once and without following redirects.

        Args:
            url: Normalised.
            headers: All that are sent besides Host.
            guard: Over the whole exchange.
            timeout_s: Seconds for the whole exchange; connecting takes part of it at most.

        Yields:
            The answer; its body is not read yet. A body that was not read to its end costs the connection.

        Raises:
            GateError: The address may not be asked.
            OSError: The line broke, or was never there.
            HTTPError: Of urllib3: it broke, or what came is not HTTP.
        """
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        self._exchange.guard = guard
        try:
            response = self._pool(url).urlopen(
                "GET",
                target,
                headers=headers,
                retries=False,
                redirect=False,
                assert_same_host=False,
                preload_content=False,
                # Reading is limited by the guard; the socket's own limit is there for a guard that hangs.
                timeout=urllib3.Timeout(connect=min(CONNECT_TIMEOUT_S, timeout_s), read=timeout_s + 5),
            )
            try:
                yield response
            finally:
                with contextlib.suppress(*ERRORS):
                    if not response.closed:
                        response.close()
                response.release_conn()
        finally:
            self._exchange.guard = None

    def close(self) -> None:
        """Close what is idle; what is in use closes when its exchange ends."""
        with self._lock:
            pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            pool.close()

    def _pool(self, url: str) -> urllib3.HTTPConnectionPool:
        with self._lock:
            key = origin(url)
            if key not in self._pools:
                kept: dict[str, Any] = {
                    "maxsize": self._n_idle,
                    "gate": self._gate,
                    "exchange": self._exchange,
                }
                host, port = host_of(url), port_of(urlsplit(url))
                if key.startswith("https:"):
                    self._tls = self._tls or _tls_context()
                    self._pools[key] = _TlsPool(host, port, ssl_context=self._tls, **kept)
                else:
                    self._pools[key] = _PlainPool(host, port, **kept)
            return self._pools[key]


def what_broke(exc: BaseException, *, url: str) -> Failed | Skipped:
    """What an exchange that ended with an error comes to.

    Args:
        exc: One of `ERRORS`.
        url: The address that was asked.
    """
    host = host_of(url)
    for cause in _causes(exc):
        if isinstance(cause, GateError):
            return Skipped(str(cause))
        if isinstance(cause, DecodeError):
            return Failed("its packed body cannot be unpacked")
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Failed(f"the certificate of {host} is not to be trusted: {cause.verify_message}")
        if isinstance(cause, socket.gaierror):
            return Failed(f"{host} cannot be found: {cause.strerror}", retry=True)
        if isinstance(cause, ConnectionRefusedError):
            return Failed(f"{host} refuses the connection", retry=True)
        if isinstance(cause, TimeoutError):
            return Failed(f"{host} does not answer in time", retry=True)
        if isinstance(cause, UnicodeError):
            return Failed(f"{host} is not a name that can be looked up")
    return Failed(
        f"the connection broke: {' '.join(str(exc).split())[:200] or type(exc).__name__}", retry=True
    )


def _causes(exc: BaseException | None) -> Iterator[BaseException]:
    n_seen = 0
    while exc is not None and n_seen < 20:
        yield exc
        exc = exc.__cause__ or exc.__context__
        n_seen += 1


def _tls_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if paths.cafile is None and paths.capath is None:  # a Python without the system's certificates
        with contextlib.suppress(ImportError):
            import certifi

            context.load_verify_locations(certifi.where())
    return context
