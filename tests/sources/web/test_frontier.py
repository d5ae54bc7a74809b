import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading

import pytest

from doctranslate.errors import CrawlError
from doctranslate.sources.web.base import Fetched, Validators
from doctranslate.sources.web.frontier import Address, Frontier, Reading
from doctranslate.sources.web.report import Rendering

A, B, C = (Address(f"http://h/{name}", 0) for name in "abc")


def page(url: str, text: str = "<p>text", **fields) -> Fetched:
    return Fetched(url, "text/html", text, "http", n_bytes=len(text), **fields)


@pytest.fixture
def frontier(tmp_path):
    made = Frontier(tmp_path / "deep" / "site.sqlite")
    made.begin("spec", [A, B])
    yield made
    made.close()


class TestAddresses:
    def test_starting_points_wait_in_order(self, frontier):
        assert frontier.waiting(0) == [A, B]
        assert frontier.waiting(1) == []

    def test_one_that_is_known_is_not_taken_in_again(self, frontier):
        frontier.settle(A, "failed", reason="gone", status=404)
        frontier.add([(Address(A.url, 1), ""), (Address("http://h/d", 1), "")])
        assert frontier.waiting(1) == [Address("http://h/d", 1)]
        assert frontier.outcome(A.url) == "failed"

    def test_one_that_will_not_be_asked_does_not_wait_and_says_why(self, frontier):
        frontier.add([(C, "skipped by '/c'")])
        assert frontier.waiting(0) == [A, B]
        assert frontier.reports()[2].reason == "skipped by '/c'"

    def test_counts_tell_how_many_came_out_how(self, frontier):
        frontier.store(A, page(A.url), Reading(content="text"), n_tries=1)
        assert frontier.counts() == {"fetched": 1, "queued": 1}


class TestPages:
    def test_a_page_comes_back_as_it_was(self, frontier):
        text = "<h1>Grüße</h1>\x00 \ud800 & more"
        reading = Reading(title="T", canonical="http://h/b", links=("http://h/b",), content="text")
        frontier.store(A, page(A.url, text), reading, n_tries=2)
        stored = list(frontier.pages())
        assert [(one.url, one.text, one.title, one.canonical) for one in stored] == [
            (A.url, text, "T", "http://h/b")
        ]
        assert frontier.reports()[0].n_tries == 2
        assert frontier.links_of(0) == [(A.url, "http://h/b")]

    def test_one_that_was_led_on_is_kept_under_its_own_address(self, frontier):
        frontier.store(A, page(C.url), Reading(content="text"), n_tries=1)
        assert [one.url for one in frontier.pages()] == [C.url]
        outcomes = {report.url: report.outcome for report in frontier.reports()}
        assert outcomes == {A.url: "redirected", B.url: "queued", C.url: "fetched"}

    def test_validators_are_those_of_the_last_plain_reading(self, frontier):
        assert frontier.validators(A.url) is None
        known = Validators(etag='"1"', last_modified="Mon")
        frontier.store(A, page(A.url, validators=known), Reading(), n_tries=1)
        assert frontier.validators(A.url) == known

    def test_a_page_without_validators_is_asked_for_anew(self, frontier):
        frontier.store(A, page(A.url), Reading(), n_tries=1)
        assert frontier.validators(A.url) is None

    def test_in_a_new_round_the_same_text_is_unchanged(self, frontier):
        frontier.store(A, page(A.url), Reading(content="x"), n_tries=1)
        frontier.begin("spec", [A, B])
        frontier.store(A, page(A.url), Reading(content="x"), n_tries=1)
        frontier.store(B, page(B.url), Reading(content="x"), n_tries=1)
        assert [report.outcome for report in frontier.reports()] == ["unchanged", "fetched"]

    def test_rereading_follows_today_s_description(self, frontier):
        frontier.store(A, page(A.url), Reading(content="old"), n_tries=1)
        frontier.begin("other spec", [A])
        frontier.reread(A, lambda found: Reading(title=found.text, links=(C.url,), content="new"), n_tries=1)
        (stored,) = frontier.pages()
        assert stored.title == "<p>text" and stored.content_sha256 == Reading(content="new").content_sha256
        assert frontier.links_of(0) == [(A.url, C.url)]


class TestLinks:
    def test_are_listed_once_with_the_first_page_that_has_them(self, frontier):
        for address in (B, A):
            links = ("http://h/menu", f"{address.url}/own")
            frontier.store(address, page(address.url), Reading(links=links, content="x"), n_tries=1)
        assert frontier.links_of(0) == [
            (A.url, "http://h/a/own"),
            (B.url, "http://h/b/own"),
            (A.url, "http://h/menu"),
        ]


