"""No retrieval: the baseline that the other strategies are measured against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from doctranslate.records import ApiUsage, Retrieved, Strategy


@dataclass(frozen=True, slots=True)
class NoSearch:
    """Finds nothing, and asks nobody."""

    name: ClassVar[Strategy] = "none"

    def retrieve(self, code: str, *, usages: Sequence[ApiUsage] = ()) -> Retrieved:
        """An empty result; see `RetrievalStrategy`."""
        return Retrieved(strategy=self.name)
