"""Types by demand: what an expression of a program is, as far as the program and the library's API say.

A name is what the bindings that reach it are, and two that disagree make it unknown rather than a guess.
Parameters take their types from annotations, else from the program's own calls; attributes of ``self`` from
every method that sets them.
"""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from doctranslate.analysis.annotations import Annotations
from doctranslate.analysis.growth import Growth
from doctranslate.analysis.literals import literal
from doctranslate.analysis.parameters import Parameters
from doctranslate.analysis.reaching import Reaching
from doctranslate.analysis.results import BUILTINS, Results
from doctranslate.analysis.scopes import Binding, Scope, dotted
from doctranslate.analysis.tree import ScopeTree
from doctranslate.analysis.values import (
    Bound,
    Instance,
    OwnClass,
    OwnFunction,
    OwnInstance,
    Ref,
    Value,
    element_of,
    value_of_annotation,
)
from doctranslate.apis import ApiIndex

_PENDING = object()
_LITERALS: Mapping[type[cst.CSTNode], str] = {
    cst.SimpleString: "str",
    cst.FormattedString: "str",
    cst.ConcatenatedString: "str",
    cst.Integer: "int",
    cst.Float: "float",
}


class Inference:
    """Answers what expressions of one module are.

    Args:
        module: The parsed program.
        api: The source library.
        overrides: Annotations for attributes and functions that the library itself does not state:
            qualified name to annotation.
        known: Types of expressions that another reader of the program found, by node.
    """

    def __init__(
        self,
        module: cst.Module,
        api: ApiIndex,
        *,
        overrides: Mapping[str, str] | None = None,
        known: Mapping[cst.CSTNode, str] | None = None,
    ) -> None:
        self.module = module
        self.api = api
        self.tree = ScopeTree(module)
        self.overrides = dict(overrides or {})
        self._memo: dict[cst.CSTNode, object] = {node: Instance(name) for node, name in (known or {}).items()}
        self._binding_memo: dict[int, object] = {}
        self.annotations = Annotations(self)
        self.parameters = Parameters(self)
        self.growth = Growth(self)
        self._results = Results(self)
        self._reaching = Reaching(self.tree)

    # ------------------------------------------------------------------ public
    def value(self, node: cst.CSTNode) -> Value | None:
        """What an expression is, or None when that cannot be told."""
        known = self._memo.get(node)
        if known is _PENDING:
            return None
        if node not in self._memo:
            self._memo[node] = _PENDING
            self._memo[node] = self._infer(node)
        found = self._memo[node]
        return found if isinstance(found, Value) else None

    def symbol(self, node: cst.CSTNode) -> str | None:
        """Canonical qualified name of the library object that an expression names, or None.

        For ``repo.index.add`` that is ``git.index.base.IndexFile.add``; for an attribute that holds a value,
        such as ``repo.index``, the attribute itself: ``git.repo.base.Repo.index``.
        """
        value = self.value(node)
        if isinstance(value, Bound):
            return value.symbol
        if isinstance(node, cst.Attribute):
            owner = self.value(node.value)
            if isinstance(owner, Instance) and "." in owner.type:
                member = self.api.member(owner.type, node.attr.value)
                if member is not None:
                    return member.name
                if self._is_dynamic(owner.type):
                    return f"{owner.type}.{node.attr.value}"
        if isinstance(value, Ref) and self.is_library(value.path):
            return value.path
        return None

    def is_library(self, path: str) -> bool:
        """Whether a dotted path lies in the library."""
        return path.partition(".")[0] in self.api.roots

    def function_of(self, node: cst.CSTNode) -> Scope | None:
        """The program's own function that a call's ``func`` names, or None."""
        value = self.value(node)
        return value.scope if isinstance(value, OwnFunction) else None

    def constant(self, node: cst.CSTNode) -> object:
        """The constant that an expression is in the program text, through names that are set once; else None."""
        if isinstance(node, cst.Name) and node.value not in ("True", "False", "None"):
            found = self.bindings(node)
            if len(found) != 1 or found[0].kind != "value":
                return None
            inner = found[0].node
            return None if inner is None or isinstance(inner, cst.Name) else literal(inner)
        return literal(node)

    def bindings(self, node: cst.CSTNode) -> list[Binding]:
        """What binds a variable where it is read: a name, or an attribute of an object of the program's own class."""
        if isinstance(node, cst.Name):
            found = self._reaching.bindings(node)
            return found[1] if found is not None else []
        if isinstance(node, cst.Attribute):
            owner = self.value(node.value)
            if isinstance(owner, OwnInstance):
                return owner.scope.attributes.get(node.attr.value, [])
        return []

    def of_bindings(self, bindings: list[Binding]) -> Value | None:
        """The one value that bindings agree on, or None."""
        return self.same([self._binding(binding) for binding in bindings])

    def foreign_base(self, scope: Scope) -> str:
        """The library's class that a class of the program derives from, "" when there is none."""
        if not isinstance(scope.node, cst.ClassDef):
            return ""
        for base in scope.node.bases:
            parent = self.value(base.value)
            if isinstance(parent, Ref):
                return parent.path
            if isinstance(parent, OwnClass) and (found := self.foreign_base(parent.scope)):
                return found
        return ""

    # ------------------------------------------------------------------ expressions
    def _infer(self, node: cst.CSTNode) -> Value | None:  # noqa: PLR0912 - one case for each kind of expression
        if type(node) in _LITERALS:
            return Instance(_LITERALS[type(node)])
        if isinstance(node, cst.Name):
            return self._name(node)
        if isinstance(node, cst.Attribute):
            return self._attribute(node)
        if isinstance(node, cst.Call):
            return self._results.of(node)
        if isinstance(node, cst.Subscript):
            return self._subscript(node)
        if isinstance(node, cst.Tuple) and not any(isinstance(e, cst.StarredElement) for e in node.elements):
            return Instance("tuple", tuple(self.value(e.value) for e in node.elements))
        if isinstance(node, cst.List | cst.Tuple | cst.Set):
            return Instance(
                "set" if isinstance(node, cst.Set) else "list",
                (self.same([self._element(e) for e in node.elements]),),
            )
        if isinstance(node, cst.ListComp | cst.SetComp | cst.GeneratorExp):
            return Instance("set" if isinstance(node, cst.SetComp) else "list", (self.value(node.elt),))
        if isinstance(node, cst.Dict):
            values = [self.value(e.value) for e in node.elements if isinstance(e, cst.DictElement)]
            return Instance("dict", (None, self.same(values)))
        if isinstance(node, cst.DictComp):
            return Instance("dict", (self.value(node.key), self.value(node.value)))
        if isinstance(node, cst.IfExp):
            return self.same([self.value(node.body), self.value(node.orelse)])
        if isinstance(node, cst.BooleanOperation):
            return self.same([self.value(node.left), self.value(node.right)])
        if isinstance(node, cst.BinaryOperation):
            return self._binary(node)
        if isinstance(node, cst.NamedExpr | cst.Await):
            return self.value(node.value if isinstance(node, cst.NamedExpr) else node.expression)
        return None

    def _name(self, node: cst.Name) -> Value | None:
        found = self.bindings(node)
        if found:
            return self.of_bindings(found)
        if node.value in BUILTINS:
            return Ref(node.value)
        paths = (self.api.canonical(f"{module}.{node.value}") for module in self.tree.stars)
        return next((Ref(path) for path in paths if path in self.api.objects), None)

    def _element(self, element: cst.BaseElement) -> Value | None:
        value = self.value(element.value)
        return element_of(value) if isinstance(element, cst.StarredElement) else value

    def _binding(self, binding: Binding) -> Value | None:
        key = id(binding)
        known = self._binding_memo.get(key)
        if known is _PENDING:
            return None
        if key not in self._binding_memo:
            self._binding_memo[key] = _PENDING
            self._binding_memo[key] = self._infer_binding(binding)
        found = self._binding_memo[key]
        return found if isinstance(found, Value) else None

    def _infer_binding(self, binding: Binding) -> Value | None:
        node = binding.node
        match binding.kind:
            case "import":
                return Ref(self.api.canonical(binding.path)) if self.is_library(binding.path) else None
            case "value" | "enter" if node is not None:
                return self.growth.grown(self.value(node), binding)
            case "element":
                return self._iterated(node)
            case "unpack" if node is not None:
                return _item(self.value(node), binding.index, *binding.inner)
            case "rest" if node is not None:
                return Instance("list", (element_of(self.value(node)),))
            case "unpack element":
                return _item(self._iterated(node), binding.index, *binding.inner)
            case "exception":
                value = self.value(node) if node is not None else None
                return Instance(value.path) if isinstance(value, Ref) else None
            case "function" if node is not None:
                return OwnFunction(self.tree.scope_by_node[node])
            case "class" if node is not None:
                return OwnClass(self.tree.scope_by_node[node])
            case "parameter":
                return self.parameters.value(node, binding.scope)
        return None

    def _iterated(self, node: cst.CSTNode | None) -> Value | None:
        value = self.value(node) if node is not None else None
        if isinstance(value, Instance) and value.type == "dict":
            return value.args[0] if value.args else None
        return element_of(value)

    # ------------------------------------------------------------------ members and calls
    def _attribute(self, node: cst.Attribute) -> Value | None:
        owner, name = self.value(node.value), node.attr.value
        if isinstance(owner, OwnInstance):
            return self._own_member(owner.scope, name)
        if isinstance(owner, OwnClass):
            return self.of_bindings(owner.scope.bindings.get(name, []))
        if isinstance(owner, Ref):
            return self._member_of_ref(owner, name)
        if isinstance(owner, Instance):
            return self._member_of_instance(owner, name)
        return None

    def _own_member(self, scope: Scope, name: str) -> Value | None:
        bindings = [*scope.attributes.get(name, []), *scope.bindings.get(name, [])]
        value = self.of_bindings(bindings)
        if isinstance(value, OwnFunction):
            decorators = getattr(value.scope.node, "decorators", [])
            if any(
                dotted(d.decorator).rpartition(".")[2] in ("property", "cached_property") for d in decorators
            ):
                return self._results.returned(value.scope)
        if not bindings and isinstance(scope.node, cst.ClassDef):
            for base in scope.node.bases:
                parent = self.value(base.value)
                if isinstance(parent, OwnClass):
                    return self._own_member(parent.scope, name)
                if isinstance(parent, Ref):
                    return self._member_of_instance(Instance(parent.path), name)
        return value

    def _member_of_ref(self, owner: Ref, name: str) -> Value | None:
        path = self.api.canonical(f"{owner.path}.{name}")
        found = self.api.get(path)
        if found is None:
            return Ref(path) if self.is_library(path) and self.api.get(owner.path) is None else None
        if found.kind == "function":
            parent = self.api.get(owner.path)
            if parent is not None and parent.kind == "class":
                return Bound(found.name, owner, found)
            return Bound(found.name, None, found)
        return (
            self._attribute_value(found.name, found.returns) if found.kind == "attribute" else Ref(found.name)
        )

    def _member_of_instance(self, owner: Instance, name: str) -> Value | None:
        if owner.type in ("dict", "list", "set"):
            return Bound(f"{owner.type}.{name}", owner)
        member = self.api.member(owner.type, name)
        if member is None:
            if not self._is_dynamic(owner.type):
                return None
            if owner.args:  # a container that answers names with its elements
                return owner.args[0]
            return Bound(f"{owner.type}.{name}", owner)
        if member.kind == "function":
            return Bound(member.name, owner, member)
        if member.kind == "attribute":
            return self._attribute_value(member.name, member.returns, owner)
        return Ref(member.name)

    def _attribute_value(self, symbol: str, returns: str, owner: Instance | None = None) -> Value | None:
        return self.typed(self.overrides.get(symbol, returns), owner)

    def typed(self, annotation: str, owner: Value | None) -> Value | None:
        """What an annotation of the library means on an owner: ``Self`` is the owner."""
        if annotation in ("Self", "typing.Self", "typing_extensions.Self"):
            if isinstance(owner, Ref):
                return Instance(owner.path)
            return owner
        return value_of_annotation(annotation, self.api)

    def _is_dynamic(self, type_name: str) -> bool:
        return any((o := self.api.objects.get(base)) and o.dynamic for base in self.api.mro(type_name))

    def _subscript(self, node: cst.Subscript) -> Value | None:
        owner = self.value(node.value)
        if not isinstance(owner, Instance):
            return None
        if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Slice):
            return owner
        if owner.type == "dict":
            return owner.args[-1] if owner.args else None
        if owner.type == "tuple":
            index = literal(node.slice[0].slice.value) if isinstance(node.slice[0].slice, cst.Index) else None
            return _item(owner, index) if isinstance(index, int) else element_of(owner)
        if owner.args:
            return owner.args[0]
        member = self.api.member(owner.type, "__getitem__")
        return self.typed(self.overrides.get(member.name, member.returns), owner) if member else None

    def _binary(self, node: cst.BinaryOperation) -> Value | None:
        owner = self.value(node.left)
        names = {cst.Divide: "__truediv__", cst.Add: "__add__"}
        name = names.get(type(node.operator))
        if not isinstance(owner, Instance) or name is None:
            return None
        if owner.type in ("str", "list"):
            return owner
        member = self.api.member(owner.type, name)
        return self.typed(self.overrides.get(member.name, member.returns), owner) if member else None

    def same(self, values: list[Value | None]) -> Value | None:
        """The one value that all known ones agree on; None when they differ."""
        known = [value for value in values if value is not None]
        if not known or any(value != known[0] for value in known[1:]):
            return None
        return known[0]


def _item(value: Value | None, *indexes: int) -> Value | None:
    """What stands at a place in a tuple, and at places in the tuples inside it."""
    for index in indexes:
        if isinstance(value, Instance) and value.type == "tuple":
            inside = -len(value.args) <= index < len(value.args)
            value = value.args[index] if inside else None
        else:
            value = element_of(value)
    return value
