import itertools

import pytest

from doctranslate.sources.web.duplicates import MAX_CLAIMS, originals


class TestOriginals:
    def test_of_pages_that_differ_gives_none(self):
        assert originals([("http://h/a", "", "1"), ("http://h/b", "", "2")]) == {}

    def test_of_equal_pages_the_shortest_address_counts(self):
        heads = [("http://h/d/index.html", "", "1"), ("http://h/d/", "", "1"), ("http://h/d/?x=1", "", "1")]
        assert originals(heads) == {"http://h/d/index.html": "http://h/d/", "http://h/d/?x=1": "http://h/d/"}

    def test_a_page_that_names_another_one_is_its_duplicate_though_the_text_differs(self):
        assert originals([("http://h/a?print", "http://h/a", "1"), ("http://h/a", "http://h/a", "2")]) == {
            "http://h/a?print": "http://h/a"
        }

    def test_a_page_that_names_one_that_was_not_read_counts(self):
        assert originals([("http://h/a", "http://h/latest/a", "1")]) == {}

    def test_a_page_that_names_one_without_content_counts(self):
        assert originals([("http://h/a", "http://h/", "1"), ("http://h/", "", "")]) == {}

    def test_pages_without_content_are_not_one_another_s(self):
        assert originals([("http://h/a", "", ""), ("http://h/b", "", "")]) == {}

    def test_a_chain_ends_at_the_page_that_counts(self):
        heads = [
            ("http://h/a", "http://h/b", "1"),
            ("http://h/b", "http://h/c", "2"),
            ("http://h/c", "", "3"),
        ]
        assert originals(heads) == {"http://h/a": "http://h/c", "http://h/b": "http://h/c"}

    def test_pages_that_name_one_another_both_count(self):
        assert originals([("http://h/a", "http://h/b", "1"), ("http://h/b", "http://h/a", "2")]) == {}

    def test_a_template_that_names_the_home_page_on_every_page_loses_none(self):
        heads = [(f"http://h/{n}", "http://h/", str(n)) for n in range(MAX_CLAIMS + 1)]
        assert originals([*heads, ("http://h/", "http://h/", "home")]) == {}

    def test_a_page_and_one_that_names_it_with_the_same_text_lead_to_the_named_one(self):
        heads = [("http://h/long-name", "", "1"), ("http://h/x", "http://h/long-name", "1")]
        assert originals(heads) == {"http://h/x": "http://h/long-name"}

    @pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
    def test_does_not_depend_on_the_order(self, order):
        heads = [
            ("http://h/b", "", "1"),
            ("http://h/a", "", "1"),
            ("http://h/c", "http://h/b", "2"),
            ("http://h/d", "", "3"),
        ]
        assert originals([heads[n] for n in order]) == originals(heads)
