"""What a rule sees of one use of the source library."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.values import Bound, Instance
from doctranslate.rules.base import NoCounterpart

if TYPE_CHECKING:
    from doctranslate.rules.planner import Planner

OWNER = "_owner_"
"""Stands for the owner in a rule's code until the planner knows whether it must be kept in a variable."""


class Site:
    """One use: a call or an attribute, with everything around it already translated on request.

    Attributes:
        node: The node in the source program.
        symbol: Its qualified name.
        call: The node when it is a call, else None.
        program: What is known of the whole program (`Planner.program`).
    """

    def __init__(self, planner: Planner, node: cst.BaseExpression, symbol: str) -> None:
        self._planner = planner
        self.node = node
        self.symbol = symbol
        self.call = node if isinstance(node, cst.Call) else None
        self.program = planner.program
        self._owner: str | None = None
        self._defaults: dict[str, str | None] = {}
        self._given = self._bind() if self.call is not None else {}

    # ------------------------------------------------------------------ around the use
    @property
    def repo(self) -> str:
        """Code of the target object that the use belongs to.

        Raises:
            NoCounterpart: It cannot be told which one.
        """
        if self._owner is None:
            self._owner = self._planner.owners.owner(
                self.receiver_node if self.receiver_node is not None else self.node
            )
        return self._owner if is_simple(self._owner) else OWNER

    @property
    def owner_code(self) -> str | None:
        """The owner's code when the rule asked for it and it is more than a name."""
        return None if self._owner is None or is_simple(self._owner) else self._owner

    @property
    def receiver_node(self) -> cst.BaseExpression | None:
        """The node before the last dot, or None."""
        target = self._planner.definitions.callee(self.call) if self.call is not None else self.node
        if isinstance(target, cst.Attribute | cst.Subscript):
            return target.value
        return target.left if isinstance(target, cst.BinaryOperation) else None

    @property
    def receiver(self) -> str:
        """Translated code of what is before the last dot."""
        node = self.receiver_node
        if node is None:
            raise NoCounterpart("it is not called on an object")
        return self._planner.render(node)

    def follows(self, *symbols: str) -> bool:
        """Whether the statement in front of this one, in its block, is a call of one of these."""
        line: cst.CSTNode | None = self.node
        while line is not None and not isinstance(line, cst.SimpleStatementLine):
            line = self._planner.place.parent(line)
        block = self._planner.place.parent(line) if line is not None else None
        if not isinstance(block, cst.IndentedBlock | cst.Module):
            return False
        before = next((a for a, b in pairwise(block.body) if b is line), None)
        return isinstance(before, cst.SimpleStatementLine) and all(
            isinstance(small, cst.Expr)
            and isinstance(small.value, cst.Call)
            and self._planner.inference.symbol(small.value.func) in symbols
            for small in before.body
        )

    @property
    def has_member_read(self) -> bool:
        """Whether a member of the value is read where it stands: ``tag.tag.message``."""
        parent = self._planner.place.parent(self.node)
        return isinstance(parent, cst.Attribute) and parent.value is self.node

    @property
    def value_is_used(self) -> bool:
        """Whether something reads the value; False where the use stands alone as a statement."""
        return self._planner.place.value_is_used(self.node)

    @property
    def gives_value(self) -> bool:
        """Whether something reads the value; of a lambda only where the program reads what it gives."""
        around = self._planner.place.parent(self.node)
        if not isinstance(around, cst.Lambda):
            return self.value_is_used
        inference, place = self._planner.inference, self._planner.place
        scope = inference.tree.scope_by_node[around]
        calls = (call for call in inference.tree.calls if inference.function_of(call.func) is scope)
        return any(place.value_is_used(call) for call in calls)

    def is_given_to(self, *names: str) -> bool:
        """Whether a plain function of one of these names takes the value as its first argument."""
        arg = self._planner.place.parent(self.node)
        call = self._planner.place.parent(arg) if arg is not None else None
        return (
            isinstance(call, cst.Call)
            and bool(call.args)
            and call.args[0] is arg
            and isinstance(call.func, cst.Name)
            and call.func.value in names
        )

    def tries_only_native(self, node: cst.BaseExpression) -> bool:
        """Whether an exception that a variable holds can only be the source library's own."""
        return self._planner.handlers.tries_only_native(node)

    def is_expected_to_raise(self, *names: str, node: cst.CSTNode | None = None) -> bool:
        """Whether a ``try`` around it, or a node, handles one of these builtin exceptions."""
        return self._planner.handlers.expects(node or self.node, *names)

    @property
    def is_guarded(self) -> bool:
        """Whether a ``try`` around it handles an error of the source library: then failing is part of the program."""
        return self._planner.place.is_guarded(self.node)

    @property
    def is_tried(self) -> bool:
        """Whether a ``try`` around it handles any error at all."""
        return self._planner.place.is_tried(self.node)

    def guarded(self, line: str) -> str:
        """A statement whose errors are turned into the target's, where the program handles the source's."""
        return self._planner.bridge.guarded(self.node, line) if self.is_guarded else line

    def name(self, qualified: str) -> str:
        """Local name of a target object; its import is added to the program."""
        return self._planner.names.local(qualified)

    def module(self, path: str) -> str:
        """Code that names a module of the target, such as ``dvc.api``; its import is added to the program."""
        return self._planner.names.module(path)

    def prelude(self, function: str) -> str:
        """Local name of a prelude function; its code is added to the program."""
        return self._planner.names.prelude(function)

    def type_of(self, node: cst.BaseExpression) -> str:
        """Qualified type of an expression, or ""."""
        value = self._planner.inference.value(node)
        return value.type if isinstance(value, Instance) else ""

    def is_text(self, node: cst.BaseExpression | None) -> bool:
        """Whether an expression is surely a string."""
        if isinstance(node, cst.SimpleString | cst.ConcatenatedString | cst.FormattedString):
            return True
        return node is not None and self.type_of(node) == "str"

    def members_read(self, type_name: str) -> set[str]:
        """Names of all members that the program reads on values of a type."""
        return self._planner.members_read(type_name)

    def render(self, node: cst.BaseExpression) -> str:
        """Translated code of an expression."""
        return self._planner.render(node)

    def may_be_none(self, node: cst.BaseExpression) -> bool:
        """Whether an expression is a variable that nothing says is set."""
        bindings = self._planner.inference.bindings(node)
        return any(
            binding.kind == "parameter"
            or (isinstance(binding.node, cst.Name) and binding.node.value == "None")
            for binding in bindings
        )

    def is_none_by_default(self, node: cst.BaseExpression) -> bool:
        """Whether an expression is a variable that is None unless it is given something."""
        nodes = (
            binding.node.default if isinstance(binding.node, cst.Param) else binding.node
            for binding in self._planner.inference.bindings(node)
        )
        return any(isinstance(given, cst.Name) and given.value == "None" for given in nodes)

    def element(self, name: str, *codes: str) -> str:
        """A name for the elements in a comprehension: another one only where the code in it uses it already."""
        used = any(re.search(rf"\b{name}\b", code) for code in (self.repo, *codes))
        return self.fresh(name) if used else name

    def fresh(self, stem: str) -> str:
        """A variable name that the program does not use."""
        return self._planner.names.fresh(stem)

    @property
    def bridged_arguments(self) -> str:
        """Code of the call's arguments, as the source library takes them."""
        return self._planner.bridge.arguments(self.call) if self.call is not None else ""

    def argument(self, node: cst.BaseExpression) -> str:
        """Translated code of an expression that the target is given: a commit goes by its hash."""
        kept = self._planner.flow.kept(node)
        code = self.render(node)
        if self._planner.flow.is_native(node):
            held = self._planner.inference.value(node)
            ours = isinstance(held, Instance) and "." in held.type and not held.args
            return f"str({code})" if ours else code  # its hash, or its name
        if kept is None:
            return code
        return kept.as_argument.replace("{self}", code)

    @property
    def is_asked_whether(self) -> bool:
        """Whether only the truth, or the length, of the value is asked for."""
        return self._planner.place.is_condition(self.node) or self.is_given_to("len", "bool")

    def code(self, node: cst.CSTNode) -> str:
        """Translated code of any piece of syntax."""
        return self._planner.render(node)

    @property
    def is_printed(self) -> bool:
        """Whether the value is printed, or put into a string, as it stands."""
        return self._planner.place.is_made_text(self.node)

    def definition(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """Where a plain variable got its value, or the node itself."""
        return self._planner.definitions.of(node) or node

    # ------------------------------------------------------------------ the rest of the program
    def around(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node around a node."""
        return self._planner.place.parent(node)

    def reads_of(self, node: cst.Name) -> list[cst.Name]:
        """Where the variable is read that a name, read or set here, stands for."""
        tree = self._planner.inference.tree
        bound = tree.scope_of[node].lookup(node.value)
        return [
            other
            for other, scope in tree.scope_of.items()
            if type(other) is cst.Name
            and other.value == node.value
            and bound is not None
            and (found := scope.lookup(node.value)) is not None
            and found[0] is bound[0]
            and not self._planner.place.is_no_variable(other)
            and not self._planner.place.is_stored(other)
        ]

    def binding(self, node: cst.BaseExpression) -> cst.CSTNode | None:
        """The one expression that a variable gets its value from, or that a ``with`` enters for it."""
        found = self._planner.inference.bindings(node)
        return found[0].node if len(found) == 1 and found[0].kind in ("value", "enter") else None

    def is_parameter(self, node: cst.BaseExpression) -> bool:
        """Whether an expression is a parameter of the function it stands in."""
        bindings = self._planner.inference.bindings(node)
        return bool(bindings) and all(binding.kind == "parameter" for binding in bindings)

    # ------------------------------------------------------------------ arguments
    def _bind(self) -> dict[str, cst.BaseExpression]:
        assert self.call is not None  # noqa: S101 - narrowed by the only caller
        func = self._planner.inference.value(self.call.func)
        api = func.api if isinstance(func, Bound) else self._planner.api.get(self.symbol)
        given: dict[str, cst.BaseExpression] = {}
        if api is None:
            return given
        self._defaults = {p.name: p.default for p in api.parameters}
        positional = [p.name for p in api.parameters if p.kind in ("positional", "positional-only")]
        rest = next((p.name for p in api.parameters if p.kind == "var-positional"), None)
        index = 0
        for arg in self.call.args:
            if arg.star:
                given["*" if arg.star == "*" else "**"] = arg.value
            elif arg.keyword is not None:
                given[arg.keyword.value] = arg.value
            elif index < len(positional):
                given[positional[index]] = arg.value
                index += 1
            else:
                given[f"{rest or 'extra'}.{index}"] = arg.value
                index += 1
        return given

    def only(self, *names: str, ignore: tuple[str, ...] = ()) -> None:
        """Insist that no other arguments are given than these.

        Args:
            names: Parameters that the rule translates.
            ignore: Parameters without a counterpart that change nothing a program can see.

        Raises:
            NoCounterpart: Naming the arguments that have no counterpart.
        """
        other = [
            name
            for name, node in self._given.items()
            if name not in (*names, *ignore) and not self._is_default(name, node)
        ]
        if other:
            shown = ", ".join(
                "*args" if n == "*" else "**kwargs" if n == "**" else n.partition(".")[0] for n in other
            )
            raise NoCounterpart(f"argument {shown} has no counterpart")

    def _is_default(self, name: str, node: cst.BaseExpression) -> bool:
        """Whether giving a value changes nothing; options of git that are None or False are not given to git."""
        if not isinstance(node, cst.Name) or node.value not in ("None", "False", "True"):
            return False
        if name in self._defaults:
            return node.value == self._defaults[name]
        return node.value != "True"

    def given_names(self, *, positional: bool) -> tuple[str, ...]:
        """Parameters that are given without (or with) their names."""
        keywords = {arg.keyword.value for arg in self.call.args if arg.keyword} if self.call else set()
        return tuple(name for name in self._given if (name not in keywords) == positional)

    def given(self, name: str) -> cst.BaseExpression | None:
        """The node given for a parameter, ``None`` too; None when it is missing."""
        return self._given.get(name)

    def node_of(self, name: str) -> cst.BaseExpression | None:
        """The node given for a parameter; None when it is missing or ``None``."""
        node = self._given.get(name)
        return None if node is None or (isinstance(node, cst.Name) and node.value == "None") else node

    def arg(self, name: str) -> str | None:
        """Translated code of what is given for a parameter; None when it is missing or ``None``."""
        node = self.node_of(name)
        return None if node is None else self.argument(node)

    def literal(self, name: str) -> object:
        """The constant given for a parameter; None when it is missing or no constant."""
        node = self.node_of(name)
        return None if node is None else self.constant(node)

    def constant(self, node: cst.BaseExpression) -> object:
        """The constant that an expression is in the program text, through names that are set once; else None."""
        return self._planner.inference.constant(node)

    def truth(self, name: str, *, default: bool = False) -> bool:
        """A parameter that must be True or False in the program text.

        Raises:
            NoCounterpart: It is known only at run time.
        """
        node = self._given.get(name)
        if node is None:
            return default
        value = self.constant(node)
        if not isinstance(value, bool):
            raise NoCounterpart(f"argument {name} is known only at run time")
        return value


def quoted(text: str) -> str:
    """Code of a string, in double quotes where it can be."""
    return repr(text) if '"' in text or "\\" in text or not text.isprintable() else f'"{text}"'


def is_simple(code: str) -> bool:
    """Whether code is a name or an attribute chain of names: reading it twice changes nothing."""
    return all(part.isidentifier() for part in code.split("."))
