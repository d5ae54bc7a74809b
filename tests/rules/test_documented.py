"""Every rule carries its own example and says what backs it; the page of a pair is written from that."""

from __future__ import annotations

import ast

import pytest

from doctranslate.apis import ApiIndex
from doctranslate.component import component
from doctranslate.rules import find_rules
from doctranslate.rules.base import NoCounterpart, Rule, RuleBook, RuleSet
from doctranslate.rules.describe import notes_something, page, refusals
from doctranslate.sources.package import read_api
from tests.rules.conftest import HEAD, Body, Rewrite

RULES = find_rules("gitpython", "dvc")
assert RULES is not None
each_rule = pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.symbols[0])


@pytest.fixture(scope="module")
def dvc() -> ApiIndex:
    return read_api(component("dvc"))


@each_rule
def test_rule_when_its_example_is_rewritten_then_gives_what_it_says(body: Body, rule: Rule) -> None:
    assert rule.before, "a rule carries an example: before= and after="
    ast.parse(rule.before)
    ast.parse(rule.after)
    assert without_marks(body(rule.before)) == without_marks(rule.after)


@each_rule
def test_rule_when_its_example_is_rewritten_then_it_has_the_fate_it_claims(
    rewrite: Rewrite, rule: Rule
) -> None:
    found = rewrite(HEAD + rule.before + "\n")
    left = {each.symbol for each in (*found.bridged, *found.unresolved)}
    done = {each.symbol for each in found.translated}
    if rule.lost:
        assert left & set(rule.symbols)
    else:
        assert done & set(rule.symbols) and not left & set(rule.symbols)


@each_rule
def test_rule_when_it_names_targets_then_they_exist(dvc: ApiIndex, rule: Rule) -> None:
    assert rule.targets or rule.lost, "to= names what citations look up"
    assert [target for target in rule.targets if not exists(dvc, target)] == []


@each_rule
def test_rule_when_it_notes_another_meaning_then_it_says_which(rule: Rule) -> None:
    assert rule.summary
    assert rule.changes or rule.lost or not notes_something(rule.apply), (
        "changes= says what its note is about"
    )


@each_rule
def test_rule_when_it_names_source_symbols_then_they_exist(
    gitpython: ApiIndex, rules: RuleSet, rule: Rule
) -> None:
    plain = [symbol for symbol in rule.symbols if "[" not in symbol and not symbol.startswith("git.cmd.Git.")]
    extra = rules.extra_api
    assert [
        symbol
        for symbol in plain
        if not exists(gitpython, symbol) and (not extra or extra.get(symbol) is None)
    ] == []


def test_page_when_written_then_every_rule_is_in_the_part_of_its_fate(rules: RuleSet) -> None:
    text = page(rules)
    parts = dict(zip(("survives", "changes", "lost"), text.split("\n### ")[1:], strict=True))
    for rule in rules.rules:
        assert f"`{rule.symbols[0]}`" in parts[rule.fate]


def test_bridged_when_registered_then_the_rule_refuses_with_its_reason() -> None:
    book = RuleBook()
    book.bridged("a.b", because="nothing does that", before="repo.b()", after="repo.c.b()")
    (rule,) = book.rules
    assert rule.fate == "lost"
    assert rule.summary == "No counterpart: nothing does that."
    with pytest.raises(NoCounterpart, match="nothing does that"):
        rule.apply(None)  # type: ignore[arg-type]


def test_refusals_when_a_rule_calls_another_function_then_its_reasons_count(rules: RuleSet) -> None:
    rule = rules.rule("git.remote.Remote.pull")
    assert rule is not None
    assert any("FetchInfo" in reason for reason in refusals(rule.apply))


def exists(api: ApiIndex, name: str) -> bool:
    owner, _, last = name.rpartition(".")
    if last.startswith("__"):  # every class has these
        name = owner
    return api.get(api.canonical(name)) is not None


def without_marks(code: str) -> str:
    return "\n".join(line for line in code.split("\n") if "# doctranslate:" not in line)
