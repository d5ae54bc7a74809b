"""What connections are let out."""

from __future__ import annotations

import socket
import time

import pytest

from doctranslate.component_spec import DocSite
from doctranslate.sources.web.gate import Gate, GateError, is_loopback, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a9fe:a9fe",
        "2002:7f00:1::1",
        "2001:0:1:2:3:4:80ff:fffe",
        "4000::1",
    ],
)
def test_is_public_when_an_address_is_not_of_the_public_network_then_it_is_not(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]
)
def test_is_public_when_it_is_then_it_is(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("docs.localhost", True),
        ("127.0.0.2", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost.example", False),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_is_loopback_when_a_host_looks_like_this_machine_then_it_is(host, expected):
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://93.184.215.14/", ""),
        ("http://127.0.0.1/", "127.0.0.1 leads to 127.0.0.1, which is not a public address"),
        ("http://127.1/", "127.1 leads to 127.0.0.1, which is not a public address"),
        ("http://2130706433/", "2130706433 leads to 127.0.0.1, which is not a public address"),
        ("http://0x7f.1/", "0x7f.1 leads to 127.0.0.1, which is not a public address"),
        ("http://[::ffff:10.0.0.1]/", "which is not a public address"),
        ("http://localhost:8000/", "which is not a public address"),
        ("https://169.254.169.254/latest/meta-data/", "169.254.169.254, which is not a public address"),
        ("ftp://93.184.215.14/", "only http and https are read, not ftp"),
        ("file:///etc/passwd", "only http and https are read, not file"),
        ("//93.184.215.14/", "only http and https are read, not an address without a scheme"),
        ("http://user:password@93.184.215.14/", "an address with a user name or password in it"),
        ("http:///path", "an address without a host"),
        ("http://93.184.215.14:x/", "not an address: "),
        ("http://[::1/", "not an address: "),
    ],
)
def test_refusal_when_an_address_is_looked_at_then_the_reason_is_told(url, reason):
    found = Gate().refusal(url)
    assert reason in found and bool(found) is bool(reason)


def test_refusal_when_a_site_may_be_private_then_only_its_own_hosts_and_ports_may(monkeypatch):
    monkeypatch.delenv("DOCTRANSLATE_OFFLINE")  # names are looked up, nothing is sent
    site = DocSite(
        url="http://LOCALHOST:8000/a", start=("https://10.0.0.1/",), prefixes=("http://127.0.0.1/x",)
    )
    assert Gate.of_site(site).refusal("http://localhost:8000/") != ""
    gate = Gate.of_site(site.model_copy(update={"allow_private": True}))
    allowed = ["http://localhost:8000/b", "https://10.0.0.1/", "https://10.0.0.1:443/", "http://127.0.0.1/"]
    refused = ["http://localhost:8001/", "http://10.0.0.1/", "https://10.0.0.2/", "http://127.0.0.1:8000/"]
    assert [gate.refusal(url) for url in allowed] == [""] * 4
    assert all(gate.refusal(url) for url in refused)


def test_connect_when_the_address_is_private_then_nobody_is_called():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        with pytest.raises(GateError, match="not a public address"):
            Gate().connect("127.0.0.1", server.getsockname()[1], timeout_s=5)
        with pytest.raises(TimeoutError):
            server.accept()


def test_connect_when_a_name_has_several_addresses_then_the_one_that_answers_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with Gate(private=[("LocalHost", port)]).connect("localhost", port, timeout_s=5) as line:
            assert line.getpeername()[:2] == ("127.0.0.1", port)
            assert line.gettimeout() == 5


def test_connect_when_nobody_listens_then_it_says_so():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        Gate(private=[("127.0.0.1", port)]).connect("127.0.0.1", port, timeout_s=5)


def test_connect_when_a_host_is_silent_then_it_is_given_up_in_time():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        address = server.getsockname()
        waiting = []
        try:
            for _ in range(4):  # fills the queue of those who wait to be accepted; the system then is silent
                line = socket.socket()
                line.setblocking(False)
                line.connect_ex(address)
                waiting.append(line)
            started = time.monotonic()
            with pytest.raises(TimeoutError):
                Gate(private=[address]).connect(*address, timeout_s=0.2)
            assert time.monotonic() - started >= 0.15
        finally:
            for line in waiting:
                line.close()


def test_refusal_when_offline_then_other_machines_are_out_of_reach_and_this_one_is_not(monkeypatch):
    monkeypatch.setenv("DOCTRANSLATE_OFFLINE", "1")
    gate = Gate.of_site(DocSite(url="http://127.0.0.1:8000/", allow_private=True))
    assert (
        gate.refusal("http://8.8.8.8/x.js") == "DOCTRANSLATE_OFFLINE is set, and 8.8.8.8 is not this machine"
    )
    assert gate.refusal("http://127.0.0.1:8000/") == ""
    monkeypatch.delenv("DOCTRANSLATE_OFFLINE")
    assert Gate.of_site(DocSite(url="http://127.0.0.1:8000/")).refusal("http://8.8.8.8/x.js") == ""
