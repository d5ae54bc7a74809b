"""Which root object a value belongs to: the repository of an index, a branch, a remote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.literals import is_none
from doctranslate.analysis.scopes import Binding, Scope
from doctranslate.rules.base import NoCounterpart
from doctranslate.rules.definitions import source_of
from doctranslate.rules.flow import holds
from doctranslate.rules.site import is_simple

if TYPE_CHECKING:
    from doctranslate.rules.planner import Planner


class Owners:
    """Finds owners in one program.

    Args:
        planner: What knows the rest.
    """

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._inference = planner.inference
        self._root = planner.rules.root

    def owner(self, node: cst.BaseExpression) -> str:
        """Code of the root object that an expression's value belongs to.

        Raises:
            NoCounterpart: None or several come into question.
        """
        if holds(self._inference.value(node), self._root):
            return self._planner.render(node)
        found = self._traced(node)
        if found is not None:
            return found
        visible = sorted(set(self._visible(node)))
        if len(visible) == 1:
            return visible[0]
        short = self._root.rpartition(".")[2]
        several = f" ({', '.join(visible)})" if visible else ""
        raise NoCounterpart(f"it cannot be told which {short} it belongs to{several}")

    def _traced(self, node: cst.BaseExpression) -> str | None:
        if isinstance(node, cst.Attribute) and (found := self._traced_property(node)) is not None:
            return found
        if isinstance(node, cst.Name) or self._planner.flow.is_own_variable(node):
            return self._traced_variable(node)
        if isinstance(node, cst.Attribute | cst.Subscript):
            return self.owner(node.value)
        if isinstance(node, cst.Call) and (found := self._traced_result(node)) is not None:
            return found
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            return self.owner(node.func.value)
        return self.owner(node.left) if isinstance(node, cst.BinaryOperation) else None

    def _traced_result(self, node: cst.Call) -> str | None:
        """The owner of what a function of the program gives back: ``self.repo``, or the repository it is given."""
        scope = self._inference.function_of(node.func)
        if scope is None:
            return None
        receiver = node.func.value if isinstance(node.func, cst.Attribute) else None
        code = self._returned_root(scope)
        if code is None:
            return None
        seen = self._seen_by(receiver, code, scope)
        if seen is not None:
            return seen
        for arg in node.args:
            target = self._inference.parameters.target(node, arg)
            if target is not None and target[0].name.value == code:
                given = self._planner.render(arg.value)
                return given if is_simple(given) else None
        return None

    def _traced_property(self, node: cst.Attribute) -> str | None:
        """The owner of what a property of the program's own class gives."""
        scope = self._inference.property_of(node)
        code = self._returned_root(scope) if scope is not None else None
        return self._seen_by(node.value, code, scope) if code is not None and scope is not None else None

    def _seen_by(self, receiver: cst.BaseExpression | None, code: str, scope: Scope) -> str | None:
        """``store.repo`` for what a method of ``store`` calls ``self.repo``."""
        holder, _, rest = code.partition(".")
        if not rest or holder != scope.self_name or receiver is None:
            return None
        seen_as = self._planner.verbatim(receiver)
        return f"{seen_as}.{rest}" if is_simple(seen_as) else None

    def _returned_root(self, scope: Scope) -> str | None:
        """Code of the root object that all results of a function belong to, as the function names it."""
        roots = {self._code_of_root(self._root_of(each)) for each in scope.returns if not is_none(each)}
        return roots.pop() if len(roots) == 1 else None

    def _code_of_root(self, root: cst.BaseExpression | None) -> str | None:
        return None if root is None else self._planner.verbatim(root)

    def _traced_variable(self, node: cst.BaseExpression) -> str | None:
        """The owner that all bindings of a variable lead to."""
        here = self._inference.tree.scope_of.get(node)
        found: list[str] = []
        for binding in self._inference.bindings(node):
            source = source_of(binding) or binding.node
            if binding.kind not in ("value", "unpack", "element", "enter") or not isinstance(
                source, cst.BaseExpression
            ):
                return None
            root = self._root_of(source)
            from_outside = self._seen_from_outside(node, root, binding)
            if from_outside is not None:
                found.append(from_outside)
                continue
            if (
                root is None
                or here is None
                or not self._planner.definitions.same_everywhere(root, binding.scope, here)
            ):
                return None
            found.append(self._planner.render(root))
        return found[0] if found and len(set(found)) == 1 else None

    def _seen_from_outside(
        self, node: cst.BaseExpression, root: cst.BaseExpression | None, binding: Binding
    ) -> str | None:
        """``store.repo`` for ``store.origin``, where a method of its class has set it from ``self.repo``."""
        if not isinstance(node, cst.Attribute) or root is None:
            return None
        holder, code = self._planner.verbatim(node.value), self._planner.verbatim(root)
        own = binding.scope.method_self
        if holder == own or not own or not code.startswith(f"{own}.") or not is_simple(holder):
            return None
        return holder + code.removeprefix(own)

    def _root_of(self, node: cst.CSTNode) -> cst.BaseExpression | None:
        """The part of an expression that is the root object itself, where it is a plain variable."""
        while True:
            if holds(self._inference.value(node), self._root):
                plain = is_simple(self._inference.module.code_for_node(node))
                return node if plain and isinstance(node, cst.BaseExpression) else None
            inner: cst.CSTNode | None = None
            if isinstance(node, cst.Call):
                arguments = [a.value for a in node.args]
                inner = arguments[0] if isinstance(node.func, cst.Name) and arguments else node.func
            elif isinstance(node, cst.Attribute | cst.Subscript):
                inner = node.value
            elif isinstance(node, cst.BinaryOperation):
                inner = node.left
            elif isinstance(node, cst.Name):
                inner = self._planner.definitions.of(node)
            if inner is None:
                return None
            node = inner

    def _visible(self, node: cst.CSTNode) -> Iterator[str]:
        """Names of the root objects that can be seen from a node."""
        scope = self._inference.tree.scope_of.get(node)
        if scope is None:
            return
        for name, where in scope.visible():
            if holds(self._inference.of_bindings(where.bindings[name]), self._root):
                yield name
        owner = scope.method_class
        if owner is not None and scope.method_self:
            for holder in (owner, *self._inference.bases(owner)):
                for name, bindings in holder.attributes.items():
                    if holds(self._inference.of_bindings(bindings), self._root):
                        yield f"{scope.method_self}.{name}"
