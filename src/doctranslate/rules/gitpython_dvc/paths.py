"""What the paths of a program can be, read from its text: names, joins, patterns, parameters, loops."""

from __future__ import annotations

import string
from collections.abc import Callable
from functools import cached_property

import libcst as cst

from doctranslate.analysis.infer import Inference
from doctranslate.analysis.literals import literal
from doctranslate.analysis.scopes import Binding, Scope
from doctranslate.rules.gitpython_dvc import texts
from doctranslate.rules.gitpython_dvc.calls import Calls
from doctranslate.rules.gitpython_dvc.texts import Texts, union, whole

_JOINS = {"os.path.join", "posixpath.join"}
_MAKES_PATH = {"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath"}
_SAME = {"os.fspath", "os.path.normpath", "posixpath.normpath"}
_ONLY_NAME_STAYS = {"os.path.relpath", "os.path.abspath", "os.path.realpath"}
_SAME_METHODS = {"as_posix", "__fspath__", "__str__"}
_ONLY_NAME_STAYS_METHODS = {"relative_to", "resolve", "absolute", "expanduser"}
_SAME_ELEMENTS = {"sorted", "list", "set", "tuple", "frozenset", "reversed", "iter"}
_DEEPEST = 60
_GROWS = {"append", "extend", "insert", "add", "update", "appendleft"}


