"""One walk over a tree."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from doctranslate.analysis.tree import ScopeTree

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = [
    *sorted((ROOT / "examples").glob("*.py")),
    Path(__file__),
    ROOT / "src/doctranslate/analysis/tree.py",
]
AWKWARD = '''\
"""Doc
string."""
# comment
x = [  # one
    f"""a
{y}b""", z, \\
    w,
]

@d(1,
   2)  # decorated
def f(a=(
    b), *, c: int = 1) -> (
        d): return (yield
    e)
if a: b
elif c \\
        and d:
    e
else:
    g
'''


@pytest.mark.parametrize(
    "code", [AWKWARD, AWKWARD.replace("\n", "\r\n"), *[p.read_text("utf-8") for p in PROGRAMS]]
)
def test_line_of_an_expression_is_where_libcst_says(code: str) -> None:
    wrapper = MetadataWrapper(cst.parse_module(code), unsafe_skip_copy=True)
    positions = wrapper.resolve(PositionProvider)

    tree = ScopeTree(wrapper.module)

    wrong = {
        wrapper.module.code_for_node(node): (tree.line_of[node], span.start.line)
        for node, span in positions.items()
        if isinstance(node, cst.Name | cst.Attribute | cst.Call | cst.Subscript)
        and not node.lpar  # LibCST leaves parentheses out
        and tree.line_of[node] != span.start.line
    }
    assert wrong == {}


def test_span_of_a_node_lies_inside_that_of_its_parent() -> None:
    tree = ScopeTree(cst.parse_module(AWKWARD))

    assert all(
        tree.span_of[parent][0] < tree.span_of[node][0] <= tree.span_of[node][1] < tree.span_of[parent][1]
        for node, parent in tree.parent_of.items()
    )


def test_calls_between_gives_the_calls_entered_in_that_time() -> None:
    module = cst.parse_module("a()\nb(c())\nd()\n")
    tree = ScopeTree(module)
    second = tree.span_of[module.body[1]]

    names = [call.func.value for call in tree.calls_between(*second) if isinstance(call.func, cst.Name)]

    assert names == ["b", "c"]
