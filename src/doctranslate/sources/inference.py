"""The types of attributes and of what functions return, as far as the source says them without running it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import griffe

from doctranslate.sources.bodies import Body, body
from doctranslate.sources.names import Names, dotted_name, parse_expression, without_subscript

_MAX_DEPTH = 6
_DISPLAYS: tuple[tuple[tuple[type[ast.expr], ...], str], ...] = (
    ((ast.List, ast.ListComp), "list"),
    ((ast.Dict, ast.DictComp), "dict"),
    ((ast.Set, ast.SetComp), "set"),
    ((ast.Tuple,), "tuple"),
    ((ast.JoinedStr,), "str"),
    ((ast.Compare,), "bool"),
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an expression stands: its scope, the class it belongs to, and the names of its function."""

    scope: griffe.Object
    cls: griffe.Class | None = None
    first: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    body: Body = field(default_factory=Body)


@dataclass(frozen=True, slots=True)
class Delegate:
    """A function that another one hands its arguments on to.

    Attributes:
        target: The function.
        n_given: Positional arguments that it gets before those that are handed on.
        named: Keyword arguments that it gets.
    """

    target: griffe.Function
    n_given: int
    named: frozenset[str]


class Inference:
    """Tells types. An unknown type is ""; it is never guessed.

    Args:
        names: Resolves names.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._known: dict[str, str] = {}
        self._open: set[str] = set()

    def function(self, function: griffe.Function, *, cls: griffe.Class | None = None) -> str:
        """What a call of a function returns: its annotation, else what its return statements give."""
        scope = function.parent or function
        if function.returns is not None:
            return self._names.annotation(scope, str(function.returns))
        parameters = {p.name: str(p.annotation) for p in function.parameters if p.annotation is not None}
        return self._once(function.path, lambda: self._from_body(function, scope, cls, parameters))

    def attribute(self, attribute: griffe.Attribute, *, cls: griffe.Class | None = None) -> str:
        """What an attribute holds: its annotation, else what its value or the body of the property says."""
        scope = attribute.parent or attribute
        if attribute.annotation is not None:
            imports = self._init_imports(attribute, scope)
            return self._names.annotation(scope, str(attribute.annotation), imports=imports)
        if body(attribute).returns:
            return self._once(attribute.path, lambda: self._from_body(attribute, scope, cls, {}))
        return self._once(attribute.path, lambda: self._from_value(attribute, scope, cls))

    def assigned(self, method: griffe.Function, value: ast.expr | None, *, cls: griffe.Class) -> str:
        """The type of a value that a method sets on ``self``."""
        return self._expression(value, self._inside(method, cls), 0) if value is not None else ""

    def delegate(self, function: griffe.Function, *, cls: griffe.Class | None = None) -> Delegate | None:
        """The function that one hands its ``*args, **kwargs`` on to, when that is all it returns."""
        seen = body(function)
        variadic = {str(p.kind): p.name.lstrip("*") for p in function.parameters}
        args, kwargs = variadic.get("variadic positional"), variadic.get("variadic keyword")
        call = seen.returns[0] if len(seen.returns) == 1 else None
        if args is None or kwargs is None or not isinstance(call, ast.Call) or not call.args:
            return None
        *given, last = call.args
        names = {k.arg: k.value for k in call.keywords}
        rest = names.pop(None, None)
        handed_on = isinstance(last, ast.Starred) and _is_name(last.value, args) and _is_name(rest, kwargs)
        if not handed_on or any(isinstance(value, ast.Starred) for value in given):
            return None
        owner = cls or (function.parent if isinstance(function.parent, griffe.Class) else None)
        place = _Place(function.parent or function, owner, seen.first if owner else "", body=seen)
        target = self._object(call.func, place, 0)
        if not isinstance(target, griffe.Function) or target is function:
            return None
        return Delegate(target, len(given), frozenset(name for name in names if name))

    def _init_imports(self, attribute: griffe.Attribute, scope: griffe.Object) -> Mapping[str, str]:
        """What ``__init__`` imports, when it is where the attribute gets its annotation."""
        init = self._names.object(f"{scope.path}.__init__") if isinstance(scope, griffe.Class) else None
        if isinstance(init, griffe.Function) and attribute.name in body(init).assigned:
            return body(init).imports
        return {}

    def _once(self, path: str, infer: Callable[[], str]) -> str:
        if path in self._known or path in self._open:
            return self._known.get(path, "")
        self._open.add(path)
        try:
            self._known[path] = infer()
        finally:
            self._open.discard(path)
        return self._known[path]

    def _from_body(
        self,
        obj: griffe.Object,
        scope: griffe.Object,
        cls: griffe.Class | None,
        parameters: Mapping[str, str],
    ) -> str:
        seen = body(obj)
        if seen.yields or not seen.returns:
            return ""
        owner = cls or (scope if isinstance(scope, griffe.Class) else None)
        place = _Place(scope, owner, seen.first if owner else "", parameters, seen)
        types = []
        for value in seen.returns:
            if value is None or (isinstance(value, ast.Constant) and value.value is None):
                types.append("None")
                continue
            types.append(self._expression(value, place, 0))
        return "" if "" in types or set(types) == {"None"} else " | ".join(dict.fromkeys(types))

    def _from_value(self, attribute: griffe.Attribute, scope: griffe.Object, cls: griffe.Class | None) -> str:
        value = parse_expression(attribute.value)
        if value is None:
            return ""
        owner = cls or (scope if isinstance(scope, griffe.Class) else None)
        if owner is not None:
            init = self._names.object(f"{owner.path}.__init__")
            if isinstance(init, griffe.Function) and attribute.name in body(init).assigned:
                return self._expression(value, self._inside(init, owner), 0)
        return self._expression(value, _Place(scope, owner), 0)

    def _inside(self, method: griffe.Function, cls: griffe.Class) -> _Place:
        seen = body(method)
        parameters = {p.name: _held(p) for p in method.parameters if p.annotation is not None}
        return _Place(method.parent or method, cls, seen.first, parameters, seen)

    # Expressions

    def _expression(self, node: ast.expr, place: _Place, depth: int) -> str:
        if depth > _MAX_DEPTH:
            return ""
        if isinstance(node, ast.Constant):
            return "" if node.value is None or node.value is ... else type(node.value).__name__
        for kinds, name in _DISPLAYS:
            if isinstance(node, kinds):
                return name
        if isinstance(node, ast.Call):
            return self._call(node, place, depth)
        if isinstance(node, ast.BoolOp | ast.IfExp):
            parts = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
            types = [self._expression(part, place, depth + 1) for part in parts]
            return "" if "" in types else " | ".join(dict.fromkeys(types))
        if isinstance(node, ast.Name) and node.id in {*place.body.local, *place.body.parameters}:
            return self._variable(node.id, place, depth)
        found = self._object(node, place, depth)
        if isinstance(found, griffe.Attribute):
            return self.attribute(found, cls=found.parent if isinstance(found.parent, griffe.Class) else None)
        return f"type[{found.path}]" if isinstance(found, griffe.Class) else ""

    def _variable(self, name: str, place: _Place, depth: int) -> str:
        """The type of a variable that is bound once; one that is bound again may be anything."""
        if name not in place.body.local:
            if name == place.first and place.cls is not None:
                return place.cls.path
            return self._names.annotation(place.scope, place.parameters.get(name, ""))
        value = place.body.local[name]
        if value is None or name in place.body.parameters:
            return ""
        return self._expression(value, place, depth + 1)

    def _call(self, node: ast.Call, place: _Place, depth: int) -> str:
        name = dotted_name(node.func)
        if name is not None and self._path(name, place) in {"typing.cast", "cast"} and len(node.args) == 2:
            target = ast.unparse(node.args[0])
            return self._names.annotation(place.scope, target, imports=place.body.imports)
        if name == place.first and place.cls is not None and name:
            return place.cls.path  # cls(...) in a class method
        found = self._object(node.func, place, depth)
        if isinstance(found, griffe.Attribute):  # GitCommandWrapperType = Git
            found = self._stands_for(found)
        if isinstance(found, griffe.Class):
            return found.path
        if isinstance(found, griffe.Function):
            owner = found.parent if isinstance(found.parent, griffe.Class) else None
            return self.function(found, cls=owner)
        return ""

    def _stands_for(self, attribute: griffe.Attribute) -> griffe.Object | None:
        name = dotted_name(value) if (value := parse_expression(attribute.value)) is not None else None
        if name is None or attribute.parent is None:
            return None
        return self._names.object(self._names.name(attribute.parent, name))

    def _path(self, dotted: str, place: _Place) -> str:
        head, _, rest = dotted.partition(".")
        if head in place.body.imports:
            path = place.body.imports[head]
            return self._names.canonical(f"{path}.{rest}" if rest else path)
        scope = place.scope
        if isinstance(scope, griffe.Class) and place.first and scope.parent is not None:
            scope = scope.parent.module if not isinstance(scope.parent, griffe.Class) else scope.parent
        return self._names.name(scope, dotted)

    def _object(self, node: ast.expr, place: _Place, depth: int) -> griffe.Object | None:
        """The object that an expression names, through attributes of values whose class is known."""
        dotted = dotted_name(node)
        if dotted is not None and dotted.partition(".")[0] not in {*place.body.local, *place.body.parameters}:
            found = self._names.object(self._path(dotted, place))
            if found is not None:
                return found
        if not isinstance(node, ast.Attribute):
            return None
        owner = self._expression(node.value, place, depth + 1)
        cls = self._names.object(without_subscript(owner.removeprefix("type[").removesuffix("]")))
        return self._names.member(cls, node.attr) if isinstance(cls, griffe.Class) else None


def _is_name(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _held(parameter: griffe.Parameter) -> str:
    """The annotation of a parameter, without the None that only says that it was not given."""
    text = str(parameter.annotation)
    node = parse_expression(text)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):  # a forward reference
        text = node.value
        node = parse_expression(text)
    if str(parameter.default) != "None":
        return text
    if isinstance(node, ast.Subscript) and (dotted_name(node.value) or "").endswith("Optional"):
        return ast.unparse(node.slice)
    if isinstance(node, ast.Subscript) and (dotted_name(node.value) or "").endswith("Union"):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        kept = [ast.unparse(part) for part in parts if ast.unparse(part) != "None"]
        return kept[0] if len(kept) == 1 else f"Union[{', '.join(kept)}]"
    return text.removesuffix(" | None").removeprefix("None | ")
