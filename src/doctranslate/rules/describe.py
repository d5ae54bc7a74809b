"""What rules say of themselves: the page of a pair, written from its rules."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from types import FunctionType

from doctranslate.rules.base import Apply, Fate, Rule, RuleSet

_PARTS: tuple[tuple[Fate, str, str], ...] = (
    ("survives", "What survives", "The translation means what the program meant."),
    (
        "changes",
        "What changes its meaning",
        "It is translated, and something is different from then on. `Translation.notes` says so, by line.",
    ),
    (
        "lost",
        "What does not survive",
        "It stays on the source library's own object, and is listed in `Translation.bridged` with the reason.",
    ),
)


def page(rules: RuleSet) -> str:
    """Markdown of all rules of a pair: what survives, what changes its meaning, and what does not survive."""
    parts = [f"## {rules.src} → {rules.dst}"]
    for fate, title, text in _PARTS:
        found = [rule for rule in rules.rules if rule.fate == fate]
        parts.append(f"### {title}\n\n{text}")
        parts += [_entry(rule) for rule in found]
    return "\n\n".join(parts)


def _entry(rule: Rule) -> str:
    heading = ", ".join(f"`{symbol}`" for symbol in rule.symbols)
    lines = [f"#### {heading}", "", rule.summary]
    if rule.changes:
        lines += ["", f"*Changes:* {_sentence(rule.changes)}"]
    if rule.before:
        lines += ["", "```diff", *(f"-{line}" for line in rule.before.splitlines())]
        lines += [*(f"+{line}" for line in rule.after.splitlines()), "```"]
    if not rule.lost and (limits := refusals(rule.apply)):
        lines += ["", "*Stays on the source library where* " + "; ".join(limits) + "."]
    backed = [f"`{name}`" for name in rule.targets] + [_linked(name) for name in rule.docs]
    if backed:
        lines += ["", f"*Documentation:* {', '.join(backed)}"]
    return "\n".join(lines)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _linked(name: str) -> str:
    return f"<{name}>" if name.startswith("https://") else f"`{name}`"


def refusals(apply: Apply) -> list[str]:
    """The reasons for which a rule refuses, as far as they stand in its text, or in functions of its module."""
    reasons: list[str] = []
    for function in _reached(apply):
        for node in ast.walk(_tree(function)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NoCounterpart" and node.args:
                text = node.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    reasons.append(text.value)
    return list(dict.fromkeys(reasons))


def notes_something(apply: Apply) -> bool:
    """Whether a rule can say that something means something else: then its ``changes`` has to say what."""
    return any(
        isinstance(node, ast.keyword) and node.arg == "note"
        for function in _reached(apply)
        for node in ast.walk(_tree(function))
    )


def _reached(apply: Apply) -> Iterator[FunctionType]:
    """A rule's function and the functions of its module that it calls."""
    todo = [apply]
    seen: set[object] = set()
    while todo:
        function = todo.pop(0)
        if function in seen or not isinstance(function, FunctionType):
            continue
        seen.add(function)
        yield function
        names = {node.id for node in ast.walk(_tree(function)) if isinstance(node, ast.Name)}
        for name in sorted(names):
            other = function.__globals__.get(name)
            if isinstance(other, FunctionType) and other.__module__ == function.__module__:
                todo.append(other)


def _tree(function: FunctionType) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))
