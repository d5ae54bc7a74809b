"""Names of the library's things where they are named and not called: in annotations, in handlers, as values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.scopes import Scope
from doctranslate.analysis.values import Ref
from doctranslate.records import Translated
from doctranslate.rules.plan import Plan

if TYPE_CHECKING:
    from doctranslate.rules.planner import Planner

_NO_NAME = "it has no counterpart that could be named here"
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_ASKS_FOR_CLASS = {"isinstance", "issubclass", "type", "cast", "TypeVar", "NewType", "get_type_hints"}


class Mentions:
    """Plans the mentions of one program.

    Args:
        planner: What knows the program.
    """

    def __init__(self, planner: Planner) -> None:
        self._planner = planner

    def plan(self, node: cst.BaseExpression, ref: Ref) -> Plan | None:
        """A class, exception or module of the library that is named without being called."""
        parent = self._planner.place.parent(node)
        if (
            isinstance(parent, cst.Attribute)
            and parent.value is node
            and self._planner.inference.value(parent) is not None
        ):
            return None  # part of a longer path
        if self._planner.place.is_callee(node) or not self._planner.inference.is_library(ref.path):
            return None
        targets = self._planner.rules.names.get(ref.path)
        if targets is not None and (plan := self.caught(node)) is not None:
            return plan
        if self._planner.place.is_base_class(node):
            return self._base_class(node, ref.path, targets)
        if targets is None or self._annotates_native(node):
            return self._stays(node, ref.path)
        if ref.path == self._planner.rules.root and self._is_given_as_function(node):
            adopter = self._planner.names.prelude(self._planner.rules.adopter)
            return Plan(adopter, told=(self._translated(node, ref.path),))
        local = [self._planner.names.local(target) for target in targets]
        code = local[0] if len(local) == 1 else f"({', '.join(local)})"
        return Plan(code, told=(self._translated(node, ref.path),))

    def _base_class(self, node: cst.BaseExpression, path: str, targets: tuple[str, ...] | None) -> Plan:
        """A class that the program derives from: an error is one of the target's, everything else stays what it is."""
        kept = self._planner.rules.types.get(path)
        if targets and kept is not None and not kept.target:
            return Plan(self._planner.names.local(targets[0]), told=(self._translated(node, path),))
        reason = "a subclass of it stays one, and is left as it is"
        return self._planner.bridge.keep(node, path, reason, bridged=path != self._planner.rules.root)

    def _stays(self, node: cst.BaseExpression, path: str) -> Plan:
        """A name that has to go on naming the source library: what it names comes over the bridge."""
        planner = self._planner
        if self._annotates_text(node):
            return Plan("str", told=(self._translated(node, path),))
        reason = "its object comes over the bridge" if planner.place.is_annotation(node) else _NO_NAME
        return planner.bridge.keep(node, path, reason, bridged=True)

    def _translated(self, node: cst.BaseExpression, path: str) -> Translated:
        planner = self._planner
        targets = planner.rules.names.get(path, ())
        return Translated(line=planner.line(node), symbol=path, code=planner.verbatim(node), targets=targets)

    def _annotated(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The parameter, variable or function that an annotation is for."""
        place = self._planner.place
        if not place.is_annotation(node):
            return None
        around = place.parent(node)
        while around is not None and not isinstance(around, cst.Annotation):
            around = place.parent(around)
        return place.parent(around) if around is not None else None

    def _annotates_native(self, node: cst.CSTNode) -> bool:
        """Whether what an annotation is for holds the source library's own object."""
        about, flow = self._annotated(node), self._planner.flow
        if isinstance(about, cst.AnnAssign):
            found = [about.value] if about.value is not None else [about.target]
        elif isinstance(about, cst.FunctionDef):
            found = list(self._planner.inference.tree.scope_by_node[about].returns)
        elif isinstance(about, cst.Param):
            function = self._planner.place.parent(self._planner.place.parent(about) or about)
            scope = self._planner.inference.tree.scope_by_node.get(function) if function is not None else None
            found = self._planner.inference.parameters.given(about, scope) if scope is not None else []
        else:
            return False
        return any(flow.is_native(each) or flow.elements_are_native(each) for each in found)

    def _annotates_text(self, node: cst.CSTNode) -> bool:
        """Whether a local variable is annotated that lives on as its name."""
        about = self._annotated(node)
        if not isinstance(about, cst.AnnAssign) or about.value is None:
            return False
        kept = self._planner.flow.kept(about.value)
        return kept is not None and kept.kept_as == "name" and not self._planner.flow.is_native(about.value)

    def _is_given_as_function(self, node: cst.CSTNode) -> bool:
        """Whether a class is handed to something that will call it: ``map(Repo, paths)``."""
        parent = self._planner.place.parent(node)
        call = self._planner.place.parent(parent) if isinstance(parent, cst.Arg) else None
        if not isinstance(call, cst.Call) or self._planner.place.is_annotation(node):
            return False
        last = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
        return not (isinstance(last, cst.Name) and last.value in _ASKS_FOR_CLASS)

    def annotation(self, node: cst.SimpleString) -> Plan | None:
        """A quoted annotation that names classes of the library."""
        if not self._planner.place.is_annotation(node) or "\n" in node.value:
            return None
        scope = self._planner.inference.tree.scope_of[node]
        kept: set[str] = set()

        def replaced(match: re.Match[str]) -> str:
            return self._quoted_name(match[0], scope, kept)

        code = _DOTTED.sub(replaced, node.value)
        return Plan(code, kept=frozenset(kept)) if code != node.value or kept else None

    def _quoted_name(self, path: str, scope: Scope, kept: set[str]) -> str:
        value = self._planner.inference.annotations.named(path, scope)
        if not isinstance(value, Ref) or not self._planner.inference.is_library(value.path):
            return path
        targets = self._planner.rules.names.get(value.path)
        if targets is None:
            kept.add(path.partition(".")[0])
            return path
        local = self._planner.names.local(targets[0])
        self._planner.names.quoted.add(local)
        return local

    def caught(self, node: cst.BaseExpression) -> Plan | None:
        """``except A``: the target's errors that stand for it; None where it stays as it is."""
        if not isinstance(self._planner.place.parent(node), cst.ExceptHandler):
            return None
        codes = self._planner.handlers.names(node)
        return Plan(_one_or_tuple(codes)) if codes else None

    def handled(self, node: cst.Tuple) -> Plan | None:
        """``except (A, B)``: the errors of both libraries in one tuple, each once."""
        if not isinstance(self._planner.place.parent(node), cst.ExceptHandler):
            return None
        found = [(element.value, self._planner.handlers.names(element.value)) for element in node.elements]
        if not any(names for _, names in found):
            return None
        codes = [code for value, names in found for code in names or [self._planner.render(value)]]
        return Plan(_one_or_tuple(tuple(dict.fromkeys(codes))))


def _one_or_tuple(codes: tuple[str, ...]) -> str:
    return codes[0] if len(codes) == 1 else f"({', '.join(codes)})"
