"""Lets a rule write the translation of a use, and fits it into the place where the use stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.records import Note, Translated
from doctranslate.rules.base import NoCounterpart, Rule
from doctranslate.rules.plan import Plan, Sink
from doctranslate.rules.site import OWNER, Site

if TYPE_CHECKING:
    from doctranslate.rules.planner import Planner


class Writing:
    """Applies the rules to one program.

    Args:
        planner: What knows the program.
    """

    def __init__(self, planner: Planner) -> None:
        self._planner = planner

    def apply(self, node: cst.BaseExpression, symbol: str) -> Plan:
        """The plan that the rule for a symbol makes of a use, or the bridge where it refuses."""
        rule = self._planner.rules.rule(symbol)
        if rule is None:
            return self._planner.bridge.plan(node, "the rules know no counterpart for it", symbol)
        outer, self._planner.sink = self._planner.sink, Sink()
        try:
            return self._written(node, Site(self._planner, node, symbol), rule)
        except NoCounterpart as exc:
            refusal = exc
        finally:
            self._planner.sink = outer
        return self._planner.bridge.plan(
            node, str(refusal), symbol, before=refusal.before, after=refusal.after, also=refusal.also
        )

    def names_of_all(self, node: cst.ListComp | cst.GeneratorExp) -> Plan | None:
        """``[tag.name for tag in repo.tags]`` is the list of names itself."""
        loop, place = node.for_in, self._planner.place
        kept = self._planner.flow.kept(loop.iter)
        if kept is None or kept.target != "list" or loop.ifs or loop.inner_for_in is not None:
            return None
        if isinstance(node, cst.GeneratorExp) and not place.is_iterated_once(node):
            return None
        element = self._planner.plan(node.elt)
        whole = self._planner.plan(loop.iter)
        if (
            element is None
            or whole is None
            or whole.native
            or element.value != self._planner.verbatim(loop.target)
        ):
            return None
        return whole

    def _written(self, node: cst.BaseExpression, site: Site, rule: Rule) -> Plan:
        rewrite = rule.apply(site)
        if rewrite.bridged and not self._planner.bridged:
            raise NoCounterpart(rewrite.bridged)
        value, lines = rewrite.value, rewrite.lines
        used = self._planner.place.value_is_used(node)
        if used and value is None:
            if len(lines) != 1:
                raise NoCounterpart("its value is used, and the target gives none")
            value, lines = lines[0], ()
        if used and (lines or self._planner.sink.lines) and not self._planner.place.can_hoist(node):
            raise NoCounterpart("it takes several statements, and stands where only an expression can")
        if site.owner_code is not None:
            value, lines = self._place_owner(site.owner_code, value, lines, node)
        if value is not None and used:
            value, lines = self._fit_string(value, lines, node)
        if rewrite.note:
            self._planner.sink.told.append(Note(line=self._planner.line(node), message=rewrite.note))
        if rewrite.bridged:
            told = self._planner.bridge.left(node, site.symbol, rewrite.bridged, bridged=True)
            self._planner.sink.told.append(told)
        else:
            self._planner.sink.told.append(
                Translated(
                    line=self._planner.line(node),
                    symbol=site.symbol,
                    code=self._planner.verbatim(node),
                    targets=rule.targets,
                )
            )
        return self._planner.plan_with_sink(value, lines, effect=bool(lines) or value is None)

    def _fit_string(
        self, value: str, lines: tuple[str, ...], node: cst.CSTNode
    ) -> tuple[str, tuple[str, ...]]:
        """Inside an f-string an expression may not have its quotes, nor a backslash (before Python 3.12)."""
        parent = self._planner.place.parent(node)
        while parent is not None and not isinstance(parent, cst.FormattedString | cst.BaseStatement):
            parent = self._planner.place.parent(parent)
        if not isinstance(parent, cst.FormattedString):
            return value, lines
        quote = parent.end[:1]
        if quote not in value and "\\" not in value:
            return value, lines
        other = "'" if quote == '"' else '"'
        if other not in value and "\\" not in value:
            return value.replace(quote, other), lines
        if not self._planner.place.can_hoist(node):
            raise NoCounterpart("its translation cannot stand in this string")
        name = self._planner.names.fresh("value")
        return name, (*lines, f"{name} = {value}")

    def _place_owner(
        self, owner: str, value: str | None, lines: tuple[str, ...], node: cst.CSTNode
    ) -> tuple[str | None, tuple[str, ...]]:
        """Put the owner's code where the rule left its mark: in place when it is read once, else in a variable."""
        text = [*lines, *([value] if value is not None else [])]
        if sum(part.count(OWNER) for part in text) > 1:
            if not self._planner.place.can_hoist(node):
                raise NoCounterpart("its owner would have to be computed twice")
            variable = self._planner.names.fresh("repo")
            lines = (f"{variable} = {owner}", *(line.replace(OWNER, variable) for line in lines))
            return (value.replace(OWNER, variable) if value is not None else None), lines
        lines = tuple(line.replace(OWNER, owner) for line in lines)
        return (value.replace(OWNER, owner) if value is not None else None), lines
