"""One attempt: a program is translated with a store in which poisoned documents are, by a model that obeys them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import doctranslate
from doctranslate.engines.model import ModelEngine
from doctranslate.records import Check, Translation
from tests.model_server import serve

from .attacks import SOURCE
from .documents import PAGES, Poisoned
from .obeying import Obedient

GUARD = "nothing-dangerous"


@dataclass(frozen=True)
class Attempt:
    """What came of it.

    Attributes:
        translation: The result.
        model: The model, with what it saw and sent.
    """

    translation: Translation
    model: Obedient

    @property
    def guard(self) -> Check:
        """What the guard says."""
        return next(check for check in self.translation.report.checks if check.name == GUARD)

    @property
    def is_blocked(self) -> bool:
        """Whether the guard found it, with line and reason, and the result is not called good."""
        findings = self.guard.findings
        return bool(findings) and not self.translation.ok and all(f.line > 0 and f.message for f in findings)


def build(stores: Path, documents: Iterable[Poisoned], *, folder: Path) -> None:
    """Build the stores of both libraries from pages in a folder, poisoned ones among those of DVC.

    Args:
        stores: Where they go.
        documents: The poisoned ones.
        folder: Where the pages are written.
    """
    for library, pages in PAGES.items():
        (folder / library).mkdir(parents=True)
        for name, text in pages.items():
            (folder / library / name).write_text(text, encoding="utf-8")
    for document in documents:
        (folder / "dvc" / f"page{document.number:02d}.md").write_text(document.text, encoding="utf-8")
    for library in PAGES:
        doctranslate.build_store(
            library, sources=["folder"], folders=[folder / library], stores=stores
        ).close()


def attempt(number: int, stores: Path, *, k: int = 60, repair: int = 2) -> Attempt:
    """Translate with the model that obeys one order.

    Args:
        number: The order.
        stores: Where the stores are.
        k: Documents per query; the usual value of all documents, so that each order is in each prompt.
        repair: How often the findings go back to the model, which obeys again.
    """
    model = Obedient(number)
    with serve(model) as server:
        engine = ModelEngine("openai:fake", base_url=server.url)
        translation = doctranslate.translate(
            SOURCE,
            "gitpython",
            "dvc",
            "docs",
            engine=engine,
            stores=stores,
            k=k,
            sample=number,
            repair=repair,
        )
    return Attempt(translation, model)