class TestForgetUnread:
    @pytest.mark.parametrize(
        ("status", "kept"), [(404, False), (410, False), (503, True), (429, True), (0, True)]
    )
    def test_a_page_is_kept_when_it_may_come_back(self, frontier, status, kept):
        frontier.store(A, page(A.url), Reading(content="x"), n_tries=1)
        frontier.begin("spec", [A])
        frontier.settle(A, "failed", reason="no", status=status)
        assert frontier.forget_unread() == (not kept)
        assert [one.url for one in frontier.pages()] == [A.url] * kept

    def test_a_page_that_nothing_leads_to_any_more_goes(self, frontier):
        frontier.store(A, page(A.url), Reading(content="x"), n_tries=1)
        frontier.begin("spec", [B])
        assert frontier.forget_unread() == 1


class TestRenderings:
    def test_a_decision_is_kept_and_replaced(self, frontier):
        first = Rendering(part="api/", how="http", reason="same text", n_samples=1)
        later = first.model_copy(update={"how": "browser", "n_samples": 3})
        frontier.decide(first)
        frontier.decide(later)
        assert frontier.renderings() == (later,)


class TestTogether:
    def test_all_that_is_written_is_kept_or_nothing(self, frontier):
        with pytest.raises(RuntimeError), frontier.together():
            frontier.store(A, page(A.url), Reading(content="text"), n_tries=1)
            frontier.settle(B, "failed", reason="gone")
            raise RuntimeError("killed")
        assert frontier.waiting(0) == [A, B]
        assert list(frontier.pages()) == []


class TestFile:
    def test_what_is_no_database_raises_and_says_what_to_do(self, tmp_path):
        (tmp_path / "site.sqlite").write_bytes(b"not a database at all" * 100)
        with pytest.raises(CrawlError, match="Delete the file"):
            Frontier(tmp_path / "site.sqlite")

    def test_of_another_format_raises_and_loses_nothing(self, tmp_path):
        path = tmp_path / "site.sqlite"
        made = Frontier(path)
        made.set_fact("format", "0")
        made.close()
        with pytest.raises(CrawlError, match="another version"):
            Frontier(path)
        with sqlite3.connect(path) as db:
            assert db.execute("SELECT value FROM facts WHERE name = 'format'").fetchone() == ("0",)
        db.close()

    def test_is_safe_to_use_from_many_threads(self, frontier):
        addresses = [Address(f"http://h/t/{n}", 1) for n in range(80)]
        frontier.add((address, "") for address in addresses)

        def work(some):
            for address in some:
                frontier.store(
                    address, page(address.url, "x" * 1000), Reading(content=address.url), n_tries=1
                )

        threads = [threading.Thread(target=work, args=[addresses[n::4]]) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert frontier.counts() == {"queued": 2, "fetched": 80}
        assert len(list(frontier.pages())) == 80

    def test_killed_while_it_writes_holds_whole_pages_only(self, tmp_path):
        path = tmp_path / "site.sqlite"
        script = """
import sys
from pathlib import Path
from doctranslate.sources.web.base import Fetched
from doctranslate.sources.web.frontier import Address, Frontier, Reading
frontier = Frontier(Path(sys.argv[1]))
addresses = [Address(f"http://h/{n:05}", 0) for n in range(20_000)]
frontier.begin("spec", addresses)
for n, a in enumerate(addresses):
    frontier.store(a, Fetched(a.url, "text/html", f"{n} " * 500, "http"), Reading(links=(f"http://h/x{n}",), content=str(n)), n_tries=1)
    if n == 50:
        print("going", flush=True)
"""
        child = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE)
        assert child.stdout.readline() == b"going\n"
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        frontier = Frontier(path)
        done = [report.url for report in frontier.reports() if report.outcome == "fetched"]
        assert len(done) > 50
        assert [one.url for one in frontier.pages()] == done
        assert [url for url, _ in sorted(frontier.links_of(0))] == done
        assert frontier.counts()["queued"] == 20_000 - len(done)
        frontier.close()


def test_a_report_fits_into_json(frontier):
    frontier.store(A, page(A.url), Reading(content="x"), n_tries=1)
    assert json.loads(frontier.reports()[0].model_dump_json())["outcome"] == "fetched"
