"""Folds what is constant in a function: expressions, branches that never run, variables that nothing reads."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import libcst as cst

from doctranslate.rules.assigned import DropUnread, Statements, settled, unread
from doctranslate.rules.literals import UNKNOWN, constant, is_empty, is_pure, truth

_COMPARE: dict[type[cst.BaseCompOp], Callable[[Any, Any], bool]] = {
    cst.Equal: operator.eq,
    cst.NotEqual: operator.ne,
    cst.Is: operator.is_,
    cst.IsNot: operator.is_not,
    cst.In: lambda left, right: left in right,
    cst.NotIn: lambda left, right: left not in right,
}
_ATOMS = (
    cst.Name,
    cst.Attribute,
    cst.Call,
    cst.Subscript,
    cst.BaseNumber,
    cst.SimpleString,
    cst.FormattedString,
)


def fold(
    function: cst.FunctionDef,
    values: Mapping[str, cst.BaseExpression],
    *,
    defaults: Mapping[str, Mapping[str, object]] | None = None,
) -> cst.FunctionDef:
    """Put constants in place of variables, and leave out what they decide.

    Args:
        function: The function.
        values: Variables to the literals that they always are.
        defaults: Method names to keywords to values: what need not be said when a method is called.

    Returns:
        The function, which does the same wherever the variables have those values.
    """
    new: Any = function.visit(_Put(values))
    while True:
        before = new
        new = new.visit(_Fold(values, defaults or {}))
        found = settled(new)
        if found:
            values = {**values, **found}
            new = new.visit(_Put(found))
            continue
        idle = unread(new) - set(values)
        if idle:
            new = new.visit(DropUnread(idle))
        if new.deep_equals(before):
            return new  # type: ignore[no-any-return]  # a visitor answers with any node


class _Put(cst.CSTTransformer):
    """Puts literals where variables are read."""

    def __init__(self, values: Mapping[str, cst.BaseExpression]) -> None:
        super().__init__()
        self._values = values
        self._kept: set[cst.CSTNode | None] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.AssignTarget | cst.AugAssign):
            self._kept.add(node.target)
        elif isinstance(node, cst.Attribute):
            self._kept.add(node.attr)
        elif isinstance(node, cst.Arg):
            self._kept.add(node.keyword)
        elif isinstance(node, cst.Param | cst.FunctionDef):
            self._kept.add(node.name)
        return super().on_visit(node)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> Any:
        if original_node in self._kept or original_node.value not in self._values:
            return updated_node
        return self._values[original_node.value].deep_clone()


class _Fold(Statements):
    def __init__(
        self, values: Mapping[str, cst.BaseExpression], defaults: Mapping[str, Mapping[str, object]]
    ) -> None:
        super().__init__()
        self._values = values
        self._defaults = defaults
        self._elifs: set[cst.CSTNode] = set()

    # ------------------------------------------------------------------ expressions
    def leave_UnaryOperation(self, original_node: Any, updated_node: cst.UnaryOperation) -> Any:
        value = truth(updated_node.expression)
        if isinstance(updated_node.operator, cst.Not) and value is not None:
            return _truth(not value)
        return updated_node

    def leave_BooleanOperation(self, original_node: Any, updated_node: cst.BooleanOperation) -> Any:
        value = truth(updated_node.left)
        if value is None:
            return updated_node
        decided = value is isinstance(updated_node.operator, cst.Or)
        return _instead(updated_node, updated_node.left if decided else updated_node.right)

    def leave_IfExp(self, original_node: Any, updated_node: cst.IfExp) -> Any:
        value = truth(updated_node.test)
        if value is None:
            return updated_node.with_changes(test=_test(updated_node.test))
        return _instead(updated_node, updated_node.body if value else updated_node.orelse)

    def leave_Comparison(self, original_node: Any, updated_node: cst.Comparison) -> Any:
        if len(updated_node.comparisons) != 1:
            return updated_node
        compared = updated_node.comparisons[0]
        left, right = constant(updated_node.left), constant(compared.comparator)
        evaluate = _COMPARE.get(type(compared.operator))
        if (
            isinstance(compared.operator, cst.In | cst.NotIn)
            and is_empty(compared.comparator)
            and is_pure(updated_node.left)
        ):
            return _truth(isinstance(compared.operator, cst.NotIn))
        if evaluate is None or left is UNKNOWN:
            return updated_node
        by_identity = isinstance(compared.operator, cst.Is | cst.IsNot)
        if right is not UNKNOWN and not (by_identity and {type(left), type(right)} & {str, int, tuple}):
            return _truth(evaluate(left, right))
        if isinstance(compared.operator, cst.In | cst.NotIn) and _is_among(left, compared.comparator):
            return _truth(isinstance(compared.operator, cst.In))
        return updated_node

    def leave_FormattedString(self, original_node: Any, updated_node: cst.FormattedString) -> Any:
        parts: list[Any] = [_text(part) for part in updated_node.parts]
        if all(isinstance(part, cst.FormattedStringText) for part in parts) and updated_node.start in (
            'f"',
            "f'",
        ):
            text = "".join(part.value for part in parts)
            if not set("{}\\") & set(text):
                return cst.SimpleString(f"{updated_node.end}{text}{updated_node.end}")
        return updated_node.with_changes(parts=parts)

    def leave_Call(self, original_node: Any, updated_node: cst.Call) -> Any:
        known = (
            self._defaults.get(updated_node.func.attr.value, {})
            if isinstance(updated_node.func, cst.Attribute)
            else {}
        )
        args = [arg for arg in updated_node.args if not _says_nothing(arg, known)]
        if _is_empty_container(updated_node):
            args = []
        return updated_node if len(args) == len(updated_node.args) else with_args(updated_node, args)

    def leave_ListComp(self, original_node: Any, updated_node: cst.ListComp) -> Any:
        """``[f(n) for n in [x]]`` is ``[f(x)]``."""
        part, elt = updated_node.for_in, updated_node.elt
        only = part.iter.elements if isinstance(part.iter, cst.List | cst.Tuple) else ()
        if part.ifs or part.inner_for_in or len(only) != 1 or not isinstance(only[0], cst.Element):
            return updated_node
        code = cst.Module([]).code_for_node(only[0].value)
        if not isinstance(part.target, cst.Name) or set(code) & set("'\"\\\n"):
            return updated_node  # quotes would not fit into a formatted string
        if not isinstance(elt, cst.FormattedString) or _names_put_in(elt) != [part.target.value]:
            return updated_node
        return cst.List([cst.Element(_replaced(elt, part.target.value, only[0].value))])

    def _leave_display(self, original_node: Any, updated_node: Any) -> Any:
        elements = [
            e for e in updated_node.elements if not (isinstance(e, cst.StarredElement) and is_empty(e.value))
        ]
        if len(elements) == len(updated_node.elements):
            return updated_node
        if elements and not isinstance(updated_node, cst.Tuple):
            elements[-1] = elements[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        return updated_node.with_changes(elements=elements)

    leave_List = _leave_display
    leave_Tuple = _leave_display

    # ------------------------------------------------------------------ statements
    def leave_Assign(self, original_node: Any, updated_node: cst.Assign) -> Any:
        target = updated_node.targets[0].target
        if len(updated_node.targets) == 1 and isinstance(target, cst.Name) and target.value in self._values:
            same, value = constant(self._values[target.value]), constant(updated_node.value)
            if value is not UNKNOWN and type(value) is type(same) and value == same:
                return cst.RemoveFromParent()
        return updated_node.with_changes(value=_bare(updated_node.value))

    def leave_Return(self, original_node: Any, updated_node: cst.Return) -> Any:
        return (
            updated_node.with_changes(value=_bare(updated_node.value)) if updated_node.value else updated_node
        )

    def visit_If(self, node: cst.If) -> None:
        if isinstance(node.orelse, cst.If):
            self._elifs.add(node.orelse)

    def leave_If(self, original_node: cst.If, updated_node: cst.If) -> Any:
        node = updated_node.with_changes(test=_test(updated_node.test), orelse=_settled(updated_node.orelse))
        if original_node in self._elifs:
            return node
        value = truth(node.test)
        if value is None:
            nothing_left = not node.body.body and node.orelse is None and is_pure(node.test)
            return cst.RemoveFromParent() if nothing_left else node
        if value:
            return _spliced(node.body, node.leading_lines)
        if isinstance(node.orelse, cst.If):
            return node.orelse.with_changes(leading_lines=node.leading_lines)
        return cst.RemoveFromParent() if node.orelse is None else _spliced(node.orelse.body, ())

    def leave_While(self, original_node: Any, updated_node: cst.While) -> Any:
        node = updated_node.with_changes(test=_test(updated_node.test))
        return cst.RemoveFromParent() if truth(node.test) is False and node.orelse is None else node

    def leave_For(self, original_node: Any, updated_node: cst.For) -> Any:
        never = is_empty(updated_node.iter) and updated_node.orelse is None
        return cst.RemoveFromParent() if never else updated_node


def with_args(call: cst.Call, args: Sequence[cst.Arg]) -> cst.Call:
    """A call with fewer arguments."""
    if args:
        args = [*args[:-1], args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)]
    return call.with_changes(args=args)


def _says_nothing(arg: cst.Arg, known: Mapping[str, object]) -> bool:
    if arg.star:
        return is_empty(arg.value)
    if arg.keyword is None or arg.keyword.value not in known:
        return False
    value = constant(arg.value)
    usual = known[arg.keyword.value]
    return bool(type(value) is type(usual) and value == usual)


def _names_put_in(text: cst.FormattedString) -> list[str]:
    """The names that a formatted string puts in; an empty one stands for what is more than a name."""
    put = [part for part in text.parts if isinstance(part, cst.FormattedStringExpression)]
    return [part.expression.value if isinstance(part.expression, cst.Name) else "" for part in put]


def _replaced(node: cst.BaseExpression, name: str, value: cst.BaseExpression) -> cst.BaseExpression:
    new: Any = node.visit(_Put({name: value}))
    return new  # type: ignore[no-any-return]  # a visitor answers with any node


def _is_empty_container(call: cst.Call) -> bool:
    """``set(())``."""
    makes = isinstance(call.func, cst.Name) and call.func.value in ("set", "list", "tuple", "dict")
    return makes and len(call.args) == 1 and is_empty(call.args[0].value)


def _truth(value: bool) -> cst.Name:
    return cst.Name("True" if value else "False")


def _instead(whole: Any, part: Any) -> Any:
    """A part of an expression in place of the whole, in its brackets where it needs any."""
    if whole.lpar and not part.lpar and not isinstance(part, _ATOMS):
        return part.with_changes(lpar=whole.lpar, rpar=whole.rpar)
    return part


def _is_among(value: Any, container: cst.CSTNode) -> bool:
    """Whether a container's literals hold a value, and finding it leaves out no effect."""
    if not isinstance(container, cst.Tuple | cst.List):
        return False
    pure = all(isinstance(e, cst.Element) and is_pure(e.value) for e in container.elements)
    found = [constant(e.value) for e in container.elements]
    return pure and any(v is not UNKNOWN and type(v) is type(value) and v == value for v in found)


