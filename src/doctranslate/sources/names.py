"""Resolving the names in source text to canonical qualified names, in the scope where they were written."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import griffe

_MAX_TEXT = 2_000
"""Characters; a longer expression is data, not a type."""


class Names:
    """Turns names of a scope into canonical names.

    Args:
        modules: The modules that griffe has read.
    """

    def __init__(self, modules: griffe.ModulesCollection) -> None:
        self._modules = modules
        self._annotations: dict[tuple[object, ...], str] = {}

    def annotation(self, scope: griffe.Object, text: str, *, imports: Mapping[str, str] | None = None) -> str:
        """An annotation with canonical names: ``'Head'`` becomes ``git.refs.head.Head``; "" stays "".

        Args:
            scope: Module or class that it is written in.
            text: The annotation.
            imports: Names that the function around it imports, to what they stand for.
        """
        if not text or len(text) > _MAX_TEXT:
            return ""
        key = (scope.path, text, *sorted((imports or {}).items()))
        if key not in self._annotations:
            try:
                tree = ast.parse(text, mode="eval").body
                self._annotations[key] = ast.unparse(_Canonical(self, scope, imports or {}).visit(tree))
            except (SyntaxError, RecursionError):
                self._annotations[key] = text
        return self._annotations[key]

    def name(self, scope: griffe.Object, dotted: str, *, types_only: bool = False) -> str:
        """The canonical name of a dotted name; a name that the scope does not know stays as it is.

        Args:
            scope: Module, class or function that the name is used in.
            dotted: The name as written.
            types_only: Pass over what is no type: ``list`` in an annotation is not a method ``list``.
        """
        head, _, rest = dotted.partition(".")
        path = self._resolve(scope, head, types_only=types_only)
        if path is None:
            return dotted
        return self.canonical(f"{path}.{rest}" if rest else path)

    def _resolve(self, scope: griffe.Object, name: str, *, types_only: bool) -> str | None:
        """Look a name up in a class and its module; never in the package above, as Python does not either."""
        place: griffe.Object | None = scope
        while place is not None:
            member = place.members.get(name)
            if member is not None and not (types_only and place.is_class and not _may_be_type(member)):
                return member.target_path if isinstance(member, griffe.Alias) else member.path
            if place.is_module:
                return None
            place = place.parent
        return None

    def canonical(self, path: str) -> str:
        """Where the object at a path is defined; outside of what was read, as far as imports tell."""
        found = self.object(path)
        seen: set[str] = set()
        while found is None and path not in seen:
            seen.add(path)
            try:
                member = self._modules[path]
            except (KeyError, ValueError, griffe.GriffeError):
                break
            path = member.target_path if isinstance(member, griffe.Alias) else path
            found = self.object(path)
        return found.path if found is not None else path

    def object(self, path: str) -> griffe.Object | None:
        """The object at a path, aliases followed, or None."""
        try:
            found = self._modules[path]
            return found.final_target if isinstance(found, griffe.Alias) else found
        except (KeyError, ValueError, griffe.GriffeError):
            return None

    def bases(self, cls: griffe.Class) -> tuple[str, ...]:
        """Canonical names of the bases of a class, without subscripts; a computed base as it is written."""
        scope = cls.parent if isinstance(cls.parent, griffe.Object) else cls
        texts = (without_subscript(str(base)) for base in cls.bases)
        return tuple(self.annotation(scope, text) for text in texts)

    def mro(self, cls: griffe.Class) -> Iterator[griffe.Class]:
        """The class and those of its bases that were read, depth first, each once."""
        todo, seen = [cls], set()
        while todo:
            found = todo.pop(0)
            if found.path in seen:
                continue
            seen.add(found.path)
            yield found
            bases = map(self.object, self.bases(found))
            todo = [base for base in bases if isinstance(base, griffe.Class)] + todo

    def member(self, cls: griffe.Class, name: str) -> griffe.Object | None:
        """A member of a class, its own or inherited, aliases followed; None when there is none."""
        for base in self.mro(cls):
            if name in base.members:
                return self.object(f"{base.path}.{name}")
        return None


def _may_be_type(member: griffe.Object | griffe.Alias) -> bool:
    if isinstance(member, griffe.Attribute):
        return member.annotation is None and member.value is not None
    return not isinstance(member, griffe.Function)


class _Canonical(ast.NodeTransformer):
    def __init__(self, names: Names, scope: griffe.Object, imports: Mapping[str, str]) -> None:
        self._names = names
        self._scope = scope
        self._imports = imports

    def _name(self, dotted: str) -> ast.Name:
        head, dot, rest = dotted.partition(".")
        if head in self._imports:
            return ast.Name(self._names.canonical(self._imports[head] + dot + rest), ast.Load())
        return ast.Name(self._names.name(self._scope, dotted, types_only=True), ast.Load())

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._name(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        text = dotted_name(node)
        if text is None:
            return self.generic_visit(node)
        return self._name(text)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if (dotted_name(node.value) or "").rpartition(".")[2] == "Literal":
            return ast.Subscript(self.visit(node.value), node.slice, ast.Load())
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """A string in an annotation is a forward reference."""
        if not isinstance(node.value, str):
            return node
        try:
            inner = ast.parse(node.value.strip(), mode="eval").body
        except SyntaxError:
            return node
        return node if isinstance(inner, ast.Constant) else self.visit(inner)


def dotted_name(node: ast.AST) -> str | None:
    """``a.b.c`` for such an expression, else None."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted_name(node.value)
        return f"{head}.{node.attr}" if head else None
    return None


def without_subscript(text: str) -> str:
    """``Sequence`` for ``Sequence[T]``."""
    return text.partition("[")[0]


def parse_expression(value: object) -> ast.expr | None:
    """An expression that griffe holds, as a syntax tree; None when there is none or it is very long."""
    text = "" if value is None else str(value)
    if not text or len(text) > _MAX_TEXT:
        return None
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, RecursionError):
        return None
