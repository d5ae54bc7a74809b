"""What of two states is a difference, where no program needs to run to tell."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from doctranslate.verification.equivalence.compare import compare
from doctranslate.verification.equivalence.policy import Policy
from doctranslate.verification.equivalence.state import Entry, Files, Ref, RepoState, WorldState

TIP = "commit 1 'Track models'"


def _world(tree: Files, worktree: Files, *, refs: Mapping[str, Ref] | None = None) -> WorldState:
    repo = RepoState(
        bare=False,
        head="main",
        commit=TIP,
        refs={"refs/heads/main": Ref(TIP), **(refs or {})},
        logs={"refs/heads/main": (TIP,)},
        commits={},
        trees={TIP: tree},
        new=(TIP,),
        worktree=worktree,
        lfs_patterns=("*.bin",),
    )
    return WorldState({"work": repo}, {}, (), {}, {})


def _file(kind: str, text: str) -> Entry:
    return Entry(kind, hash=text, size=1, start=text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("there", "kinds"),
    [
        ({"model.bin": _file("file", "1")}, []),
        ({"model.bin": _file("file", "2")}, ["file", "worktree"]),
        ({}, ["file", "worktree"]),
    ],
)
def test_data_when_only_announced_to_lfs_then_the_translation_may_add_what_is_there(
    there: Files, kinds: list[str]
) -> None:
    source = _world({}, there)
    translation = _world({"model.bin": _file("dvc", "1")}, {"model.bin": _file("file", "1")})

    assert [each.kind for each in compare(source, translation, Policy())] == kinds
