"""Programs that are rewritten as the pipeline does it, without stores and engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from doctranslate.analysis.usages import analyse
from doctranslate.apis import ApiIndex
from doctranslate.component import component
from doctranslate.records import Job, Rewritten
from doctranslate.rules import find_rules
from doctranslate.rules.base import RuleSet
from doctranslate.sources.package import read_api

Rewrite = Callable[..., Rewritten]
Body = Callable[[str], str]

HEAD = "import git\n\nrepo = git.Repo()\n"


@pytest.fixture(scope="session")
def gitpython() -> ApiIndex:
    return read_api(component("gitpython"))


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    found = find_rules("gitpython", "dvc")
    assert found is not None
    return found


@pytest.fixture(scope="session")
def rewrite(gitpython: ApiIndex, rules: RuleSet) -> Rewrite:
    def run(
        code: str,
        *,
        data: tuple[str, ...] | None = None,
        data_remote: str | None = None,
        bridge: bool = True,
    ) -> Rewritten:
        found = analyse(code, gitpython, overrides=rules.overrides, second_reader=False)
        job = Job(
            code=code,
            src="gitpython",
            dst="dvc",
            usages=found.usages,
            src_api=gitpython,
            types=found.types,
            data=data,
            data_remote=data_remote,
            bridge=bridge,
        )
        return rules.rewrite(job)

    return run


@pytest.fixture(scope="session")
def body(rewrite: Rewrite) -> Body:
    """What statements on an open repository become, without imports and copied functions."""

    def run(statements: str) -> str:
        code = rewrite(HEAD + statements + "\n").code
        return code.split("repo = open_repo()\n", 1)[1].rstrip("\n")

    return run
