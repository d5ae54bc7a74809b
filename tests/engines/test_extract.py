from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from doctranslate.engines import extract
from doctranslate.records import Chunk

from .samples import api, chunk

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"

DOCSTRING = """Create a new tag reference.

:note:
    For more documentation, see :meth:`TagReference.create <git.refs.tag.TagReference.create>`.

:return:
    :class:`~git.refs.tag.TagReference` object
"""
GUIDE = """# Push

Upload [tracked files](/doc/track) to the `dvc` <abbr>remote</abbr>. It needs a remote.
More of it.

```usage
usage: dvc push [targets]
```

```cli
$ dvc push
```

```python
repo.push()
```
"""
HELP = """usage: dvc add [-h] [-q | -v]
               targets [targets ...]

Track data files or directories with DVC.
Documentation: <https://man.dvc.org/add>

positional arguments:
  targets               Input files/directories to add.
"""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (api("git.Repo.create_tag", "create_tag(path)", DOCSTRING), "Create a new tag reference."),
        (
            api(
                "git.IndexFile.add",
                "add(items)",
                "Add files, specific blobs, or\n:class:`~git.typ.Entry`\\s to it.",
            ),
            "Add files, specific blobs, or git.typ.Entrys to it.",
        ),
        (chunk(GUIDE), "Upload tracked files to the dvc remote. It needs a remote."),
        (chunk(HELP, symbol="cli:add", kind="cli"), "Track data files or directories with DVC."),
        (chunk("---\ntitle: x\n---\n\nIt `.dvc/` does things.\n"), "It .dvc/ does things."),
        (chunk("Title\n=====\n\n.. note::\n   Careful.\n\nThe text is here."), "The text is here."),
        (chunk("- first thing it does\n- second thing\n"), "first thing it does"),
        (chunk("> **Note** that this is `x`.\n"), "Note that this is x."),
        (api("lib.Gone", "", "Bases: lib.errors.LibError, Exception"), "Gone."),
        (
            api(
                "lib.Box", "Box()", "Bases: lib.Base\nAttributes: lid: str, size\n\nHolds a number of things."
            ),
            "Holds a number of things.",
        ),
        (
            api("lib.Box.lid", "lid: Lid", ":return:\n    :class:`Lid` that closes the box"),
            "Lid of Box. Lid that closes the box",
        ),
        (
            api("lib.Box.lids", "lids: list", ":return:\n    list(str,...)\n\n    Those it has."),
            "Lids of Box. Those it has.",
        ),
        (api("lib.Box.size", "size: int", ":return: int"), "Size of Box."),
        (chunk("pip install lib\n", headings=["Setup"], kind="example"), "Example of Setup"),
        (chunk("", headings=["Guide", "Push"]), "Guide > Push"),
        (chunk("```python\nx = 1\n```", headings=["Push"]), "Push"),
    ],
)
def test_describe_when_there_is_prose_then_gives_its_first_sentence(given: Chunk, expected: str) -> None:
    assert extract.describe(given) == expected


@pytest.mark.parametrize(
    ("symbol", "signature", "expected"),
    [
        (
            "scmrepo.git.Git.tag",
            "def tag(self, name: str, target=None, *, annotated: bool = False) -> None",
            "Tag of Git (name a version, mark a release), by name, target, annotated.",
        ),
        ("lib.Repo.frobnicate", "", "Frobnicate of Repo."),
        ("lib.parseHTMLFile", "parseHTMLFile(", "Parse html file."),
        ("cli:exp.run", "", "Run (one experiment)."),
    ],
)
def test_describe_when_there_is_no_docstring_then_says_what_the_name_says(
    symbol: str, signature: str, expected: str
) -> None:
    assert extract.describe(api(symbol, signature)) == expected


def test_search_words_when_there_is_a_docstring_then_say_what_the_name_stands_for() -> None:
    documented = api("lib.Repo.push", "push()", "Sends it all to another place.")
    assert extract.search_words(documented) == "push, upload to a remote"
    assert extract.digest(documented).search_words == "push, upload to a remote"
    assert extract.digest(documented).description == "Sends it all to another place."