class Paths:
    """Answers what expressions can be as text, and what lists hold.

    A path that is not known is None; what is known of one only in part has its beginning or its end.

    Args:
        inference: What knows the names of the program.
    """

    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        self._calls = Calls(inference)
        self._known: dict[tuple[bool, object], Texts] = {}
        self._depth = 0

    def of(self, node: cst.CSTNode | None) -> Texts:
        """Every text that an expression can be: a string, or a path object."""
        return self._once((False, node), lambda: self._read(node)) if node is not None else None

    def inside(self, node: cst.CSTNode | None) -> Texts:
        """Every text that an element of an iterable can be."""
        return self._once((True, node), lambda: self._elements(node)) if node is not None else None

    def _once(self, key: tuple[bool, object], read: Callable[[], Texts]) -> Texts:
        if key not in self._known:
            if self._depth > _DEEPEST:
                return None
            self._known[key] = None  # what depends on itself is not known
            self._depth += 1
            self._known[key] = read()
            self._depth -= 1
        return self._known[key]

    # ------------------------------------------------------------------ one path
    def _read(self, node: cst.CSTNode) -> Texts:  # noqa: PLR0912 - one case for each kind of expression
        match node:
            case cst.SimpleString():
                text = literal(node)
                return frozenset({whole(text)}) if isinstance(text, str) else None
            case cst.ConcatenatedString():
                return texts.concat(self.of(node.left), self.of(node.right))
            case cst.FormattedString():
                return self._formatted(node)
            case cst.BinaryOperation(operator=cst.Add()):
                return texts.concat(self.of(node.left), self.of(node.right))
            case cst.BinaryOperation(operator=cst.Divide()):
                right = self.of(node.right)
                return texts.join(self.of(node.left), right) if right is not None else None
            case cst.BinaryOperation(operator=cst.Modulo()):
                template = self.inference.constant(node.left)
                return texts.templated(template) if isinstance(template, str) else None
            case cst.IfExp():
                return union([self.of(node.body), self.of(node.orelse)])
            case cst.BooleanOperation():
                return union([self.of(node.left), self.of(node.right)])
            case cst.NamedExpr():
                return self.of(node.value)
            case cst.Call():
                return self._called(node)
            case cst.Attribute(attr=cst.Name(value="name")) if self._is_path(node.value):
                return texts.named(self.of(node.value))
            case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=index))]):
                return self.inside(node.value) if isinstance(literal(index), int) else None
            case cst.Name() | cst.Attribute():
                return self._variable(node)
        return None

    def _formatted(self, node: cst.FormattedString) -> Texts:
        found: Texts = frozenset({whole("")})
        for part in node.parts:
            known: Texts = None
            if isinstance(part, cst.FormattedStringText) and "\\" not in part.value:
                known = frozenset({whole(part.value.replace("{{", "{").replace("}}", "}"))})
            elif isinstance(part, cst.FormattedStringExpression) and part.format_spec is None:
                known = self.of(part.expression) if part.conversion is None else None
            found = texts.concat(found, known)
        return found

    def _called(self, node: cst.Call) -> Texts:
        path = self.inference.import_path(node.func)
        given = [arg.value for arg in node.args if arg.keyword is None and not arg.star]
        first = given[0] if given else None
        if path in _JOINS or path in _MAKES_PATH:
            return self._joined(node)
        if path in _SAME or (
            isinstance(node.func, cst.Name) and node.func.value == "str" and len(given) == 1
        ):
            return self.of(first)
        if path in _ONLY_NAME_STAYS:
            return texts.shortened(self.of(first))
        if path == "os.path.basename":
            return texts.named(self.of(first))
        function = self.inference.function_of(node.func)
        if function is not None:
            return self._returned(function, self.of)
        if isinstance(node.func, cst.Attribute):
            return self._method(node.func.value, node.func.attr.value, first)
        return None

    def _method(self, owner: cst.BaseExpression, name: str, first: cst.BaseExpression | None) -> Texts:
        if name in _SAME_METHODS:
            return self.of(owner)
        if name in _ONLY_NAME_STAYS_METHODS:
            return texts.shortened(self.of(owner))
        if name == "with_suffix":
            return texts.with_suffix(self.of(owner), self.of(first))
        if name == "with_name":
            return texts.with_name(self.of(owner), self.of(first))
        if name == "joinpath":
            return texts.join(self.of(owner), self.of(first))
        template = self.inference.constant(owner) if name == "format" else None
        if isinstance(template, str):
            pieces = [piece for piece, *_ in string.Formatter().parse(template)]
            last = next(iter([*string.Formatter().parse(template)][-1:]), ("", None))
            return (
                texts.templated(f"{pieces[0]}%s{'' if last[1] is not None else last[0]}") if pieces else None
            )
        return None

    def _joined(self, node: cst.Call) -> Texts:
        found: Texts = frozenset({whole("")})
        for arg in node.args:
            found = texts.join(found, None if arg.star or arg.keyword is not None else self.of(arg.value))
        return found if node.args else frozenset({whole(".")})

    def _is_path(self, node: cst.BaseExpression) -> bool:
        """Whether an expression is made by ``Path``, or by a division, so that ``.name`` is the path's."""
        made = self._made(node)
        return (isinstance(made, cst.Call) and self.inference.import_path(made.func) in _MAKES_PATH) or (
            isinstance(made, cst.BinaryOperation) and isinstance(made.operator, cst.Divide)
        )

    def _made(self, node: cst.BaseExpression) -> cst.CSTNode:
        found = self.inference.bindings(node)
        made = found[0].node if len(found) == 1 and found[0].kind == "value" else None
        return made if made is not None else node

    # ------------------------------------------------------------------ lists of paths
    def _elements(self, node: cst.CSTNode) -> Texts:
        match node:
            case cst.List() | cst.Tuple() | cst.Set():
                return union(
                    self.inside(e.value) if isinstance(e, cst.StarredElement) else self.of(e.value)
                    for e in node.elements
                )
            case cst.Dict():
                keys = [e.key if isinstance(e, cst.DictElement) else None for e in node.elements]
                return union(map(self.of, keys))
            case cst.ListComp() | cst.SetComp() | cst.GeneratorExp():
                return self.of(node.elt)
            case cst.BinaryOperation(operator=cst.Add()):
                return union([self.inside(node.left), self.inside(node.right)])
            case cst.IfExp():
                return union([self.inside(node.body), self.inside(node.orelse)])
            case cst.Subscript() if all(isinstance(s.slice, cst.Slice) for s in node.slice):
                return self.inside(node.value)
            case cst.Call():
                return self._listed(node)
            case cst.Name() | cst.Attribute():
                return self._container(node)
        return None

    def _listed(self, node: cst.Call) -> Texts:
        given = [arg.value for arg in node.args if arg.keyword is None and not arg.star]
        name = node.func.value if isinstance(node.func, cst.Name) else ""
        if name in _SAME_ELEMENTS and given:
            return self.inside(given[0])
        if name == "filter" and len(given) == 2:
            return self.inside(given[1])
        if name == "map" and len(given) == 2:
            same = isinstance(given[0], cst.Name) and given[0].value == "str"
            same = same or self.inference.import_path(given[0]) in _SAME | _MAKES_PATH
            return self.inside(given[1]) if same else None
        path = self.inference.import_path(node.func)
        if path in ("glob.glob", "glob.iglob") and len(node.args) >= 1 and given:
            return texts.matched(self.of(given[0]))
        function = self.inference.function_of(node.func)
        if function is not None:
            return self._returned(function, self.of if function.yields else self.inside)
        if isinstance(node.func, cst.Attribute):
            owner, last = self.of(node.func.value), node.func.attr.value
            if last in ("glob", "rglob") and given:
                top = texts.below(owner) if last == "rglob" else owner
                return texts.join(top, texts.matched(self.of(given[0])))
            if last == "iterdir":
                return texts.below(owner)
            if last == "keys" and not node.args:
                return self.inside(node.func.value)
        return None

    def _container(self, node: cst.Name | cst.Attribute) -> Texts:
        bindings = self._bindings(node)
        made = [binding for binding in bindings if binding.kind != "in place"]
        if len(made) < len(bindings) and any(binding.kind != "value" for binding in made):
            return None  # growth knows what is added to what the program makes itself, and to nothing else
        return union([self._contained(binding) for binding in made]) if made else None

    def _contained(self, binding: Binding) -> Texts:
        if binding.kind != "value" or binding.node is None:
            return self._bound(binding, self.inside)
        grows = self.inference.growth
        if not isinstance(binding.node, cst.Tuple) and (self._grows_unseen or grows.put_deeper(binding)):
            return None
        if isinstance(binding.node, cst.Dict) and (grows.put_into(binding) or grows.put_from(binding)):
            return None  # what is put into a dict is its values
        return union(
            [
                self.inside(binding.node),
                *(self.of(each) for each in grows.put_into(binding)),
                *(self.inside(each) for each in grows.put_from(binding)),
            ]
        )

    @cached_property
    def _grows_unseen(self) -> bool:
        """Whether a list grows under a name that is not the one it was made for: a parameter, another variable."""
        for call in self.inference.tree.calls:
            if not isinstance(call.func, cst.Attribute) or call.func.attr.value not in _GROWS:
                continue
            if self.inference.symbol(call.func) is not None and self.inference.import_path(call.func) == "":
                value = self.inference.symbol(call.func) or ""
                if not value.startswith(("list.", "set.", "dict.")):
                    continue
            for binding in self.inference.bindings(call.func.value):
                alias = isinstance(binding.node, cst.Name | cst.Attribute | cst.Subscript)
                if binding.kind == "parameter" or (binding.kind == "value" and alias):
                    return True
        return False

    # ------------------------------------------------------------------ variables
    def _variable(self, node: cst.Name | cst.Attribute) -> Texts:
        bindings = self._bindings(node)
        if not bindings:
            return None
        return union([self._bound(binding, self.of) for binding in bindings])

    def _bindings(self, node: cst.Name | cst.Attribute) -> list[Binding]:
        """What binds a variable; nothing for an attribute that another class of the program sets as well."""
        found = self.inference.bindings(node)
        if isinstance(node, cst.Attribute) and found:
            name = node.attr.value
            classes = {
                id(scope) for scope in self.inference.tree.scope_by_node.values() if name in scope.attributes
            }
            outside = len(self.inference.tree.outside.get(name, ()))
            return found if len(classes) == 1 and not outside else []
        return found

    def _bound(self, binding: Binding, read: Callable[[cst.CSTNode | None], Texts]) -> Texts:
        node = binding.node
        match binding.kind:
            case "value":
                return read(node)
            case "element" if read == self.of:
                return self.inside(node)
            case "element":
                return union(read(item) for item in self._items(node)) if self._items(node) else None
            case "unpack" if not binding.inner:
                parts = [self._part(each, binding.index) for each in self._results(node)]
                return union(map(read, parts)) if parts else None
            case "unpack element" if not binding.inner:
                return self._unpacked(node, binding.index, read)
            case "parameter" if isinstance(node, cst.Param):
                given = self._calls.given(node, binding.scope)
                return union(map(read, given)) if given else None
        return None

    def _unpacked(
        self, node: cst.CSTNode | None, index: int, read: Callable[[cst.CSTNode | None], Texts]
    ) -> Texts:
        """``for a, b in pairs``: over pairs that are written out, over items, or numbered."""
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "enumerate":
            return self.inside(node.args[0].value) if index == 1 and read == self.of else None
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            if node.func.attr.value == "items" and not node.args and index == 0 and read == self.of:
                return self.inside(node.func.value)
            return None
        items = self._items(node)
        return union(read(self._part(item, index)) for item in items) if items else None

    def _items(self, node: cst.CSTNode | None) -> list[cst.BaseExpression]:
        """The elements of a list that is written out where it stands, or where its variable is set."""
        made = self._made(node) if isinstance(node, cst.Name) else node
        if isinstance(made, cst.Tuple) or (isinstance(made, cst.List) and made is node):
            return [e.value for e in made.elements if not isinstance(e, cst.StarredElement)]
        return []

    def _results(self, node: cst.CSTNode | None) -> list[cst.CSTNode]:
        """What a value can be as an expression: of a call, what the function returns."""
        function = self.inference.function_of(node.func) if isinstance(node, cst.Call) else None
        if function is None:
            return [node] if node is not None else []
        if function.yields or self._calls.is_overridden(function) or self._is_decorated(function):
            return []
        return [*function.returns]

    def _part(self, node: cst.CSTNode, index: int) -> cst.BaseExpression | None:
        if not isinstance(node, cst.Tuple | cst.List) or not -len(node.elements) <= index < len(
            node.elements
        ):
            return None
        plain = not any(isinstance(e, cst.StarredElement) for e in node.elements)
        return node.elements[index].value if plain else None

    def _returned(self, scope: Scope, read: Callable[[cst.CSTNode | None], Texts]) -> Texts:
        if self._calls.is_overridden(scope) or self._is_decorated(scope) or scope.yielded_from:
            return None
        return union(map(read, scope.returns)) if scope.returns else None

    def _is_decorated(self, scope: Scope) -> bool:
        decorators = scope.node.decorators if isinstance(scope.node, cst.FunctionDef) else ()
        names = {d.decorator.value for d in decorators if isinstance(d.decorator, cst.Name)}
        return bool(decorators) and not names <= {"staticmethod", "classmethod", "property"}
