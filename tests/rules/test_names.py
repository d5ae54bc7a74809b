"""Names that a translation brings into a program."""

from __future__ import annotations

import ast

import libcst as cst
import pytest

from doctranslate.rules.base import RuleSet
from doctranslate.rules.names import names_in, read_prelude
from tests.rules.conftest import Rewrite


@pytest.mark.parametrize(
    "name", ["Repo", "Git", "os", "open_repo", "SCMError", "NotDvcRepoError", "dvc", "scm", "path"]
)
def test_name_of_the_program_is_never_taken(rewrite: Rewrite, name: str) -> None:
    code = f"import git\n\n{name} = 'mine'\nprint(git.Repo().active_branch.name, {name})\n"

    new = rewrite(code).code

    tree = ast.parse(new)
    bound = [
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ] + [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert name not in bound
    assert f"{name} = 'mine'\n" in new
    assert new.rstrip().endswith(f"{name})")


def test_local_name_for_the_class_is_kept(rewrite: Rewrite) -> None:
    new = rewrite("from git import Repo as R\n\n\ndef f(r: R) -> R:\n    return r\n").code

    assert "from dvc.repo import Repo as R\n" in new
    assert "def f(r: R) -> R:" in new


def test_module_that_is_imported_already_is_not_imported_again(rewrite: Rewrite) -> None:
    new = rewrite("import os as o\nimport os\nimport git\n\nprint(git.Repo(os.curdir).git_dir)\n").code

    assert new.count("import os\n") == 1


def test_variables_of_one_statement_get_names_of_their_own(rewrite: Rewrite) -> None:
    code = 'import git\n\nr = git.Repo()\nprint(f"{r.head.commit.summary} {r.tags[0].commit.summary}")\n'

    new = rewrite(code).code

    assert 'print(f"{value} {value2}")' in new


def test_names_in_leaves_attributes_and_keywords_out() -> None:
    node = cst.parse_expression("a.b(c=d)[e] + f'{g.h}'")

    assert set(names_in(node)) == {"a", "d", "e", "g"}


def test_every_function_of_the_prelude_says_what_it_is_for(rules: RuleSet) -> None:
    with open(rules.prelude_path, encoding="utf-8") as file:
        tree = ast.parse(file.read())

    missing = [n.name for n in tree.body if isinstance(n, ast.FunctionDef) and not ast.get_docstring(n)]
    assert missing == []


def test_copied_code_is_that_of_the_prelude_where_no_name_collides(rules: RuleSet) -> None:
    prelude = read_prelude(rules.prelude_path)
    with open(rules.prelude_path, encoding="utf-8") as file:
        text = file.read()

    for name, node in prelude.definitions.items():
        if isinstance(node, cst.FunctionDef):
            assert prelude.code(name, {}) in text


def test_module_that_a_rule_names_when_it_is_imported_already_then_is_not_imported_twice(
    rewrite: Rewrite,
) -> None:
    code = (
        "import io\n\nimport git\n\nrepo = git.Repo()\n"
        "print(io.BytesIO((repo.commit('v1').tree / 'data/x.csv').data_stream.read()), repo.git.show('v1:data/x.csv'))\n"
    )

    new = rewrite(code).code

    assert new.count("import io\n") == 1
