"""Scopes of a program."""

from __future__ import annotations

import libcst as cst

from doctranslate.analysis.scopes import Scope, dotted
from doctranslate.analysis.tree import ScopeTree


def scope_of_function(code: str) -> tuple[ScopeTree, Scope]:
    module = cst.parse_module(code)
    tree = ScopeTree(module)
    scope = next(
        s for n, s in tree.scope_by_node.items() if isinstance(n, cst.FunctionDef) and n.name.value == "f"
    )
    return tree, scope


def test_lookup_from_a_method_does_not_see_names_of_its_class() -> None:
    tree, scope = scope_of_function("a = 1\nclass C:\n    a = 2\n    def f(self):\n        a\n")

    found = scope.lookup("a")

    assert found is not None
    assert found[0] is tree.module


def test_global_name_is_bound_in_the_module() -> None:
    tree, scope = scope_of_function("a = 1\ndef f():\n    global a\n    a = 2\n")

    assert len(tree.module.bindings["a"]) == 2
    assert "a" not in scope.bindings


def test_nonlocal_name_is_bound_in_the_enclosing_function() -> None:
    tree, scope = scope_of_function("def g():\n    a = 1\n    def f():\n        nonlocal a\n        a = 2\n")

    assert scope.parent is not None
    assert len(scope.parent.bindings["a"]) == 2
    assert "a" not in tree.module.bindings


def test_comprehension_hides_its_variable() -> None:
    tree, _ = scope_of_function("def f():\n    return [x for x in y]\n")

    assert "x" not in tree.module.bindings
    assert all("x" not in s.bindings for n, s in tree.scope_by_node.items() if isinstance(n, cst.FunctionDef))


def test_assignment_expression_in_a_comprehension_binds_outside() -> None:
    _, scope = scope_of_function("def f():\n    return [a for x in y if (a := x)]\n")

    assert "a" in scope.bindings


def test_first_parameter_of_a_method_is_self_but_not_of_a_static_one() -> None:
    _, method = scope_of_function("class C:\n    def f(me, x):\n        pass\n")
    _, static = scope_of_function("class C:\n    @staticmethod\n    def f(x):\n        pass\n")

    assert (method.self_name, static.self_name) == ("me", "")


def test_attribute_of_self_is_bound_in_its_class() -> None:
    tree, scope = scope_of_function("class C:\n    def f(self):\n        self.a = 1\n")

    assert scope.owner is not None
    assert list(scope.owner.attributes) == ["a"]
    assert tree.module.bindings["C"][0].kind == "class"


def test_dotted_is_empty_for_what_is_no_chain_of_names() -> None:
    assert dotted(cst.parse_expression("a.b.c")) == "a.b.c"
    assert dotted(cst.parse_expression("a().b")) == ""