@pytest.mark.parametrize("given", [api("lib.Repo.push", "push()"), chunk("# Push\n\nHow to push things.")])
def test_search_words_when_the_description_has_them_or_there_is_no_name_then_are_empty(given: Chunk) -> None:
    assert extract.search_words(given) == ""


def test_example_when_there_are_several_then_takes_python_verbatim() -> None:
    assert extract.example(chunk(GUIDE)) == "repo.push()"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Text.\n\n>>> repo.tag('v1')\n>>> repo.tags\n['v1']\n\nMore.",
            ">>> repo.tag('v1')\n>>> repo.tags\n['v1']",
        ),
        (
            "Like this::\n\n    repo.push()\n\n    repo.pull()\n\nAnd so on.",
            "    repo.push()\n\n    repo.pull()",
        ),
        (".. code-block:: python\n   :linenos:\n\n   repo.push()\n", "   repo.push()"),
        ("```yaml\na: 1\n```", ""),
        ("```python\nnever.closed()\n", "never.closed()"),
        ("No code.", ""),
    ],
)
def test_example_when_marked_up_in_any_way_then_is_a_piece_of_the_text(text: str, expected: str) -> None:
    assert extract.example(chunk(text)) == expected
    assert expected in text


def test_example_when_the_chunk_is_an_example_without_fences_then_is_all_of_it() -> None:
    assert (
        extract.example(chunk("repo = Repo('.')\nrepo.push()\n", kind="example"))
        == "repo = Repo('.')\nrepo.push()"
    )


def test_example_when_it_is_long_then_stops_at_a_line() -> None:
    code = "\n".join(f"call_number({n})" for n in range(500))
    found = extract.example(chunk(f"```python\n{code}\n```"))
    assert len(found) <= extract.MAX_EXAMPLE_CHARS
    assert code.startswith(found + "\n")


@pytest.mark.parametrize(
    "given",
    [
        chunk("We fixed things.", headings=["Project", "Changelog"]),
        chunk("3.1 fixed things.", uri="src/doc/changes.rst"),
        chunk("Fork it.", headings=["Contributing to the project"]),
        chunk("Fork it.", uri="https://example.org/CONTRIBUTING.md"),
        chunk("Permission is hereby granted, free\nof charge, to any person"),
        chunk("x", headings=["License Information"]),
    ],
)
def test_is_relevant_when_it_is_no_documentation_then_is_false(given: Chunk) -> None:
    assert not extract.is_relevant(given)


@pytest.mark.parametrize(
    "given",
    [
        chunk("It lists changes.", headings=["Obtaining changes"]),
        chunk("Adds an author.", headings=["Commit", "The author of a commit"]),
        api("lib.license", "license()", "Permission is hereby granted, free of charge"),
        chunk("text", uri="docs/history-of-a-file.md"),
    ],
)
def test_is_relevant_when_it_only_looks_like_it_then_is_true(given: Chunk) -> None:
    assert extract.is_relevant(given)


def test_digest_when_made_twice_then_is_the_same() -> None:
    assert extract.digest(chunk(GUIDE)) == extract.digest(chunk(GUIDE))
    assert re.fullmatch(r"[0-9a-f]{16}", extract.digest(chunk(GUIDE)).prompt_hash)


def sections() -> Iterator[Chunk]:
    for path in sorted(CORPORA.rglob("*.*")):
        text = path.read_text(encoding="utf-8")
        parts = re.split(r"(?m)^(?=#{1,3} )|\n(?=[^\n]+\n[=*~^-]{4,}\n)", text)
        for part in parts:
            heading = part.strip().partition("\n")[0].strip("# ")
            yield chunk(part, uri=str(path.relative_to(CORPORA)), headings=[heading])


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the documentation texts of ../shared/corpora are not here")
def test_digest_when_the_documentation_is_real_then_copies_code_verbatim_and_describes_nearly_all() -> None:
    n_all = n_described = n_examples = 0
    for each in sections():
        found = extract.digest(each)
        assert found.example in each.text
        assert found.signatures == each.signatures
        assert "\n" not in found.description
        assert len(found.description) <= 400
        n_all += 1
        n_described += found.description not in ("", each.headings[0])
        n_examples += bool(found.example)
    assert n_all > 1_000
    assert n_described / n_all > 0.7
    assert n_examples > 300
