"""What calls give: constructors, functions of the program, methods of the library, builtins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.literals import is_none, literal
from doctranslate.analysis.scopes import Scope, dotted
from doctranslate.analysis.values import (
    Bound,
    Instance,
    OwnClass,
    OwnFunction,
    OwnInstance,
    Partial,
    Ref,
    Value,
    element_of,
)

if TYPE_CHECKING:
    from doctranslate.analysis.infer import Inference

BUILTINS = {
    "str", "list", "dict", "set", "tuple", "frozenset", "sorted", "next", "iter", "reversed", "max", "min", "filter",
    "map", "enumerate", "zip",
}  # fmt: skip


class Results:
    """Answers what calls of one program give.

    Args:
        inference: What knows the parts of a call.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def of(self, node: cst.Call) -> Value | None:
        """What a call gives, or None when that cannot be told."""
        func = self._inference.value(node.func)
        if isinstance(func, Ref):
            return self._construct(func, node)
        if isinstance(func, OwnClass):
            return OwnInstance(func.scope)
        if isinstance(func, OwnFunction):
            return self.returned(func.scope)
        if isinstance(func, Partial):
            return func.result
        if isinstance(func, Bound):
            return self._bound_result(func)
        if isinstance(func, OwnInstance):
            return self._called_instance(func, node)
        return self._foreign_call(node)

    def entered(self, node: cst.CSTNode) -> Value | None:
        """What ``with`` binds: what ``__enter__`` of the program's own class gives, else the value itself."""
        value = self._inference.value(node)
        method = self.enter_of(value)
        return self.returned(method) if method is not None else value

    def enter_of(self, value: Value | None) -> Scope | None:
        """The ``__enter__`` that a class of the program has."""
        if not isinstance(value, OwnInstance):
            return None
        for name in ("__enter__", "__aenter__"):
            for binding in value.scope.bindings.get(name, []):
                if binding.node is not None and binding.kind == "function":
                    return self._inference.tree.scope_by_node[binding.node]
        return None

    def _called_instance(self, func: OwnInstance, node: cst.Call) -> Value | None:
        """``cls()`` in a class method, else what ``__call__`` gives."""
        scope = self._inference.tree.scope_of[node]
        if isinstance(node.func, cst.Name) and node.func.value == scope.method_self:
            return func
        for binding in func.scope.bindings.get("__call__", []):
            if binding.node is not None and binding.kind == "function":
                return self.returned(self._inference.tree.scope_by_node[binding.node])
        return None

    def _foreign_call(self, node: cst.Call) -> Value | None:
        name = dotted(node.func)
        if name == "super" and not node.args:
            return self._super(node)
        same = self._inference.passing.given_back(node)
        if same is not None:
            return self.entered(same) if name.endswith("enter_context") else self._inference.value(same)
        path = self._inference.import_path(node.func)
        if path in ("typing.cast", "typing_extensions.cast") and len(node.args) == 2:
            return self._inference.annotations.value(node.args[0].value, self._inference.tree.scope_of[node])
        if path == "collections.defaultdict" and node.args:
            inner = self._inference.value(node.args[0].value)
            return Instance("dict", (None, Instance(inner.path) if isinstance(inner, Ref) else None))
        if path == "collections.OrderedDict" and not node.args:
            return Instance("dict")
        iterables = self._inference.passing.elements(node)
        if iterables or path == "collections.deque":
            values = [element_of(self._inference.value(each)) for each in iterables]
            return Instance("list", (self._inference.same(values),) if values else ())
        if path == "itertools.groupby" and node.args:
            group = Instance("list", (element_of(self._inference.value(node.args[0].value)),))
            return Instance("list", (Instance("tuple", (None, group)),))
        if path in ("functools.partial", "random.choice") and node.args:
            return self._chosen(path, node.args[0].value)
        if name in ("importlib.import_module", "import_module", "__import__") and node.args:
            module = literal(node.args[0].value)
            return Ref(module) if isinstance(module, str) and self._inference.is_library(module) else None
        return None

    def _chosen(self, path: str, first: cst.BaseExpression) -> Value | None:
        value = self._inference.value(first)
        if path == "random.choice":
            return element_of(value)
        if isinstance(value, OwnFunction):
            return Partial(self.returned(value.scope))
        if isinstance(value, OwnClass):
            return Partial(OwnInstance(value.scope))
        if isinstance(value, Ref):
            found = self._inference.api.get(value.path)
            return Partial(Instance(found.name)) if found is not None and found.kind == "class" else None
        return Partial(self._bound_result(value)) if isinstance(value, Bound) else None

    def _super(self, node: cst.Call) -> Value | None:
        owner = self._inference.tree.scope_of[node].method_class
        bases = owner.node.bases if owner is not None and isinstance(owner.node, cst.ClassDef) else ()
        parents = [self._inference.value(base.value) for base in bases]
        return next((OwnInstance(parent.scope) for parent in parents if isinstance(parent, OwnClass)), None)

    def _construct(self, func: Ref, node: cst.Call) -> Value | None:
        if func.path in BUILTINS:
            return self._builtin(func.path, node)
        found = self._inference.api.get(func.path)
        return Instance(found.name) if found is not None and found.kind == "class" else None

    def _builtin(self, name: str, node: cst.Call) -> Value | None:
        given = [arg.value for arg in node.args if arg.keyword is None]
        if name == "dict" and node.args and all(arg.keyword is not None for arg in node.args):
            return Instance(
                "dict",
                (Instance("str"), self._inference.same([self._inference.value(a.value) for a in node.args])),
            )
        if name in ("str", "dict") or not given:
            return Instance(name) if name in ("str", "dict", "list", "set") else None
        first = element_of(self._inference.value(given[0]))
        if name == "next" or (name in ("max", "min") and len(given) == 1):
            return first
        if name == "enumerate":
            return Instance("list", (Instance("tuple", (Instance("int"), first)),))
        if name == "zip":
            return Instance(
                "list", (Instance("tuple", tuple(element_of(self._inference.value(g)) for g in given)),)
            )
        if name == "filter":
            return Instance("list", (element_of(self._inference.value(given[-1])),))
        if name == "map":
            return Instance("list", (self.called(self._inference.value(given[0])),))
        if name in ("set", "frozenset"):
            return Instance("set", (first,))
        return Instance("list", (first,)) if name not in ("max", "min") else None

    def called(self, func: Value | None) -> Value | None:
        """What calling a function gives, whatever it is called with."""
        if isinstance(func, OwnFunction):
            return self.returned(func.scope)
        if isinstance(func, OwnClass):
            return OwnInstance(func.scope)
        found = self._inference.api.get(func.path) if isinstance(func, Ref) else None
        return Instance(found.name) if found is not None and found.kind == "class" else None

    def _bound_result(self, func: Bound) -> Value | None:
        receiver = func.receiver
        if isinstance(receiver, Instance) and receiver.type in ("dict", "list", "set"):
            last = receiver.args[-1] if receiver.args else None
            match func.symbol:
                case "dict.values":
                    return Instance("list", (last,))
                case "dict.items":
                    return Instance("list", (Instance("tuple", receiver.args),)) if receiver.args else None
                case "dict.keys":
                    return Instance("list", receiver.args[:1])
                case "dict.get" | "dict.pop" | "dict.setdefault" | "list.pop" | "list.popleft" | "set.pop":
                    return last
                case "dict.copy" | "list.copy" | "set.copy" | "set.union" | "set.difference":
                    return receiver
            return None
        annotation = self._inference.overrides.get(func.symbol, func.api.returns if func.api else "")
        if (
            not annotation
            and func.api is not None
            and "classmethod" in func.api.labels
            and isinstance(receiver, Ref)
        ):
            return Instance(receiver.path)
        return self._inference.typed(annotation, receiver)

    def returned(self, scope: Scope) -> Value | None:
        """What a function of the program gives back."""
        node = scope.node
        if isinstance(node, cst.FunctionDef) and node.returns is not None:
            found = self._inference.annotations.value(node.returns.annotation, scope.parent or scope)
            if found is not None:
                return found
        values = [self._inference.value(r) for r in scope.returns if not is_none(r)]
        value = self._inference.same(
            [*values, *(element_of(self._inference.value(y)) for y in scope.yielded_from)]
        )
        return Instance("list", (value,)) if scope.yields and not scope.is_context else value
