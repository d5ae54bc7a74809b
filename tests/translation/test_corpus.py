"""The programs of the corpus are described, each has one start state, and the lists of exceptions name real ones."""

from __future__ import annotations

import ast

from .corpus import FOLDER, KNOWN, NOTHING_TO_SEE, STARTS, programs
from .mutations import MUTATIONS


def test_corpus_when_read_then_every_program_is_described_and_has_one_start() -> None:
    corpus = programs()

    assert {each.name for each in corpus} == {path.name for path in FOLDER.iterdir()}
    for each in corpus:
        own = (FOLDER / each.name / "setup.sh").is_file()
        assert own != bool(each.start) and each.setup.is_file(), each.name
        assert each.level in {1, 2, 3, 4}
        assert each.tags and each.summary
        ast.parse(each.source)


def test_corpus_when_read_then_every_start_state_is_used() -> None:
    assert {path.stem for path in STARTS.iterdir()} == {each.start for each in programs() if each.start}


def test_exceptions_when_listed_then_they_are_of_programs_and_mistakes_that_exist() -> None:
    names = {each.name for each in programs()}
    assert KNOWN.keys() <= names
    assert all(name in names and mistake in MUTATIONS for name, mistake in NOTHING_TO_SEE)
