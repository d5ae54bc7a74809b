"""The real client, without retries of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import openai
import pytest

from .service import FakeOpenAI

Connect = Callable[..., openai.OpenAI]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Makes clients of a server, which are closed in the end."""
    with ExitStack() as stack:

        def make(fake: FakeOpenAI | str, **settings: object) -> openai.OpenAI:
            url = fake if isinstance(fake, str) else fake.url
            given = {"api_key": "none", "max_retries": 0, "timeout": 30, **settings}
            return stack.enter_context(openai.OpenAI(base_url=url, **given))

        yield make
