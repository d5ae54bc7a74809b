"""What models cost, by the table that ships with the package or one that the user names."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from doctranslate.errors import ConfigError

_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    input: float = Field(ge=0)
    output: float = Field(default=0.0, ge=0)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")

    date: str
    source: str = ""
    models: Mapping[str, _Entry]


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs.

    Attributes:
        input_usd: For a million tokens that are sent.
        output_usd: For a million tokens that come back.
        date: When the price was looked up.
        source: Where.
    """

    input_usd: float
    output_usd: float
    date: str
    source: str

    def of(self, *, input_tokens: int, output_tokens: int = 0) -> float:
        """Cost in USD.

        Args:
            input_tokens: Tokens that are sent.
            output_tokens: Tokens that come back.
        """
        return (input_tokens * self.input_usd + output_tokens * self.output_usd) / 1e6


def price_of(model: str) -> Price | None:
    """The price of a model, or None when it is not known.

    A table in ``$DOCTRANSLATE_PRICES`` goes first. The table of the package is about OpenAI's own endpoint: it says
    nothing while ``$OPENAI_BASE_URL`` is set.

    Args:
        model: ``provider:model``, with or without a date at its end; a table may name it so, or, for OpenAI, without
            the provider.

    Raises:
        ConfigError: The table in ``$DOCTRANSLATE_PRICES`` cannot be read.
    """
    given = os.environ.get("DOCTRANSLATE_PRICES", "").strip()
    tables = [_own_table(Path(given).expanduser())] if given else []
    if not os.environ.get("OPENAI_BASE_URL", "").strip():
        tables.append(_shipped_table())
    plain = model.removeprefix("openai:")
    for table in tables:
        for name in (model, plain, _DATED.sub("", plain)):
            if entry := table.models.get(name):
                return Price(entry.input, entry.output, table.date, table.source)
    return None


def _shipped_table() -> _Table:
    text = resources.files(__package__).joinpath("prices.toml").read_text(encoding="utf-8")
    return _Table.model_validate(tomllib.loads(text))


def _own_table(path: Path) -> _Table:
    try:
        return _Table.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as exc:
        first = exc.errors()[0]
        reason = f"field '{'.'.join(map(str, first['loc']))}': {first['msg']}"
    except (OSError, ValueError) as exc:  # TOML and encoding errors are ValueErrors
        reason = str(exc)
    raise ConfigError(f"the price table {path} of DOCTRANSLATE_PRICES cannot be read: {reason}")
