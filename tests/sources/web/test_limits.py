"""How often a host is asked. Real clocks, small intervals: only lower bounds can be told for sure."""

import threading
import time

from doctranslate.sources.web.limits import DEFAULT_RATE, HostLimits

PUBLIC = "https://example.org/a"
EARLY_S = 0.02  # a wait may be that much short of its time


def moments(limits: HostLimits, url: str, n_threads: int, n_each: int) -> list[float]:
    """When each of some threads was let through."""
    found = []

    def ask() -> None:
        for _ in range(n_each):
            limits.acquire(url)
            found.append(time.monotonic())

    threads = [threading.Thread(target=ask) for _ in range(n_threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


class Waits:
    """Notes what it was asked to wait for, and waits."""

    def __init__(self, *, stopped: bool = False) -> None:
        self.seconds: list[float] = []
        self.stopped = stopped

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        if not self.stopped:
            time.sleep(seconds)


def test_acquire_when_many_threads_ask_one_host_then_they_go_one_by_one():
    started = time.monotonic()
    found = moments(HostLimits(rate=50, wait=time.sleep), PUBLIC, n_threads=4, n_each=3)
    for n, moment in enumerate(found):
        assert moment - started >= n * 0.02 - EARLY_S


def test_acquire_when_no_rate_is_given_then_strangers_are_spared_and_this_machine_is_not():
    waits = Waits(stopped=True)
    limits = HostLimits(rate=None, wait=waits)
    for url in ("http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]:1/"):
        for _ in range(5):
            limits.acquire(url)
    assert waits.seconds == []
    limits.acquire(PUBLIC)
    limits.acquire(PUBLIC)
    assert len(waits.seconds) == 1
    assert 0.3 / DEFAULT_RATE < waits.seconds[0] <= 1 / DEFAULT_RATE


def test_acquire_when_hosts_differ_then_they_do_not_wait_for_each_other():
    waits = Waits(stopped=True)
    limits = HostLimits(rate=0.1, wait=waits)
    for name in "abcde":
        limits.acquire(f"https://{name}.example/")
    assert waits.seconds == []
    limits.acquire("http://a.example:8080/")
    assert len(waits.seconds) == 1, "another port is still the same machine"


def test_set_delay_when_robots_asks_for_more_then_the_longer_one_counts():
    limits = HostLimits(rate=1000, wait=time.sleep)
    started = time.monotonic()
    limits.acquire(PUBLIC)
    limits.set_delay(PUBLIC, 0.05)
    limits.set_delay(PUBLIC, 0.001)
    found = moments(limits, PUBLIC, n_threads=2, n_each=2)
    for n, moment in enumerate(found, start=1):
        assert moment - started >= n * 0.05 - EARLY_S


def test_set_delay_when_the_host_is_this_machine_then_it_counts_too():
    limits = HostLimits(rate=None, wait=time.sleep)
    started = time.monotonic()
    limits.set_delay("http://127.0.0.1/", 0.05)
    found = moments(limits, "http://127.0.0.1/", n_threads=1, n_each=3)
    assert found[-1] - started >= 2 * 0.05 - EARLY_S


def test_back_off_when_others_already_wait_then_the_whole_host_rests_and_none_rush():
    begun = threading.Event()

    def wait(seconds: float) -> None:
        if not begun.is_set():  # somebody has a turn and waits for it: now the host asks for a rest
            begun.set()
            limits.back_off(PUBLIC, 0.2)
        time.sleep(seconds)

    limits = HostLimits(rate=20, wait=wait)
    limits.acquire(PUBLIC)
    started = time.monotonic()
    found = moments(limits, PUBLIC, n_threads=3, n_each=1)
    for n, moment in enumerate(found):
        assert moment - started >= 0.2 + n * 0.05 - EARLY_S


def test_back_off_when_another_host_rests_then_this_one_does_not():
    waits = Waits(stopped=True)
    limits = HostLimits(rate=None, wait=waits)
    limits.back_off(PUBLIC, 60)
    limits.acquire("https://other.example/")
    assert waits.seconds == []


def test_acquire_when_the_crawl_is_stopped_then_nobody_waits_on():
    waits = Waits(stopped=True)
    limits = HostLimits(rate=0.01, wait=waits)
    assert limits.acquire(PUBLIC)
    limits.back_off(PUBLIC, 3600)
    assert not limits.acquire(PUBLIC)
    waits.seconds.clear()
    assert len(moments(limits, PUBLIC, n_threads=3, n_each=1)) == 3
    assert len(waits.seconds) == 3
