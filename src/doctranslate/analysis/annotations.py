"""What the annotations of a program mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.scopes import Scope, dotted
from doctranslate.analysis.values import Instance, OwnClass, OwnInstance, Ref, Value

if TYPE_CHECKING:
    from doctranslate.analysis.infer import Inference

_WRAPPERS = ("Optional", "Union", "Annotated", "ClassVar", "Final", "InitVar")
_PLAIN = ("str", "bytes", "int", "float", "bool")
_MAPPINGS = ("dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "OrderedDict")


class Annotations:
    """Reads the annotations of one program.

    Args:
        inference: What knows the names in them.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def value(self, node: cst.BaseExpression, scope: Scope) -> Value | None:
        """What an annotation says that a value is: the class it names, through ``Optional``, unions and quotes."""
        if isinstance(node, cst.SimpleString):
            return self._quoted(node, scope)
        if isinstance(node, cst.BinaryOperation):
            return self._one_of([self.value(node.left, scope), self.value(node.right, scope)])
        if isinstance(node, cst.Subscript):
            return self._generic(node, scope)
        value = self.named(dotted(node), scope)
        if isinstance(value, Ref):
            return Instance(value.path)
        if isinstance(value, OwnClass):
            return OwnInstance(value.scope)
        return self._alias(node, scope)

    def _alias(self, node: cst.BaseExpression, scope: Scope) -> Value | None:
        """An annotation that the program has given a name: ``MaybeRepo = Optional[Repo]``."""
        found = scope.lookup(node.value) if isinstance(node, cst.Name) else None
        bindings = found[1] if found is not None else []
        source = bindings[0].node if len(bindings) == 1 and bindings[0].kind == "value" else None
        if not isinstance(source, cst.Subscript | cst.BinaryOperation | cst.SimpleString):
            return None
        return self.value(source, bindings[0].scope)

    def _one_of(self, values: list[Value | None]) -> Value | None:
        """The one class among the members of a union that is neither None nor foreign; None where there are several."""
        plain = [v for v in values if not (isinstance(v, Instance) and v.type in _PLAIN)]
        known = [v for v in plain if v is not None] or [v for v in values if v is not None]
        return self._inference.same(list(known))

    def _quoted(self, node: cst.SimpleString, scope: Scope) -> Value | None:
        try:
            inner = cst.parse_expression(str(node.evaluated_value).strip())
        except cst.ParserSyntaxError:
            return None
        return None if isinstance(inner, cst.SimpleString) else self.value(inner, scope)

    def _generic(self, node: cst.Subscript, scope: Scope) -> Value | None:
        inner = [e.slice.value for e in node.slice if isinstance(e.slice, cst.Index)]
        values = [self.value(i, scope) for i in inner]
        last = dotted(node.value).rpartition(".")[2]
        if last in _WRAPPERS:
            return self._one_of(values)
        if last in _MAPPINGS:
            return Instance("dict", tuple(values))
        if last in ("tuple", "Tuple") and not any(isinstance(i, cst.Ellipsis) for i in inner):
            return Instance("tuple", tuple(values))
        return Instance("list", tuple(values[:1]))

    def named(self, path: str, scope: Scope) -> Value | None:
        """What a dotted name stands for in a scope, where it is a class or module."""
        root, _, rest = path.partition(".")
        found = scope.lookup(root)
        value = self._inference.of_bindings(found[1]) if found else None
        if isinstance(value, Ref):
            whole = self._inference.api.canonical(f"{value.path}.{rest}" if rest else value.path)
            return Ref(whole) if self._inference.api.get(whole) is not None else None
        return value if not rest else None
