"""Types by demand: what an expression of a program is, as far as the program and the library's API say.

Flow-insensitive over names, sensitive to scopes: a name is what its bindings are, and two bindings that
disagree make it unknown rather than a guess. Parameters take their types from annotations, else from the
program's own calls; attributes of ``self`` from every method that sets them.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping

import libcst as cst

from doctranslate.analysis.scopes import Binding, Scope, ScopeTree, dotted
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
        self._overrides = dict(overrides or {})
        self._memo: dict[cst.CSTNode, object] = {node: Instance(name) for node, name in (known or {}).items()}
        self._binding_memo: dict[int, object] = {}
        self._call_sites: dict[cst.CSTNode, list[cst.Call]] | None = None

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
            scope = self.tree.scope_of.get(node)
            found = scope.lookup(node.value) if scope is not None else None
            if found is None or len(found[1]) != 1 or found[1][0].kind != "value":
                return None
            inner = found[1][0].node
            return None if inner is None or isinstance(inner, cst.Name) else literal(inner)
        return literal(node)

    # ------------------------------------------------------------------ expressions
    def _infer(self, node: cst.CSTNode) -> Value | None:  # noqa: PLR0912 - one case for each kind of expression
        if type(node) in _LITERALS:
            return Instance(_LITERALS[type(node)])
        if isinstance(node, cst.Name):
            return self._name(node)
        if isinstance(node, cst.Attribute):
            return self._attribute(node)
        if isinstance(node, cst.Call):
            return self._call(node)
        if isinstance(node, cst.Subscript):
            return self._subscript(node)
        if isinstance(node, cst.List | cst.Tuple | cst.Set):
            return Instance("list", (self._same([self.value(e.value) for e in node.elements]),))
        if isinstance(node, cst.ListComp | cst.SetComp | cst.GeneratorExp):
            return Instance("list", (self.value(node.elt),))
        if isinstance(node, cst.Dict):
            values = [self.value(e.value) for e in node.elements if isinstance(e, cst.DictElement)]
            return Instance("dict", (None, self._same(values)))
        if isinstance(node, cst.DictComp):
            return Instance("dict", (self.value(node.key), self.value(node.value)))
        if isinstance(node, cst.IfExp):
            return self._same([self.value(node.body), self.value(node.orelse)])
        if isinstance(node, cst.BooleanOperation):
            return self._same([self.value(node.left), self.value(node.right)])
        if isinstance(node, cst.BinaryOperation):
            return self._binary(node)
        if isinstance(node, cst.NamedExpr | cst.Await):
            return self.value(node.value if isinstance(node, cst.NamedExpr) else node.expression)
        return None

    def _name(self, node: cst.Name) -> Value | None:
        scope = self.tree.scope_of.get(node)
        found = scope.lookup(node.value) if scope is not None else None
        if found is None:
            return Ref(node.value) if node.value in ("str", "list", "dict", "set", "sorted", "next", "iter") else None
        return self._same([self._binding(binding) for binding in found[1]])

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
            case "value" | "enter":
                return self.value(node) if node is not None else None
            case "element":
                return self._iterated(node)
            case "unpack":
                return self._unpacked(node, binding.index)
            case "exception":
                value = self.value(node) if node is not None else None
                return Instance(value.path) if isinstance(value, Ref) else None
            case "function" if node is not None:
                return OwnFunction(self.tree.scope_by_node[node])
            case "class" if node is not None:
                return OwnClass(self.tree.scope_by_node[node])
            case "parameter":
                return self._parameter(node, binding.scope)
        return None

    def _iterated(self, node: cst.CSTNode | None) -> Value | None:
        value = self.value(node) if node is not None else None
        if isinstance(value, Instance) and value.type == "dict":
            return value.args[0] if value.args else None
        return element_of(value)

    def _unpacked(self, node: cst.CSTNode | None, index: int) -> Value | None:
        if isinstance(node, cst.Tuple | cst.List) and index < len(node.elements):
            return self.value(node.elements[index].value)
        if isinstance(node, cst.Call):
            function = self.function_of(node.func)
            tuples = [r for r in function.returns if isinstance(r, cst.Tuple)] if function else []
            values = [self.value(r.elements[index].value) for r in tuples if index < len(r.elements)]
            return self._same(values)
        return None

    def _annotation(self, node: cst.BaseExpression, scope: Scope) -> Value | None:
        """What an annotation of the program means: the class it names, through Optional and unions."""
        if isinstance(node, cst.SimpleString):
            inner = node.evaluated_value
            return self._annotation_text(str(inner), scope)
        if isinstance(node, cst.BinaryOperation):
            return self._annotation(node.left, scope) or self._annotation(node.right, scope)
        if isinstance(node, cst.Subscript):
            inner = [e.slice.value for e in node.slice if isinstance(e.slice, cst.Index)]
            values = [self._annotation(i, scope) for i in inner]
            last = dotted(node.value).rpartition(".")[2]
            if last in ("Optional", "Union", "Annotated"):
                return next((value for value in values if value is not None), None)
            if last in ("dict", "Dict", "Mapping"):
                return Instance("dict", tuple(values))
            return Instance("list", tuple(values))
        value = self.value(node)
        if isinstance(value, Ref):
            return Instance(value.path)
        return OwnInstance(value.scope) if isinstance(value, OwnClass) else None

    def _annotation_text(self, text: str, scope: Scope) -> Value | None:
        root, _, rest = text.strip().partition(".")
        found = scope.lookup(root)
        value = self._same([self._binding(b) for b in found[1]]) if found else None
        if isinstance(value, Ref):
            path = self.api.canonical(f"{value.path}.{rest}" if rest else value.path)
            return Instance(path) if path in self.api.objects else None
        return OwnInstance(value.scope) if isinstance(value, OwnClass) else None

    def _parameter(self, node: cst.CSTNode | None, scope: Scope) -> Value | None:
        if isinstance(node, cst.AnnAssign):
            return self._annotation(node.annotation.annotation, scope)
        if not isinstance(node, cst.Param):
            return None
        if scope.owner is not None and node.name.value == scope.self_name:
            return OwnInstance(scope.owner)
        if node.annotation is not None:
            found = self._annotation(node.annotation.annotation, scope)
            if found is not None:
                return found
        given = [self._argument(call, scope, node) for call in self._sites(scope)]
        values = [self.value(arg) for arg in given if arg is not None and not _is_none(arg)]
        if node.default is not None and not _is_none(node.default):
            values.append(self.value(node.default))
        return self._same(values)

    def _sites(self, scope: Scope) -> list[cst.Call]:
        if self._call_sites is None:
            # Reading every call's target once; targets that depend on parameters are resolved on demand below.
            self._call_sites = defaultdict(list)
            by_name: dict[str, list[cst.Call]] = defaultdict(list)
            for call in self.tree.calls:
                by_name[_last_name(call.func)].append(call)
            for node, opened in self.tree.scope_by_node.items():
                if isinstance(node, cst.FunctionDef):
                    names = [node.name.value]
                    if node.name.value == "__init__" and opened.owner is not None:
                        names = [opened.owner.node.name.value]  # type: ignore[attr-defined]  # a class has a name
                    for name in names:
                        self._call_sites[node] += by_name.get(name, [])
        return self._call_sites.get(scope.node, [])

    def _argument(self, call: cst.Call, scope: Scope, param: cst.Param) -> cst.BaseExpression | None:
        """The expression that a call gives for a parameter, when the call is one of this function."""
        target = self.value(call.func)
        node = scope.node
        if not isinstance(node, cst.FunctionDef):
            return None
        if isinstance(target, OwnClass):
            if target.scope is not scope.owner:
                return None
        elif not (isinstance(target, OwnFunction) and target.scope is scope):
            return None
        names = [p.name.value for p in [*node.params.posonly_params, *node.params.params]]
        if scope.owner is not None and scope.self_name and names:
            names = names[1:]
        for arg in call.args:
            if arg.keyword is not None and arg.keyword.value == param.name.value:
                return arg.value
        positional = [arg for arg in call.args if arg.keyword is None]
        if param.name.value in names:
            index = names.index(param.name.value)
            if index < len(positional) and not any(arg.star for arg in positional[: index + 1]):
                return positional[index].value
        return None

    # ------------------------------------------------------------------ members and calls
    def _attribute(self, node: cst.Attribute) -> Value | None:
        owner, name = self.value(node.value), node.attr.value
        if isinstance(owner, OwnInstance):
            return self._own_member(owner.scope, name)
        if isinstance(owner, OwnClass):
            bindings = owner.scope.bindings.get(name, [])
            return self._same([self._binding(b) for b in bindings])
        if isinstance(owner, Ref):
            return self._member_of_ref(owner, name)
        if isinstance(owner, Instance):
            return self._member_of_instance(owner, name)
        if isinstance(owner, Bound) and owner.api is None:
            return None
        return None

    def _own_member(self, scope: Scope, name: str) -> Value | None:
        bindings = [*scope.attributes.get(name, []), *scope.bindings.get(name, [])]
        value = self._same([self._binding(b) for b in bindings])
        if isinstance(value, OwnFunction):
            decorators = getattr(value.scope.node, "decorators", [])
            if any(dotted(d.decorator).rpartition(".")[2] in ("property", "cached_property") for d in decorators):
                return self._returned(value.scope)
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
        return self._attribute_value(found.name, found.returns) if found.kind == "attribute" else Ref(found.name)

    def _member_of_instance(self, owner: Instance, name: str) -> Value | None:
        if owner.type == "dict" and name in ("values", "get", "pop"):
            return Bound(f"dict.{name}", owner)
        if owner.type == "dict" and name in ("items", "keys"):
            return Bound(f"dict.{name}", owner)
        if owner.type == "list" and name in ("pop", "copy"):
            return Bound(f"list.{name}", owner)
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
        return self._typed(self._overrides.get(symbol, returns), owner)

    def _typed(self, annotation: str, owner: Value | None) -> Value | None:
        if annotation in ("Self", "typing.Self", "typing_extensions.Self"):
            if isinstance(owner, Ref):
                return Instance(owner.path)
            return owner
        return value_of_annotation(annotation, self.api)

    def _is_dynamic(self, type_name: str) -> bool:
        return any((o := self.api.objects.get(base)) and o.dynamic for base in self.api.mro(type_name))

    def _call(self, node: cst.Call) -> Value | None:
        func = self.value(node.func)
        if isinstance(func, Ref):
            return self._construct(func, node)
        if isinstance(func, OwnClass):
            return OwnInstance(func.scope)
        if isinstance(func, OwnFunction):
            return self._returned(func.scope)
        if isinstance(func, Bound):
            return self._bound_result(func)
        return None

    def _construct(self, func: Ref, node: cst.Call) -> Value | None:
        if func.path in ("list", "set", "sorted", "iter") and node.args:
            return Instance("list", (element_of(self.value(node.args[0].value)),))
        if func.path == "next" and node.args:
            return element_of(self.value(node.args[0].value))
        if func.path in ("str", "list", "dict", "set"):
            return Instance("list" if func.path == "set" else func.path)
        found = self.api.get(func.path)
        return Instance(found.name) if found is not None and found.kind == "class" else None

    def _bound_result(self, func: Bound) -> Value | None:
        receiver = func.receiver
        if isinstance(receiver, Instance) and receiver.type in ("dict", "list"):
            last = receiver.args[-1] if receiver.args else None
            match func.symbol:
                case "dict.values":
                    return Instance("list", (last,))
                case "dict.get" | "dict.pop" | "list.pop":
                    return last
                case "list.copy":
                    return receiver
            return None
        annotation = self._overrides.get(func.symbol, func.api.returns if func.api else "")
        if not annotation and func.api is not None and "classmethod" in func.api.labels and isinstance(receiver, Ref):
            return Instance(receiver.path)
        return self._typed(annotation, receiver)

    def _returned(self, scope: Scope) -> Value | None:
        node = scope.node
        if isinstance(node, cst.FunctionDef) and node.returns is not None:
            found = self._annotation(node.returns.annotation, scope.parent or scope)
            if found is not None:
                return found
        value = self._same([self.value(r) for r in scope.returns if not _is_none(r)])
        return Instance("list", (value,)) if scope.yields else value

    def _subscript(self, node: cst.Subscript) -> Value | None:
        owner = self.value(node.value)
        if not isinstance(owner, Instance):
            return None
        if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Slice):
            return owner
        if owner.type == "dict":
            return owner.args[-1] if owner.args else None
        if owner.args:
            return owner.args[0]
        member = self.api.member(owner.type, "__getitem__")
        return self._typed(self._overrides.get(member.name, member.returns), owner) if member else None

    def _binary(self, node: cst.BinaryOperation) -> Value | None:
        owner = self.value(node.left)
        names = {cst.Divide: "__truediv__", cst.Add: "__add__"}
        name = names.get(type(node.operator))
        if not isinstance(owner, Instance) or name is None:
            return None
        if owner.type in ("str", "list"):
            return owner
        member = self.api.member(owner.type, name)
        return self._typed(self._overrides.get(member.name, member.returns), owner) if member else None

    def _same(self, values: list[Value | None]) -> Value | None:
        """The one value that all known ones agree on; None when they differ."""
        known = [value for value in values if value is not None]
        if not known or any(value != known[0] for value in known[1:]):
            return None
        return known[0]


def literal(node: cst.CSTNode) -> object:
    """The constant that an expression is by itself, or None; lists of constants included."""
    if isinstance(node, cst.Name) and node.value in ("True", "False"):
        return node.value == "True"
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString | cst.Integer | cst.List | cst.Tuple):
        try:
            return ast.literal_eval(cst.Module([]).code_for_node(node))
        except (ValueError, SyntaxError):
            return None
    return None


def _is_none(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _last_name(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Name):
        return node.value
    return node.attr.value if isinstance(node, cst.Attribute) else ""
