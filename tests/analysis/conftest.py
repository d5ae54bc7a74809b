"""GitPython's API, and programs that are read by it."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst
import pytest

from doctranslate.analysis.infer import Inference
from doctranslate.analysis.values import Instance
from doctranslate.apis import ApiIndex
from doctranslate.component import component
from doctranslate.sources.package import read_api

TypeOf = Callable[[str], str]


@pytest.fixture(scope="session")
def gitpython() -> ApiIndex:
    return read_api(component("gitpython"))


@pytest.fixture
def read(gitpython: ApiIndex) -> Callable[[str], Inference]:
    return lambda code: Inference(cst.parse_module(code), gitpython)


@pytest.fixture
def type_of(read: Callable[[str], Inference]) -> TypeOf:
    """The type of what stands in the last call of ``ask(...)`` in a program, "" when it cannot be told."""

    def ask(code: str) -> str:
        inference = read(code)
        calls = [c for c in inference.tree.calls if isinstance(c.func, cst.Name) and c.func.value == "ask"]
        value = inference.value(calls[-1].args[0].value)
        return value.type.rpartition(".")[2] if isinstance(value, Instance) else ""

    return ask
