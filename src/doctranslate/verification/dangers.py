"""One thing that a program can do to a machine, and what tells whether its source explains it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from doctranslate.verification.capabilities import Capability

_HOLDS = (
    *(ast.Attribute, ast.Subscript, ast.Call, ast.keyword, ast.Starred, ast.Dict, ast.List, ast.Tuple),
    ast.IfExp,
)


@dataclass(frozen=True, slots=True)
class Danger:
    """One place where a program can do something to the machine.

    Attributes:
        capability: What it can do.
        path: The dotted name that gives it, or the text that says it.
        node: Where.
        use: The expression, or statement, in which it is used; None where its being there is all there is to it.
        words: Words of the source program that explain it under another name; empty for the same name only.
        is_text: Whether `path` is a text that the source program must have.
    """

    capability: Capability
    path: str
    node: ast.AST
    use: ast.AST | None = None
    words: frozenset[str] = frozenset()
    is_text: bool = False


class Parents:
    """Finds what an expression stands in.

    Args:
        tree: The program.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._above: dict[int, ast.AST] = {}
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                self._above[id(child)] = node

    def of(self, node: ast.AST) -> ast.AST | None:
        """The node directly above."""
        return self._above.get(id(node))

    def is_handed_on(self, node: ast.AST) -> bool:
        """Whether a function is neither called where it stands, nor given a plain name."""
        above = self.of(node)
        if isinstance(above, ast.Call):
            return above.func is not node
        if isinstance(above, ast.Attribute | ast.Subscript):
            return False
        if isinstance(above, ast.Assign):
            return not all(isinstance(target, ast.Name) for target in above.targets)
        return True

    def use_of(self, node: ast.AST) -> ast.AST:
        """The whole of what is done with something: the call, with what it is given, or the statement."""
        above = self.of(node)
        while above is not None:
            if isinstance(above, _HOLDS):
                node = above
            elif isinstance(above, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete):
                targets = above.targets if isinstance(above, ast.Assign | ast.Delete) else [above.target]
                return above if node in targets else node
            else:
                break
            above = self.of(node)
        return node
