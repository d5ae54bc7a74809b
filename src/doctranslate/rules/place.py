"""Where an expression stands in its program: what is around it, and what can be written there."""

from __future__ import annotations

import libcst as cst

from doctranslate.analysis.infer import Inference
from doctranslate.rules.failing import Failing

# Callables that only look at their arguments: a name given to them need not be turned into an object again.
LOOKS_ONLY = {
    "print", "str", "repr", "format", "len", "sorted", "list", "set", "tuple", "enumerate", "any", "all",
    "max", "min", "isinstance", "bool", "next", "reversed", "map", "filter", "zip", "dict", "frozenset",
}  # fmt: skip
_MAKES_TEXT = {"print", "str", "format", "debug", "info", "warning", "error", "exception", "echo", "secho"}
_ONLY_SOMETIMES = (
    cst.Lambda,
    cst.ListComp,
    cst.SetComp,
    cst.DictComp,
    cst.GeneratorExp,
    cst.BooleanOperation,
    cst.IfExp,
    cst.Decorator,
    cst.Param,
    cst.ExceptHandler,
    cst.MatchCase,
    cst.While,
    cst.Assert,
)


class Place:
    """Answers questions about the surroundings of expressions.

    Args:
        inference: The program.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._parents = inference.tree.parent_of
        self._failing = Failing(inference)

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node around a node."""
        return self._parents.get(node)

    def value_is_used(self, node: cst.CSTNode) -> bool:
        """Whether a node is more than a statement of its own."""
        return not isinstance(self.parent(node), cst.Expr)

    def is_callee(self, node: cst.CSTNode) -> bool:
        """Whether a node is what a call calls."""
        parent = self.parent(node)
        return isinstance(parent, cst.Call) and parent.func is node

    def is_import_part(self, node: cst.CSTNode) -> bool:
        """Whether a node is a name inside an import statement."""
        parent = self.parent(node)
        while isinstance(parent, cst.Attribute):
            parent = self.parent(parent)
        return isinstance(parent, cst.ImportAlias | cst.ImportFrom | cst.Import | cst.AsName | cst.NameItem)

    def is_no_variable(self, node: cst.Name) -> bool:
        """Whether a name is one of an attribute, a keyword, a parameter, a definition or an import."""
        parent = self.parent(node)
        if isinstance(parent, cst.Attribute) and parent.attr is node:
            return True
        if isinstance(parent, cst.Arg) and parent.keyword is node:
            return True
        if isinstance(parent, cst.Param | cst.FunctionDef | cst.ClassDef) and parent.name is node:
            return True
        return self.is_import_part(node)

    def is_stored(self, node: cst.CSTNode) -> bool:
        """Whether a node is assigned to, or deleted, and not read."""
        child, parent = node, self.parent(node)
        while isinstance(parent, cst.Element | cst.StarredElement | cst.Tuple | cst.List):
            child, parent = parent, self.parent(parent)
        if isinstance(parent, cst.AssignTarget | cst.Del | cst.AsName):
            return True
        target = getattr(parent, "target", None)
        return (
            isinstance(parent, cst.AugAssign | cst.AnnAssign | cst.For | cst.CompFor | cst.NamedExpr)
            and target is child
        )

    def is_deleted(self, node: cst.CSTNode) -> bool:
        """Whether a ``del`` names a node."""
        parent = self.parent(node)
        while isinstance(parent, cst.Element | cst.Tuple | cst.List):
            parent = self.parent(parent)
        return isinstance(parent, cst.Del)

    def is_condition(self, node: cst.CSTNode) -> bool:
        """Whether only the truth of a value is asked for."""
        parent = self.parent(node)
        while isinstance(parent, cst.BooleanOperation) or (
            isinstance(parent, cst.UnaryOperation) and isinstance(parent.operator, cst.Not)
        ):
            if isinstance(parent, cst.UnaryOperation):
                return True
            node, parent = parent, self.parent(parent)
        if isinstance(parent, cst.If | cst.While | cst.IfExp | cst.CompIf | cst.Assert):
            return parent.test is node
        return False

    def is_iterated_once(self, node: cst.CSTNode) -> bool:
        """Whether a call takes a value only to go through it: a list does as well as a generator."""
        arg = self.parent(node)
        call = self.parent(arg) if isinstance(arg, cst.Arg) else None
        func = call.func if isinstance(call, cst.Call) and len(call.args) == 1 else None
        if isinstance(func, cst.Attribute):
            return func.attr.value == "join"
        return isinstance(func, cst.Name) and func.value in ("sorted", "list", "set", "tuple", "any", "all")

    def is_made_text(self, node: cst.CSTNode) -> bool:
        """Whether a value is printed, or put into a string as it stands."""
        parent = self.parent(node)
        if isinstance(parent, cst.FormattedStringExpression):
            return parent.conversion is None
        if isinstance(parent, cst.Arg):
            call = self.parent(parent)
            func = call.func if isinstance(call, cst.Call) else None
            last = func.attr if isinstance(func, cst.Attribute) else func
            return isinstance(last, cst.Name) and last.value in _MAKES_TEXT and parent.keyword is None
        if isinstance(parent, cst.BinaryOperation) and isinstance(parent.operator, cst.Modulo):
            return parent.right is node
        return False

    def is_annotation(self, node: cst.CSTNode) -> bool:
        """Whether a node is an annotation, or a part of one."""
        parent = self.parent(node)
        while isinstance(
            parent, cst.Subscript | cst.SubscriptElement | cst.Index | cst.BinaryOperation | cst.Attribute
        ):
            parent = self.parent(parent)
        return isinstance(parent, cst.Annotation)

    def is_base_class(self, node: cst.CSTNode) -> bool:
        """Whether a class of the program derives from what a node names."""
        parent = self.parent(node)
        return isinstance(parent, cst.Arg) and isinstance(self.parent(parent), cst.ClassDef)

    def is_guarded(self, node: cst.CSTNode) -> bool:
        """Whether a handler for an error of the source library, or for any error, sees what a node raises."""
        return self._failing.cover(node)

    def is_tried(self, node: cst.CSTNode) -> bool:
        """Whether a node stands in a ``try`` with a handler of any kind, or is seen by one from further out."""
        return self._failing.are_around(node) or self._failing.cover(node)

    def can_hoist(self, node: cst.CSTNode) -> bool:
        """Whether statements can run in front of the statement that a node is in, with the same effect."""
        parent = self.parent(node)
        while parent is not None and not isinstance(parent, cst.BaseStatement | cst.BaseSmallStatement):
            if isinstance(parent, _ONLY_SOMETIMES):
                return False
            parent = self.parent(parent)
        if parent is None or isinstance(parent, _ONLY_SOMETIMES):
            return False
        if isinstance(parent, cst.If) and getattr(self.parent(parent), "orelse", None) is parent:
            return False  # an elif: what stands in front of it runs in front of the whole
        return not self._something_runs_before(node, parent)

    def _something_runs_before(self, node: cst.CSTNode, statement: cst.CSTNode) -> bool:
        """Whether a call of other code stands before a node in its statement: it may not be overtaken."""
        spans = self._inference.tree.span_of
        start, until = spans[statement][0], spans[node][0]
        return any(
            start < spans[call][0] and spans[call][1] < until and not self._only_looks(call)
            for call in self._inference.tree.calls_between(start, until)
        )

    def _only_looks(self, call: cst.Call) -> bool:
        if isinstance(call.func, cst.Name) and call.func.value in LOOKS_ONLY:
            return True
        symbol = self._inference.symbol(call.func)
        return symbol is not None and self._inference.is_library(symbol)
