"""Imports and copied functions: what goes, what comes, and where."""

from __future__ import annotations

import ast

import pytest

from tests.rules.conftest import Rewrite

USE = "print(Repo().active_branch.name)\n"
OURS = "from dvc.repo import Repo\nfrom scmrepo.git import Git\n"


def head_of(code: str) -> str:
    """The lines in front of the first copied function."""
    return code.split("\n\ndef ", 1)[0].rstrip("\n") + "\n"


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ("from git import Repo\n", f"import os\n\n{OURS}"),
        ("import os\nfrom git import Repo\n", f"import os\n\n{OURS}"),
        ("import sys\n\nfrom git import Repo\n", f"import os\nimport sys\n\n{OURS}"),
        (
            "from pathlib import Path\n\nfrom git import Repo\n",
            f"import os\nfrom pathlib import Path\n\n{OURS}",
        ),
        ("import numpy\nfrom git import Repo\n", f"import os\n\nimport numpy\n{OURS}"),
        ("from git import Repo\nimport sys\n", f"import os\nimport sys\n\n{OURS}"),
        ("from git import Repo, Tree\n", f"import os\n\n{OURS}"),
        ("from git import (\n    Repo,  # the repository\n)\n", f"import os\n\n# the repository\n{OURS}"),
        ("from git import Repo  # the library\n", f"import os\n\n# the library\n{OURS}"),
        ("from git import Repo  # noqa: F401\n", f"import os\n\n{OURS}"),
        ("from git import Repo  # type: ignore[import]\n", f"import os\n\n{OURS}"),
        ("# why\nfrom git import Repo\n", f"# why\nimport os\n\n{OURS}"),
        ("import os, sys\nfrom git import *\n", f"import os, sys\n\n{OURS}"),
        (
            "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nfrom __future__ import annotations\n"
            "from git import Repo\n",
            "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nfrom __future__ import annotations\n\n"
            f"import os\n\n{OURS}",
        ),
    ],
)
def test_imports_come_where_the_source_library_was_imported(
    rewrite: Rewrite, imports: str, expected: str
) -> None:
    new = rewrite(f"{imports}\n\n{USE}").code

    assert head_of(new) == expected


def test_names_that_are_still_used_stay_imported(rewrite: Rewrite) -> None:
    new = rewrite("from git import Actor, Repo\n\nprint(Repo().bare, Actor)\n").code

    assert "from git import Actor\n" in new


def test_guarded_import_keeps_its_guard(rewrite: Rewrite) -> None:
    code = "try:\n    import git\nexcept ImportError:\n    git = None\n\nif git:\n    print(git.Repo().working_dir)\n"

    new = rewrite(code).code

    assert new.startswith("try:\n    import git\nexcept ImportError:\n    git = None\n")
    assert "print(open_repo().scm.root_dir)" in new


def test_import_inside_a_function_goes_and_an_empty_block_gets_pass(rewrite: Rewrite) -> None:
    code = (
        "def f():\n    try:\n        import git\n    finally:\n        pass\n    return git.Repo().git_dir\n"
    )

    new = rewrite(code).code

    assert "    try:\n        pass\n    finally:\n" in new
    assert "import git\n" not in new


def test_copied_functions_come_after_imports_that_are_not_at_the_top(rewrite: Rewrite) -> None:
    code = (
        "def git(x):\n    return x\n\nfrom git import Repo, GitError\n"
        "try:\n    Repo().git.checkout('x')\nexcept GitError:\n    pass\n"
    )

    new = rewrite(code).code

    assert new.index("import contextlib") < new.index("@contextlib.contextmanager")
    assert new.startswith("def git(x):\n    return x\n")


def test_nothing_is_imported_or_copied_that_is_not_used(rewrite: Rewrite) -> None:
    tree = ast.parse(rewrite("import git\n\nrepo = git.Repo('.')\nrepo.index.commit('m')\n").code)

    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    imported = {
        a.asname or a.name for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names
    }
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert functions == {"open_repo"}
    assert imported - read == set()


def test_quoted_annotation_gets_its_import(rewrite: Rewrite) -> None:
    new = rewrite("import git\n\n\ndef f(c: 'list[git.Commit | None]', t: 'git.Actor'):\n    pass\n").code

    assert "def f(c: 'list[GitCommit | None]', t: 'git.Actor'):" in new
    assert "from scmrepo.git.objects import GitCommit\n" in new
    assert "import git\n" in new


@pytest.mark.parametrize("more", ["", "\n\nclass Mine(git.Actor):\n    pass\n"])
def test_library_that_is_still_needed_when_something_is_made_with_it_then_is_imported_once(
    rewrite: Rewrite, more: str
) -> None:
    code = f"import git\n\nrepo = git.Repo()\nrepo.index.commit('m', author=git.Actor('a', 'b'))\n{more}"

    assert rewrite(code).code.count("import git\n") == 1


def test_object_made_natively_when_only_its_class_was_imported_then_the_library_is_imported(
    rewrite: Rewrite,
) -> None:
    code = "from git import Actor, Repo\n\nrepo = Repo()\nrepo.index.commit('m', author=Actor('a', 'b'))\n"
    new = rewrite(code).code
    assert "git.Actor('a', 'b')" in new
    assert new.count("import git\n") == 1