def _text(part: Any) -> Any:
    """A literal inside a formatted string as text."""
    if isinstance(part, cst.FormattedStringExpression) and not (
        part.conversion or part.format_spec or part.equal
    ):
        value = constant(part.expression)
        if isinstance(value, str) and not set("{}\\\"'\n") & set(value):
            return cst.FormattedStringText(value)
    return part


def _test(node: Any) -> Any:
    """A condition, of which only the truth counts, without what does not change it."""
    if isinstance(node, cst.BooleanOperation) and truth(node.right) is isinstance(node.operator, cst.And):
        return _bare(node.left)
    return _bare(node)


def _bare(node: Any) -> Any:
    """An expression that stands alone, without the brackets that only grouped it."""
    grouped = isinstance(node, cst.BooleanOperation | cst.Comparison | cst.IfExp | cst.UnaryOperation)
    if grouped and len(node.lpar) == 1 and "\n" not in cst.Module([]).code_for_node(node):
        return node.with_changes(lpar=[], rpar=[])
    return node


def _settled(orelse: Any) -> Any:
    """What follows a condition that did not hold."""
    while isinstance(orelse, cst.If) and (value := truth(orelse.test)) is not None:
        if value:
            return cst.Else(orelse.body, leading_lines=orelse.leading_lines)
        orelse = orelse.orelse
    return None if isinstance(orelse, cst.Else) and not orelse.body.body else orelse


def _spliced(block: Any, leading: Sequence[cst.EmptyLine]) -> Any:
    """The statements of a block in place of the statement that holds it."""
    if isinstance(block, cst.SimpleStatementSuite):
        return cst.SimpleStatementLine(block.body, leading_lines=leading)
    body = list(block.body)
    if not body:
        return cst.RemoveFromParent()
    body[0] = body[0].with_changes(leading_lines=[*leading, *body[0].leading_lines])
    return cst.FlattenSentinel(body)
