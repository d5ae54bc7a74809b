"""Lookup and binding on a made-up library."""

from __future__ import annotations

import pytest

from doctranslate.apis import ApiIndex
from doctranslate.verification.static import check_static

from .reports import lines, named
from .toy import toy

NOTHING = ApiIndex("other", "1.0", roots=("other",))

FINE = [
    "Box(1)",
    "Box(1, 'n')",
    "Box(name='n', size=1)",
    "Box(1).put(2, where=3)",
    "Box.make(1).put(2)",
    "Box.count(1)",
    "Box(1).count(1).bit_length()",
    "Box.put(Box(1), 2)",
    "Box(1).taken(2)",
    "Box.taken(Box(1), 2)",
    "Box(1).shut()",
    "Box(1).__exit__(None, None, None)",
    "Box(1).lid.turn(1)",
    "[b.put(1) for b in Box(1).all()]",
    "Box(1).all().append(3)",
    "Box(1).either().turn(1)",
    "Box(1).either().put(1)",
    "b, l = Box(1).pair()\nb.put(1)\nl.turn(1)",
    "async def f():\n    (await Box(1).later()).turn(1)",
    "toy.free(1, 2, 3)",
    "toy.named(1, b=2)",
    "toy.boxes.Odd().anything(1)",
    "toy.boxes.Magic().anything(1)",
    "toy.loose.anything()",
    "toy._private.x()",
    "toy.old.f()",
    "with Box(1) as b:\n    b.put(1)",
    "type(Box(1)).make(2)",
    "import copy\ncopy.copy(Box(1)).put(1)",
]
WRONG = [
    "Box()",
    "Box(1, 2, 3)",
    "Box(1, width=2)",
    "Box(1).put(2, 3)",
    "Box(1).put(x=1, y=2)",
    "Box(1).put(1, x=2)",
    "Box.put(2)",
    "Box(1).taken()",
    "Box(1).shut().more",
    "Box(1).lid.turn(by=1)",
    "Box(1).lid.spin()",
    "Box(1).count(1).name",
    "[b.nothing for b in Box(1).all()]",
    "Box(1).all().put(1)",
    "Box(1).either().nothing()",
    "b, l = 1, 2; b, l = Box(1).pair(); Box(1).pair()[1].put(1)",
    "async def f(): (await Box(1).later()).put(1)",
    "toy.free()",
    "toy.named(1, 2)",
    "toy.nothing",
    "toy.boxes.nothing()",
    "Box(1).put.nothing",
    "type(Box(1)).nothing",
]


@pytest.mark.parametrize("code", FINE)
def test_check_static_when_the_toy_library_has_it_then_passes(code: str) -> None:
    program = f"import toy\nfrom toy import Box\n{code}\n"
    report = check_static(program, source=program, src_api=NOTHING, dst_api=toy())
    assert report.ok, str(report)


@pytest.mark.parametrize("code", WRONG)
def test_check_static_when_the_toy_library_lacks_it_then_names_the_line(code: str) -> None:
    program = f"import toy\nfrom toy import Box\n{code}\n"
    report = check_static(program, source=program, src_api=NOTHING, dst_api=toy())
    assert lines(named(report, "calls-exist")) == {3}
