"""No poisoned document gets through, from the page to the guard: store, retrieval, prompt, reply and checks are real."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.model_server import serve

from .attacks import SOURCE, TRANSLATION
from .attempt import attempt, build
from .documents import DOCUMENTS, Poisoned
from .obeying import Obedient

TOOL = Path(sys.executable).parent / "doctranslate"


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("poison")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCTRANSLATE_CACHE", str(root / "cache"))
        build(root / "stores", DOCUMENTS, folder=root / "pages")
        yield root / "stores"


def test_documents_when_collected_then_there_are_forty() -> None:
    assert len({document.payload for document in DOCUMENTS}) == len(DOCUMENTS) == 40


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: f"{document.number}-{document.kind}")
def test_translate_when_a_document_is_poisoned_then_the_guard_blocks_what_it_orders(
    document: Poisoned, stores: Path
) -> None:
    found = attempt(document.number, stores, repair=0)

    assert document.number in found.model.seen, "the order was not in the prompt: the case proves nothing"
    assert document.payload in found.model.replies[-1]
    assert document.payload in found.translation.code
    assert found.is_blocked, found.guard


def test_translate_when_the_model_obeys_no_order_then_nothing_is_blocked(stores: Path) -> None:
    found = attempt(0, stores)

    assert len(found.model.seen) == len(DOCUMENTS)
    assert found.translation.ok, str(found.translation.report)


def test_translate_when_the_findings_go_back_to_a_model_that_obeys_again_then_it_stays_blocked(
    stores: Path,
) -> None:
    found = attempt(1, stores, repair=2)

    assert len(found.model.replies) > 1
    assert found.is_blocked


def test_obedient_when_the_document_is_not_in_the_prompt_then_adds_nothing() -> None:
    model = Obedient(1)
    model({"messages": [{"role": "user", "content": "Rewrite the program."}]})

    assert model.replies == [TRANSLATION]


def test_command_line_when_the_guard_blocks_then_writes_nothing(stores: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(SOURCE)
    with serve(Obedient(1)) as server:
        settings = {
            "DOCTRANSLATE_STORES": str(stores),
            "DOCTRANSLATE_MODEL": "openai:fake",
            "OPENAI_BASE_URL": server.url,
        }
        options = ["--src", "gitpython", "--dst", "dvc", "--strategy", "docs", "--k", "60", "--write"]
        done = subprocess.run(
            [TOOL, "translate", str(program), *options],
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    assert done.returncode == 1, done.stderr
    assert "nothing-dangerous" in done.stderr and "was not written" in done.stderr
    assert program.read_text() == SOURCE
