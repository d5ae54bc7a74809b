"""Values that travel as the source library's own objects, and what is said of them."""

from __future__ import annotations

import pytest

from tests.rules.conftest import HEAD, Rewrite

BRIDGE = "repo.scm.gitpython.repo"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def f():\n    return max(repo.tags, key=str)", f"return max({BRIDGE}.tags, key=str)"),
        ("def f():\n    return sorted(repo.tags)[-1]", f"return sorted({BRIDGE}.tags)[-1]"),
        (
            "def f():\n    return next(h for h in repo.heads if h.name)",
            f"next(h for h in {BRIDGE}.heads if h.name)",
        ),
        ("def f():\n    for h in repo.heads:\n        return h", f"return {BRIDGE}.heads[h]"),
        (
            "f = lambda: repo.active_branch\nprint(f().name)",
            f"f = lambda: {BRIDGE}.active_branch\nprint(f().name)",
        ),
    ],
)
def test_name_that_is_picked_and_leaves_when_its_list_has_objects_then_comes_from_those(
    rewrite: Rewrite, code: str, expected: str
) -> None:
    assert expected in rewrite(HEAD + code + "\n").code


def test_name_that_is_picked_and_stays_when_its_list_has_names_then_is_one(rewrite: Rewrite) -> None:
    assert "x = max(repo.scm.list_tags(), key=str)" in rewrite(HEAD + "x = max(repo.tags, key=str)\n").code


def test_annotation_of_a_native_value_when_there_is_a_bridge_then_stays_and_is_bridged(
    rewrite: Rewrite,
) -> None:
    code = "from git import Head, Repo\n\n\ndef tip(branch: Head):\n    return branch.commit\n\n\ntip(Repo().heads.main)\n"
    found = rewrite(code)
    assert "from git import Head\n" in found.code
    assert "def tip(branch: Head):\n    return branch.commit" in found.code
    assert ("Head", 4) in [(each.code, each.line) for each in found.bridged]
    assert found.unresolved == ()


def test_annotation_of_a_value_that_lives_on_as_its_name_then_is_text(rewrite: Rewrite) -> None:
    found = rewrite("import git\nrepo = git.Repo()\no: git.Remote = repo.remotes.origin\nprint(o.name)\n")
    assert 'o: str = "origin"' in found.code
    assert "import git\n" not in found.code


def test_attribute_of_unknown_type_when_its_object_is_native_then_nothing_is_said(rewrite: Rewrite) -> None:
    found = rewrite(HEAD + "for e in repo.index.entries.values():\n    print(e.hexsha)\n")
    assert found.unresolved == ()
    assert "print(e.hexsha)" in found.code


def test_result_of_an_own_method_when_more_is_asked_of_it_then_it_is_made_native(rewrite: Rewrite) -> None:
    code = (
        "import git\n\n\nclass A:\n    def __init__(self):\n        self.repo = git.Repo()\n\n"
        "    def at(self, rev):\n        return self.repo.commit(rev)\n\n"
        "    def all(self, rev):\n        return self.at(rev).name_rev\n\n\nrepo = git.Repo('b')\n"
    )
    assert "return self.repo.scm.gitpython.repo.commit(self.at(rev).hexsha).name_rev" in rewrite(code).code


def test_members_by_a_name_of_run_time_when_asked_for_then_the_reason_says_so(rewrite: Rewrite) -> None:
    (one,) = rewrite(HEAD + "getattr(repo.git, name)('x')\n").bridged
    assert one.reason.startswith("what is asked of it is known only at run time")


def test_remote_from_a_property_of_a_base_class_when_pushed_then_its_repository_is_known(
    rewrite: Rewrite,
) -> None:
    code = (
        "import git\n\n\nclass Job:\n    def __init__(self):\n        self.repo = git.Repo()\n\n"
        "    @property\n    def origin(self):\n        return self.repo.remotes.origin\n\n\n"
        "class Nightly(Job):\n    def run(self):\n        self.origin.push()\n\n\nother = git.Repo('b')\n"
    )
    assert "        self.repo.push(all_commits=True)\n        self.origin.push()" in without_marks(
        rewrite(code).code
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "import git\no = git.Repo().remotes.origin\no.fetch()\n",
            'repo = open_repo()\no = "origin"\nrepo.scm.fetch(o',
        ),
        (
            "import git\n\n\ndef f(p):\n    i = git.Repo(p).index  # staged\n    i.commit('m')\n",
            "    repo = open_repo(p)\n    repo.scm.commit('m')",
        ),
        (
            "import git\n\n\nclass A:\n    def __init__(self):\n        self.i = git.Repo().index\n\n"
            "    def f(self):\n        self.i.commit('m')\n",
            "        self.repo = open_repo()\n\n    def f(self):\n        self.repo.scm.commit('m')",
        ),
        (
            "import git\nrepo = 1\ng = git.Repo().git\ng.checkout('b')\n",
            "repo2 = open_repo()\ncheckout(repo2, 'b')",
        ),
        ("import git\nsha = git.Repo().head.commit.hexsha\n", "sha = open_repo().scm.get_rev()"),
    ],
)
def test_repository_that_has_no_name_when_something_hangs_on_it_then_gets_one(
    rewrite: Rewrite, code: str, expected: str
) -> None:
    found = rewrite(code)
    assert expected in found.code.replace("  # staged", "")
    assert (found.bridged, found.unresolved) == ((), ())


def without_marks(code: str) -> str:
    return "\n".join(line for line in code.split("\n") if "# doctranslate:" not in line)
