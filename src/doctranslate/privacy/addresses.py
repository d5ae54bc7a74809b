"""Addresses of a private network, buckets, and credentials in addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from doctranslate.privacy.names import is_trivial, words
from doctranslate.privacy.reading import HOLE

_URL = re.compile(
    r"""(?x)(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,30})://
    (?:(?P<user>[^\s/?\#@:'"<>]*)(?::(?P<password>[^\s/'"<>]*))?@)?
    (?P<host>\[[0-9A-Fa-f:.]+\]|[^\s/?\#:@'"<>{}\\,;()\x00%$*|`]*)(?P<port>:\d+)?
    (?P<path>[/?\#][^\s'"<>{}\\\x00`|]*)?"""
)
# git@host:team/repo.git, as git and rsync write an address
_SCP = re.compile(
    r"(?<![\w./:@+-])(?P<user>[\w.+-]{1,80})@(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)"
    r":(?P<path>(?!//)[\w~/][^\s'\"<>{}\\\x00,;()`]*)"
)
_HOST = re.compile(
    r"(?i)(?<![\w./-])(?P<host>(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+"
    r"(?:internal|corp|intranet|intra|lan|local|localdomain|home\.arpa))(?P<port>:\d{2,5})?(?![\w/-]|\.\w|\()"
)
_IP = re.compile(r"(?<![\w.])(?P<host>\d{1,3}(?:\.\d{1,3}){3})(?P<port>:\d{2,5})?(?![\w]|\.\w)")
_CLOUD_HOST = re.compile(
    r"(?i)(?<![\w.-])(?P<bucket>[a-z0-9][\w.-]*?)\.(?:s3[\w.-]*\.amazonaws\.com|(?:blob|dfs|file)\.core\.windows\.net|"
    r"storage\.googleapis\.com|r2\.cloudflarestorage\.com|[\w-]+\.digitaloceanspaces\.com)\b"
)
_CLOUD_PATH = re.compile(
    r"(?i)https?://(?:s3[\w.-]*\.amazonaws\.com|storage\.(?:googleapis|cloud\.google)\.com)/(?P<bucket>[\w.-]+)"
)

_BUCKETS = words("s3 s3a s3n gs gcs az azure abfs abfss wasb wasbs adl oss gdrive cos obs b2 r2 minio swift")
_NETWORK = words(
    "http https ws wss ftp ftps sftp ssh scp git svn hg ldap ldaps redis rediss amqp amqps mongodb postgres postgresql "
    "mysql mariadb mssql oracle db2 clickhouse hdfs webhdfs webhdfs3 nats kafka mqtt mqtts smb cifs nfs rsync tcp udp "
    "imap imaps smtp smtps jdbc neo4j bolt cassandra elasticsearch dav davs webdav webdavs grpc"
)
_PRIVATE_ENDS = words("internal corp intranet intra lan local localdomain private home")
_PRIVATE_LABELS = words("internal corp intranet intra lan")
_OPEN_HOSTS = words("localhost host hostname server example domain name registry url")
_OPEN_USERS = words(
    "git oauth2 x-access-token x-token-auth gitlab-ci-token token root anonymous user username"
)
_PRIVATE_NETWORKS = [
    ipaddress.ip_network(each)
    for each in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "fc00::/7",
        "fe80::/10",
    )
]
_METADATA = ipaddress.ip_address("169.254.169.254")
_KEPT_END = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,6}/?$|/$")
_NOT_PATH = re.compile(r"%[sdr(]|\$|\.\.\.|…")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an address that is to be hidden.

    Attributes:
        kind: As in `doctranslate.privacy.found.Hidden`.
        start: In the text that was searched.
        end: One past its last character.
        behind: What has to stand before it for the value to count; "" for nothing.
        ends: What its placeholder ends in.
    """

    kind: str
    start: int
    end: int
    behind: str = field(default="", repr=False)
    ends: str = ""


def addresses(text: str) -> Iterator[Piece]:
    """What is private in the addresses of a text.

    Args:
        text: A string or a comment, with `HOLE` for what is put in.
    """
    for match in _URL.finditer(text):
        yield from _url(text, match)
    for match in _SCP.finditer(text):
        if is_private(match["host"]):
            yield Piece("private host", *match.span("host"), ends=".invalid")
            yield from _path(text, match["host"] + ":", *match.span("path"))
    for match in (*_HOST.finditer(text), *_IP.finditer(text)):
        if is_private(match["host"]) and not _is_file(text, match):
            yield from _host(match)
    for match in (*_CLOUD_HOST.finditer(text), *_CLOUD_PATH.finditer(text)):
        if not is_trivial(match["bucket"]):
            yield Piece("bucket", *match.span("bucket"))


def is_private(host: str) -> bool:
    """Whether a host is one of a private network by its name or number. This machine itself is not.

    Args:
        host: Without user and port.
    """
    name = host.strip("[]").rstrip(".").lower()
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        labels = name.split(".")
        if len(labels) == 1:
            return name not in _OPEN_HOSTS and re.fullmatch(r"[a-z][a-z0-9-]*", name) is not None
        is_inside = bool(_PRIVATE_LABELS.intersection(labels[:-1]))  # git.internal.acme.com
        return is_inside or labels[-1] in _PRIVATE_ENDS or labels[-2:] == ["home", "arpa"]
    networks = [each for each in _PRIVATE_NETWORKS if each.version == address.version and address in each]
    # The address of the network itself, and that of every cloud's metadata, are nobody's secret.
    return bool(networks) and address not in (networks[0].network_address, _METADATA)


def _url(text: str, match: re.Match[str]) -> Iterator[Piece]:
    scheme, host = set(match["scheme"].lower().split("+")), match["host"]
    yield from _credentials(text, match)
    if scheme & _BUCKETS:
        named = match["user"] or host  # abfss://container@account…
        start = match.start("user" if match["user"] else "host")
        if named and HOLE not in named and "{" not in named and not is_trivial(named):
            yield Piece("bucket", start, start + len(named))
            if named == host:
                yield from _path(text, f"://{host}", *match.span("path"))
    elif scheme & _NETWORK and is_private(host):
        yield from _host(match)
        yield from _path(text, host + (match["port"] or ""), *match.span("path"))


def _host(match: re.Match[str]) -> Iterator[Piece]:
    yield Piece("private host", *match.span("host"), ends=".invalid")
    if match["port"]:
        yield Piece("private host", match.start("host"), match.end("port"), ends=".invalid")


def _credentials(text: str, match: re.Match[str]) -> Iterator[Piece]:
    user, password = match["user"] or "", match["password"] or ""
    if HOLE in password or "{" in password:
        return
    if password and not is_trivial(password):
        yield Piece("credentials in an address", *match.span("password"))
        if not _is_open(user):
            yield Piece("credentials in an address", *match.span("user"))
    elif user and match["scheme"].lower().startswith("http") and not _is_open(user):
        yield Piece("credentials in an address", *match.span("user"))  # a token alone


def _is_open(user: str) -> bool:
    return HOLE in user or "{" in user or user.lower() in _OPEN_USERS or is_trivial(user) or len(user) < 3


def _path(text: str, before: str, start: int, end: int) -> Iterator[Piece]:
    """The path, which is private as long as its host stands before it. Keeps how it ends: ``.git``, ``.csv``, ``/``."""
    if start < 0:
        return
    path = text[start:end].rstrip(".,:;)]!")
    if cut := _NOT_PATH.search(path):
        path = path[: cut.start()]
    lead = len(path) - len(path.lstrip("/?#"))
    before += path[:lead]
    kept = _KEPT_END.search(path)
    stop = kept.start() if kept else len(path)
    if stop - lead >= 3:
        yield Piece("path of a private address", start + lead, start + stop, behind=before)


def _is_file(text: str, match: re.Match[str]) -> bool:
    """Whether ``config.local`` is rather a file than a host: two words, no port, and no name that says host."""
    host = match["host"]
    if match["port"] or not host.lower().endswith((".local", ".localdomain")) or host.count(".") > 1:
        return False
    before = text[max(0, match.start() - 24) : match.start()]
    return not (
        before.endswith("@") or re.search(r"(?i)(?:host|server|domain|url|address|ssh|ping)\W*$", before)
    )
