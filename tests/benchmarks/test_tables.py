import pytest
from benchmarks.tables import put_table, table


def test_table_of_numbers_and_words_sets_numbers_to_the_right():
    assert (
        table(["site", "pages"], [["a", 1], ["b", ""]])
        == "| site | pages |\n| --- | ---: |\n| a | 1 |\n| b |  |"
    )


def test_put_table_replaces_what_stands_between_its_marks_alone(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "before\n<!-- x: begin -->\nold\n<!-- x: end -->\n<!-- y: begin -->\nkept\n<!-- y: end -->\n"
    )
    put_table(page, "x", "new")
    put_table(page, "x", "newer")
    assert page.read_text() == (
        "before\n<!-- x: begin -->\nnewer\n<!-- x: end -->\n<!-- y: begin -->\nkept\n<!-- y: end -->\n"
    )


def test_put_table_without_its_marks_leaves_the_page_alone(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- x: begin -->\n")
    with pytest.raises(ValueError, match="no marks"):
        put_table(page, "x", "new")
    assert page.read_text() == "<!-- x: begin -->\n"
