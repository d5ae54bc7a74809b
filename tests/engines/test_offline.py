from __future__ import annotations

from dataclasses import replace

import pytest

from doctranslate.apis import ApiIndex, ApiObject, ApiParameter
from doctranslate.engines.offline import OfflineEngine

from .samples import JOB, PROMPT, SOURCE, TAG, document

DOCS = [document(TAG, "Create a new tag reference.")]


def test_counterpart_when_there_are_no_rules_then_describes_each_call() -> None:
    found = OfflineEngine().counterpart(DOCS, src="leftlib", dst="rightlib", usages=JOB.usages)
    assert len(found.queries) == 2
    assert found.queries[1].startswith("create tag repository: ")
    assert [document.chunk.symbol for document in found.documents] == ["", ""]
    assert {document.chunk.uri for document in found.documents} == {"engine:offline"}
    assert all(document.generated for document in found.documents)


def test_counterpart_when_rules_are_switched_off_then_names_no_target() -> None:
    found = OfflineEngine(use_rules=False).counterpart(DOCS, src="gitpython", dst="dvc", usages=JOB.usages)
    assert not any("scmrepo" in query or "dvc" in query for query in found.queries)


def test_counterpart_when_there_are_rules_then_asks_for_their_targets_too() -> None:
    plain = OfflineEngine(use_rules=False).counterpart(DOCS, src="gitpython", dst="dvc", usages=JOB.usages)
    found = OfflineEngine().counterpart(DOCS, src="gitpython", dst="dvc", usages=JOB.usages)
    assert set(plain.queries) < set(found.queries)
    assert "scmrepo.git.Git.tag" in found.queries
    assert "scmrepo.git.Git.tag" in {document.chunk.symbol for document in found.documents}


def test_counterpart_when_calls_have_several_targets_then_names_the_first_of_each_call_first() -> None:
    found = OfflineEngine().counterpart(DOCS, src="gitpython", dst="dvc", usages=JOB.usages)
    assert "scmrepo.git.Git.tag" in found.queries[: len(JOB.usages)]
    assert "scmrepo.git.Git.tag" in [document.chunk.symbol for document in found.documents][: len(JOB.usages)]


def test_rewrite_when_there_are_no_rules_then_changes_nothing_and_says_what_to_do() -> None:
    job = replace(JOB, src="leftlib", dst="rightlib")
    found = OfflineEngine().rewrite(PROMPT, job)
    assert found.code == SOURCE
    assert [u.line for u in found.unresolved] == [3, 4]
    assert all(
        "leftlib to rightlib" in u.reason and "DOCTRANSLATE_MODEL" in u.reason for u in found.unresolved
    )


@pytest.mark.parametrize("use_rules", [True, False])
def test_rewrite_when_nothing_is_used_then_has_nothing_unresolved(use_rules: bool) -> None:
    job = replace(JOB, code="print(1)\n", src="leftlib", dst="rightlib", usages=())
    found = OfflineEngine(use_rules=use_rules).rewrite(PROMPT, job)
    assert (found.code, found.unresolved) == ("print(1)\n", ())


def test_rewrite_when_rules_are_switched_off_then_says_so() -> None:
    found = OfflineEngine(use_rules=False).rewrite(PROMPT, JOB)
    assert found.code == SOURCE
    assert "use_rules" in found.unresolved[0].reason


def test_rewrite_when_there_are_rules_then_rewrites_by_them() -> None:
    repo = "git.repo.base.Repo"
    objects = {
        repo: ApiObject(repo, "class", (ApiParameter("path", default="None"),)),
        TAG: ApiObject(TAG, "function", (ApiParameter("path"), ApiParameter("ref", default="'HEAD'"))),
    }
    api = ApiIndex("GitPython", "3.2.1", objects, {"git.Repo": repo}, ("git",))
    found = OfflineEngine().rewrite(PROMPT, replace(JOB, src_api=api))
    assert "create_tag" not in found.code
    assert "refs/tags/v1" in found.code
    assert found.unresolved == ()
