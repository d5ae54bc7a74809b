"""The one way out: every connection that a crawl makes is looked at here, whoever asked for it.

A page, a redirect or a script may name any address; none may reach into the network that the crawler runs in. The
name is resolved here and the connection goes to the very address that was looked at, so that a name which
resolves otherwise a moment later gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from doctranslate.component_spec import DocSite
from doctranslate.config import is_offline
from doctranslate.sources.web.urls import normalise

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class GateError(OSError):
    """A connection that is not made, and why."""


class Gate:
    """Lets connections out, or not.

    Args:
        private: Hosts, with their ports, that may lead to private, link-local or loopback addresses: those of a
            site whose description says so. Whatever its pages lead to else must still be public.
        offline: Whether connections to other machines are forbidden altogether.
    """

    def __init__(self, *, private: Collection[tuple[str, int]] = (), offline: bool = False) -> None:
        self.private = frozenset((host.lower(), port) for host, port in private)
        self.offline = offline

    @classmethod
    def of_site(cls, site: DocSite) -> Gate:
        """The gate for a site: with ``allow_private``, its own hosts may be private ones.

        ``DOCTRANSLATE_OFFLINE`` holds for what its pages load, too.

        Args:
            site: Its description.
        """
        if not site.allow_private:
            return cls(offline=is_offline())
        parts = [urlsplit(normalise(url) or url) for url in (site.url, *site.start, *site.prefixes)]
        private = [(part.hostname or "", port_of(part)) for part in parts]
        return cls(private=private, offline=is_offline())

    def refusal(self, url: str) -> str:
        """Why an address may not be asked, or "".

        Args:
            url: An absolute address. Its name is resolved.
        """
        try:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https"):
                return f"only http and https are read, not {parts.scheme or 'an address without a scheme'}"
            if parts.username or parts.password:
                return "an address with a user name or password in it"
            self._resolve(parts.hostname or "", port_of(parts))
        except GateError as exc:
            return str(exc)
        except (OSError, UnicodeError):
            return ""  # not found: the connection will say so, and the crawl may try again
        except ValueError as exc:
            return f"not an address: {exc}"
        return ""

    def connect(self, host: str, port: int, *, timeout_s: float) -> socket.socket:
        """Connect to the first address of a name that answers, if all of them are allowed.

        Args:
            host: A name or an address.
            port: TCP port.
            timeout_s: Seconds for all attempts together, after the name was looked up; stays set on the socket.

        Raises:
            GateError: The name leads to an address that is not public.
            OSError: There is no such name, or nobody answers.
        """
        problem: OSError | None = None
        addresses = self._resolve(host, port)
        deadline = time.monotonic() + timeout_s
        for n_left, (family, address) in zip(range(len(addresses), 0, -1), addresses, strict=True):
            connection = socket.socket(family, socket.SOCK_STREAM)
            try:
                # Each gets its share of what is left, so that one that is silent leaves time for the others.
                connection.settimeout(max(0.001, (deadline - time.monotonic()) / n_left))
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.connect(address)
                connection.settimeout(timeout_s)
            except OSError as exc:
                connection.close()
                problem = exc
            else:
                return connection
        raise problem or OSError(f"{host} has no address")

    def _resolve(self, host: str, port: int) -> list[tuple[int, tuple[str, int] | tuple[str, int, int, int]]]:
        if not host:
            raise GateError("an address without a host")
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        is_allowed = (host.lower(), port) in self.private
        for *_, address in found:
            # One private address among public ones is enough: a name of that kind is no accident.
            if not is_allowed and not is_public(str(address[0])):
                raise GateError(
                    f"{host} leads to {address[0]}, which is not a public address: allow_private = true in the "
                    "component's description lets the site's own hosts be read"
                )
            if self.offline and not is_loopback(str(address[0])):
                raise GateError(f"DOCTRANSLATE_OFFLINE is set, and {host} is not this machine")
        return [(family, address) for family, *_, address in found]  # type: ignore[misc] # only TCP is asked for


def port_of(parts: SplitResult) -> int:
    """The port of an address, given or by its scheme."""
    return parts.port or (443 if parts.scheme == "https" else 80)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network.

    Args:
        address: IPv4 or IPv6, with or without a zone. IPv4 within IPv6 counts as what it leads to.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    # Python calls everything global that is not known to be private, blocks that nobody was given included.
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by the look of its name."""
    if host in ("localhost", "localhost.localdomain") or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
