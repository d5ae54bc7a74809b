import textwrap
from itertools import pairwise

import pytest

from doctranslate.curation.code_blocks import find_code_blocks


def codes(text, media_type="text/x-python-api"):
    return [block.code for block in find_code_blocks(textwrap.dedent(text).split("\n"), media_type)]


@pytest.mark.parametrize("media_type", ["text/markdown", "text/x-rst", "text/x-python-api"])
def test_fenced_code_is_found_in_any_text(media_type):
    assert codes("Text.\n\n```python\nx = 1\n\ny = 2\n```\n\nMore.", media_type) == ["x = 1\n\ny = 2"]


def test_a_longer_fence_holds_a_shorter_one():
    assert codes("````md\n```\nx\n```\n````", "text/markdown") == ["```\nx\n```"]


def test_a_fence_that_is_never_closed_is_text():
    assert codes("```\nx = 1\n\ntext that goes on", "text/markdown") == []


def test_a_block_spans_its_fences():
    (block,) = find_code_blocks(["a", "```", "x", "```", "b"], "text/markdown")
    assert (block.start, block.end) == (1, 4)


def test_doctests_with_blank_lines_between_are_one_block():
    assert codes("Doc.\n\n    >>> f(1)\n    2\n\n    >>> g()\n\n    Prose.") == [">>> f(1)\n2\n\n>>> g()"]


def test_a_literal_block_is_found_after_a_double_colon():
    assert codes("Use it so::\n\n    repo.add('x')\n    repo.push()\n\nDone.") == [
        "repo.add('x')\nrepo.push()"
    ]


@pytest.mark.parametrize("name", ["code-block", "code", "sourcecode"])
def test_a_code_directive_is_found_without_its_options(name):
    assert codes(f".. {name}:: python\n   :linenos:\n\n   x = 1\n", "text/x-rst") == ["x = 1"]


@pytest.mark.parametrize("name", ["note", "versionadded", "py:function"])
def test_another_directive_is_no_code(name):
    assert codes(f".. {name}:: 3.1\n\n   Words of a note.\n", "text/x-rst") == []


def test_code_inside_a_note_is_found():
    assert codes(".. note::\n\n   Do::\n\n      x = 1\n", "text/x-rst") == ["x = 1"]


def test_an_example_section_of_a_docstring_is_code_when_it_is_python():
    assert codes("Add files.\n\nExample:\n    repo.add('x')\n\nReturns:\n    Nothing.") == ["repo.add('x')"]


def test_an_example_section_of_a_docstring_that_is_prose_is_not():
    assert codes("Add files.\n\nExample:\n    See the guide for one.\n") == []
    assert codes("Add files.\n\nUsage:\n    nothing\n") == []


def test_indented_code_is_found_in_markdown():
    assert codes("Run:\n\n    box add data\n    box push\n\nDone.", "text/markdown") == [
        "box add data\nbox push"
    ]


def test_indented_text_of_a_list_item_is_no_code():
    assert codes("- item\n\n    second paragraph of the item\n", "text/markdown") == []


def test_indented_text_of_a_docstring_is_no_code():
    assert codes("Args:\n\n    path: where it is\n") == []


def test_blank_blocks_are_left_out():
    assert codes("```\n\n```\n", "text/markdown") == []


def test_no_block_overlaps_another():
    text = "Example::\n\n    >>> f()\n    ```\n    x\n    ```\n\n>>> g()\n"
    blocks = find_code_blocks(text.split("\n"), "text/x-rst")
    assert all(one.end <= other.start for one, other in pairwise(blocks))
