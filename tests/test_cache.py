"""The cache on disk: what is put is there, for others too; what cannot be used says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from doctranslate.cache import Cache
from doctranslate.errors import StoreError


def test_get_when_values_were_put_then_another_object_finds_them(tmp_path: Path) -> None:
    Cache(tmp_path / "c" / "x.sqlite", what="x").put({"a": b"1", "b": b"\0"})
    Cache(tmp_path / "c" / "x.sqlite", what="x").put({"a": b"2"})
    assert Cache(tmp_path / "c" / "x.sqlite", what="x").get(["a", "b", "c"]) == {"a": b"2", "b": b"\0"}


def test_read_only_when_the_file_is_missing_then_it_is_empty_and_nothing_is_made(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "c" / "x.sqlite", what="x", read_only=True)
    cache.put({"a": b"1"})
    assert cache.get(["a"]) == {}
    assert not list(tmp_path.iterdir())


def test_read_only_when_the_file_is_there_then_it_is_read_and_not_changed(tmp_path: Path) -> None:
    Cache(tmp_path / "x.sqlite", what="x").put({"a": b"1"})
    before = (tmp_path / "x.sqlite").read_bytes()
    cache = Cache(tmp_path / "x.sqlite", what="x", read_only=True)
    cache.put({"b": b"1"})
    assert cache.get(["a", "b"]) == {"a": b"1"}
    assert (tmp_path / "x.sqlite").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["x.sqlite"]


@pytest.mark.parametrize("read_only", [False, True])
def test_get_when_the_file_is_no_cache_then_raises_and_says_what_to_do(
    tmp_path: Path, read_only: bool
) -> None:
    (tmp_path / "x.sqlite").write_bytes(b"garbage" * 100)
    with pytest.raises(StoreError, match="Delete it"):
        Cache(tmp_path / "x.sqlite", what="x", read_only=read_only).get(["a"])
