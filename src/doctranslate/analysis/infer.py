"""Types by demand: what an expression of a program is, as far as the program and the library's API say.

A name is what the bindings that reach it are, and two that disagree make it unknown rather than a guess.
Parameters take their types from annotations, else from the program's own calls; attributes of ``self`` from
every method that sets them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from doctranslate.analysis.annotations import Annotations
from doctranslate.analysis.fields import default_factory
from doctranslate.analysis.growth import Growth
from doctranslate.analysis.literals import literal
from doctranslate.analysis.members import Members, is_property
from doctranslate.analysis.narrowing import Narrowing
from doctranslate.analysis.parameters import Parameters
from doctranslate.analysis.passing import Passing
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
        self.results = Results(self)
        self.passing = Passing(self)
        self._members = Members(self)
        self._narrowing = Narrowing(self)
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
                if self._members.is_dynamic(owner.type):
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
                return self.attribute_bindings(owner.scope, node.attr.value)
        return []

    def attribute_bindings(self, scope: Scope, name: str) -> list[Binding]:
        """What sets an attribute on the objects of a class of the program, in its methods or from outside."""
        inside = scope.attributes.get(name, [])
        outside = [
            binding
            for target, binding in self.tree.outside.get(name, ())
            if self.value(target.value) == OwnInstance(scope)
        ]
        return [*inside, *outside] if outside else inside

    def import_path(self, node: cst.CSTNode) -> str:
        """Dotted path of what an expression names, through the imports of the program: ``itertools.chain``."""
        root: cst.CSTNode = node
        while isinstance(root, cst.Attribute):
            root = root.value
        if not isinstance(root, cst.Name):
            return ""
        paths = {binding.path for binding in self.bindings(root) if binding.kind == "import"}
        if len(paths) != 1:
            return ""
        return paths.pop() + dotted(node).removeprefix(root.value)

    def typed(self, annotation: str, owner: Value | None) -> Value | None:
        """What an annotation of the library means on an owner: ``Self`` is the owner."""
        return self._members.typed(annotation, owner)

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

    def bases(self, scope: Scope) -> Iterator[Scope]:
        """The classes of the program that a class derives from, nearest first."""
        for base in scope.node.bases if isinstance(scope.node, cst.ClassDef) else ():
            parent = self.value(base.value)
            if isinstance(parent, OwnClass) and parent.scope is not scope:
                yield parent.scope
                yield from self.bases(parent.scope)

    def property_of(self, node: cst.Attribute) -> Scope | None:
        """The method of the program's own class that runs when an attribute is read, or None."""
        owner = self.value(node.value)
        if not isinstance(owner, OwnInstance):
            return None
        for scope in (owner.scope, *self.bases(owner.scope)):
            for binding in scope.bindings.get(node.attr.value, []):
                if binding.kind == "function" and binding.node is not None:
                    found = self.tree.scope_by_node[binding.node]
                    return found if is_property(found) else None
        return None

    # ------------------------------------------------------------------ expressions
    def _infer(self, node: cst.CSTNode) -> Value | None:  # noqa: PLR0912 - one case for each kind of expression
        if type(node) in _LITERALS:
            return Instance(_LITERALS[type(node)])
        if isinstance(node, cst.Name):
            return self._narrowed(node, self._name(node))
        if isinstance(node, cst.Attribute):
            return self._narrowed(node, self._members.attribute(node))
        if isinstance(node, cst.Call):
            return self.results.of(node)
        if isinstance(node, cst.Subscript):
            return self._members.subscript(node)
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
        if isinstance(node, cst.Lambda):
            return OwnFunction(self.tree.scope_by_node[node])
        if isinstance(node, cst.NamedExpr | cst.Await):
            return self.value(node.value if isinstance(node, cst.NamedExpr) else node.expression)
        return None

    def _narrowed(self, node: cst.Name | cst.Attribute, value: Value | None) -> Value | None:
        """A variable by the tests around it, where they say more than its bindings."""
        if isinstance(value, Ref | Bound | OwnFunction | OwnClass):
            return value
        return self._narrowing.of(node) or value

    def _name(self, node: cst.Name) -> Value | None:
        found = self.bindings(node)
        if found:
            return self.of_bindings(found) or self._declared(node)
        if node.value in BUILTINS:
            return Ref(node.value)
        paths = (self.api.canonical(f"{module}.{node.value}") for module in self.tree.stars)
        return next((Ref(path) for path in paths if path in self.api.objects), None)

    def _declared(self, node: cst.Name) -> Value | None:
        """What ``name: T`` without a value says of a variable that gets its value later."""
        scope = self.tree.scope_of.get(node)
        found = scope.lookup(node.value) if scope is not None else None
        every = found[1] if found is not None else []
        return self.same([self._binding(b) for b in every if isinstance(b.node, cst.AnnAssign)])

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

    def _infer_binding(self, binding: Binding) -> Value | None:  # noqa: PLR0912 - one case for each kind of binding
        node = binding.node
        match binding.kind:
            case "import":
                return Ref(self.api.canonical(binding.path)) if self.is_library(binding.path) else None
            case "value" if isinstance(binding.at, cst.AnnAssign) and node is not None:
                stated = self.annotations.value(binding.at.annotation.annotation, binding.scope)
                made = default_factory(binding.at)
                value = self.results.called(self.value(made)) if made is not None else self.value(node)
                return self.growth.grown(stated or value, binding)
            case "value" if node is not None:
                return self.growth.grown(self.value(node), binding)
            case "enter" if node is not None:
                return self.results.entered(node)
            case "match" if node is not None:
                return self._instance_of(self.value(node))
            case "star" if isinstance(node, cst.Param):
                given = self.parameters.given_to_star(node, binding.scope)
                return Instance("list", (self.same([self.value(each) for each in given]),))
            case "element":
                return self._iterated(node)
            case "unpack" if node is not None:
                return self._members.item(self.value(node), binding.index, *binding.inner)
            case "rest" if node is not None:
                return Instance("list", (element_of(self.value(node)),))
            case "unpack element":
                return self._members.item(self._iterated(node), binding.index, *binding.inner)
            case "exception":
                return self._instance_of(self.value(node)) if node is not None else None
            case "function" if node is not None:
                return OwnFunction(self.tree.scope_by_node[node])
            case "class" if node is not None:
                return OwnClass(self.tree.scope_by_node[node])
            case "parameter":
                return self.parameters.value(node, binding.scope)
        return None

    def _instance_of(self, value: Value | None) -> Value | None:
        if isinstance(value, OwnClass):
            return OwnInstance(value.scope)
        return Instance(value.path) if isinstance(value, Ref) else None

    def _iterated(self, node: cst.CSTNode | None) -> Value | None:
        value = self.value(node) if node is not None else None
        if isinstance(value, Instance) and value.type == "dict":
            return value.args[0] if value.args else None
        return element_of(value)

    def _binary(self, node: cst.BinaryOperation) -> Value | None:
        owner = self.value(node.left)
        names = {cst.Divide: "__truediv__", cst.Add: "__add__", cst.Multiply: "__mul__"}
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
