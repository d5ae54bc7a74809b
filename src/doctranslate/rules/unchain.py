"""Gives a root object a name where a program hangs something on it at once: ``origin = Repo(path).remotes.origin``.

What is taken from the root object is written against it later, so that there has to be a variable for it. Both
assignments stay on one line until the program is written, so that no line number moves.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from doctranslate.analysis.infer import Inference
from doctranslate.analysis.values import Bound, Instance, Ref
from doctranslate.rules.base import RuleSet


def unchain(inference: Inference, rules: RuleSet) -> cst.Module | None:
    """The program with such root objects in variables of their own; None when it has none."""
    found = dict(_found(inference, rules))
    if not found:
        return None
    taken = {node.value for node in inference.tree.scope_of if isinstance(node, cst.Name)}
    changed = inference.module.visit(_Unchain(inference, found, taken))
    return changed if isinstance(changed, cst.Module) else None


def is_unchained(line: cst.CSTNode) -> bool:
    """Whether a line holds two assignments that belong on lines of their own."""
    return isinstance(line, cst.SimpleStatementLine) and any(
        isinstance(small, cst.Assign) and small.semicolon is _APART for small in line.body
    )


_APART = cst.Semicolon(whitespace_after=cst.SimpleWhitespace(" "))


def _found(inference: Inference, rules: RuleSet) -> Iterator[tuple[cst.Assign, cst.Call]]:
    """Assignments of something that hangs on a new root object, and the call that makes that object."""
    for node in inference.tree.scope_of:
        if not isinstance(node, cst.Assign) or len(node.targets) != 1:
            continue
        value = inference.value(node.value)
        hangs = isinstance(value, Bound) or (isinstance(value, Instance) and _lives_on(value, rules))
        line = inference.tree.parent_of.get(node)
        if not hangs or not isinstance(line, cst.SimpleStatementLine):
            continue
        if isinstance(inference.tree.scope_of[node].node, cst.ClassDef):
            continue
        root = _root_call(node.value, inference, rules)
        if root is not None and isinstance(node.targets[0].target, cst.Name | cst.Attribute):
            yield node, root


def _lives_on(value: Instance, rules: RuleSet) -> bool:
    inner = value.args[0].type if value.args and isinstance(value.args[0], Instance) else ""
    return value.type != rules.root and (value.type in rules.types or f"{value.type}[{inner}]" in rules.types)


def _root_call(node: cst.BaseExpression, inference: Inference, rules: RuleSet) -> cst.Call | None:
    while isinstance(node, cst.Attribute | cst.Subscript | cst.Call):
        if isinstance(node, cst.Call):
            func, value = inference.value(node.func), inference.value(node)
            makes = isinstance(func, Ref) or (isinstance(func, Bound) and isinstance(func.receiver, Ref))
            if makes:
                return node if isinstance(value, Instance) and value.type == rules.root else None
            node = node.func
        else:
            node = node.value
    return None


class _Unchain(cst.CSTTransformer):
    def __init__(self, inference: Inference, found: dict[cst.Assign, cst.Call], taken: set[str]) -> None:
        super().__init__()
        self._inference = inference
        self._found = found
        self._taken = taken
        self._names: dict[cst.Call, cst.Name | cst.Attribute] = {}

    def visit_Assign(self, node: cst.Assign) -> None:
        """Choose the name of the variable."""
        if node not in self._found:
            return
        name = next(n for n in ("repo", *(f"repo{i}" for i in range(2, 1000))) if n not in self._taken)
        self._taken.add(name)
        target = node.targets[0].target
        own = self._inference.tree.scope_of[node].method_self
        of_self = (
            isinstance(target, cst.Attribute)
            and isinstance(target.value, cst.Name)
            and target.value.value == own
        )
        variable = cst.Attribute(cst.Name(own), cst.Name(name)) if of_self else cst.Name(name)
        self._names[self._found[node]] = variable

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """Put the variable in place of the call."""
        return self._names.get(original_node, updated_node)

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine:
        """Put the assignment of the variable in front."""
        body: list[cst.BaseSmallStatement] = []
        for before, after in zip(original_node.body, updated_node.body, strict=True):
            if isinstance(before, cst.Assign) and before in self._found:
                call = self._found[before]
                target = cst.AssignTarget(self._names[call].deep_clone())
                body.append(cst.Assign([target], call, semicolon=_APART))
            body.append(after)
        return updated_node.with_changes(body=body)
