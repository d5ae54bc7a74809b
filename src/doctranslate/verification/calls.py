"""Rung 3: everything that the program asks of the target library exists, and the arguments bind."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from doctranslate.records import Check, Finding
from doctranslate.verification.base import finding, result, statement_lines
from doctranslate.verification.expressions import MODULE_NAMES, literal_text
from doctranslate.verification.inference import Program
from doctranslate.verification.members import bases
from doctranslate.verification.scopes import Imported, Scope
from doctranslate.verification.signatures import Arguments, problem
from doctranslate.verification.surface import Surface
from doctranslate.verification.values import Value, Values, is_open

NAME = "calls-exist"
_LOOKED_UP = ("module", "class", "object", "function")


def check_calls(program: Program, *, known_missing: frozenset[str] = frozenset()) -> Check:
    """Every import, attribute and call on the target library exists, and the arguments of each call bind.

    An expression whose type is not known is not judged; the reason says how many calls that concerns.

    Args:
        program: The translated program.
        known_missing: Names that are not bound in it but are no concern of this check: the source program
            does not bind them either, or another check reports them.

    Returns:
        One finding per invented name or wrong argument, with what may have been meant.
    """
    checker = _Checker(program)
    findings = [*checker.imports(), *checker.attributes(), *checker.calls(), *checker.names(known_missing)]
    said = f"{_count(checker.n_checked, 'call')} on {program.surface.title} checked"
    if checker.n_unknown:
        said += f", {checker.n_unknown} of unknown type"
    return result(NAME, findings, reason=said)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


class _Checker:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.surface = program.surface
        self.n_checked = 0
        self.n_unknown = 0
        self._called = {id(call.func) for call, _ in program.walk.calls}
        self._extended = _extended(program)

    # Imports

    def imports(self) -> Iterator[Finding]:
        optional = _alternatives(self.program)
        for imported in self.program.walk.imports:
            spare = (id(imported.statement), imported.bound) in optional
            if self.surface.owns(imported.module) and not spare and not self._found(imported):
                yield finding(imported.statement, self._import_message(imported))

    def _found(self, imported: Imported) -> bool:
        if self.surface.has_path(imported.module) is False:
            return False
        return imported.name in ("", "*") or self.surface.has_path(imported.path) is not False

    def _import_message(self, imported: Imported) -> str:
        missing = imported.path
        while self.surface.has_path(missing.rpartition(".")[0]) is False:
            missing = missing.rpartition(".")[0]
        owner, _, name = missing.rpartition(".")
        hint = self.surface.suggestion(Value("module", self.surface.api.canonical(owner)), name)
        if imported.name and missing == imported.path:
            return f"{owner} has no {name!r} in {self.surface.title}{hint}"
        return f"there is no module {missing} in {self.surface.title}{hint}"

    # Attributes

    def attributes(self) -> Iterator[Finding]:
        for node, scope in self.program.walk.nodes:
            if isinstance(node, ast.Attribute):
                owners = self.program.values(node.value, scope)
                if self._missing(owners, node.attr):
                    yield finding(
                        node, self._attribute_message(owners, node.attr, called=id(node) in self._called)
                    )
            elif isinstance(node, ast.Call):
                yield from self._fetched(node, scope)

    def _missing(self, owners: Values, name: str) -> bool:
        judged = [value for value in owners if value.kind != "none"]
        if name in self._extended or is_open(frozenset(judged)):
            return False
        return all(self._has(value, name) is False for value in judged)

    def _has(self, value: Value, name: str) -> bool | None:
        if value.kind in _LOOKED_UP:
            return self.surface.has(value, name)
        if value.kind in ("own-object", "own-class"):
            return _inherits(self.program, value, name)
        return None

    def _attribute_message(self, owners: Values, name: str, *, called: bool) -> str:
        values = [value for value in owners if value.kind != "none"]
        if values[0].kind.startswith("own-"):
            values = _library_bases(self.program, values[0])
        value = self.surface.richest(values)
        return self._message(value, name, called=called)

    def _message(self, value: Value, name: str, *, called: bool) -> str:
        if value.name == "builtins.NoneType":
            return f"None, which the call before it returns, has no attribute {name!r}"
        kind = "method" if called and value.kind in ("object", "class") else "attribute"
        if called and value.kind == "module":
            kind = "function"
        subject = self.surface.shown(value.name).removeprefix("builtins.")
        if value.kind == "function":
            subject += ", a function,"
        origin = "" if value.name.startswith("builtins.") else f" in {self.surface.title}"
        return f"{subject} has no {kind} {name!r}{origin}{self.surface.suggestion(value, name)}"

    def _fetched(self, call: ast.Call, scope: Scope) -> Iterator[Finding]:
        """``getattr`` with a literal name and no default is an attribute access."""
        if not isinstance(call.func, ast.Name) or call.func.id != "getattr" or len(call.args) != 2:
            return
        name = literal_text(call.args[1])
        owners = self.program.values(call.args[0], scope)
        if name is not None and self._missing(owners, name):
            yield finding(call, self._attribute_message(owners, name, called=False))

    # Calls

    def calls(self) -> Iterator[Finding]:
        for call, scope in self.program.walk.calls:
            functions = self.program.values(call.func, scope)
            known = [value for value in functions if value.kind in ("class", "function", "object")]
            if not is_open(functions) and known:
                self.n_checked += 1
                yield from self._bind(call, functions)
            elif self._is_missing_attribute(call, scope):
                self.n_checked += 1
            elif not functions or any(value.kind == "unknown" for value in functions):
                self.n_unknown += 1

    def _is_missing_attribute(self, call: ast.Call, scope: Scope) -> bool:
        func = call.func
        return isinstance(func, ast.Attribute) and self._missing(
            self.program.values(func.value, scope), func.attr
        )

    def _bind(self, call: ast.Call, functions: Values) -> Iterator[Finding]:
        arguments = Arguments.of(call)
        judged = [value for value in functions if value.kind != "none"]
        messages = {value: self._problem(value, arguments) for value in judged}
        if all(messages.values()):
            yield finding(call, messages[self.surface.richest(judged)])

    def _problem(self, value: Value, arguments: Arguments) -> str:
        if value.kind in ("class", "function"):
            return problem(self.surface, value, arguments)
        if value.kind == "object" and not self.surface.may_be_called(value):
            kind = self.surface.shown(value.name).removeprefix("builtins.")
            return f"this is a value ({kind}), not a function: leave the call out"
        return ""

    # Names

    def names(self, known_missing: frozenset[str]) -> Iterator[Finding]:
        """Plain names that nothing binds: a call on what was never imported."""
        if self.program.walk.stars:
            return
        for node, scope in self.program.walk.nodes:
            if isinstance(node, ast.Name) and node.id not in known_missing and is_unbound(node.id, scope):
                message = f"name {node.id!r} is not defined: nothing in the program binds or imports it"
                yield finding(node, message)


def is_unbound(name: str, scope: Scope) -> bool:
    """Whether neither the program nor Python binds a name as seen from a scope."""
    return scope.find(name) is None and not hasattr(builtins, name) and name not in MODULE_NAMES


def _library_bases(program: Program, value: Value) -> list[Value]:
    """What an object or class of the program inherits from in the library; empty when any base is unclear."""
    found: list[Value] = []
    todo, seen = [value.name], set()
    while todo:
        scope = program.walk.scopes[int(todo.pop())]
        node = scope.node
        if scope.number in seen:
            continue
        seen.add(scope.number)
        if not isinstance(node, ast.ClassDef) or scope.opaque or node.keywords:
            return []
        for base in bases(program, scope):
            if base.kind not in ("class", "own-class"):
                return []
            if base.kind == "own-class":
                todo.append(base.name)
            else:
                found.append(Value("object" if value.kind == "own-object" else "class", base.name))
    return found


def _inherits(program: Program, value: Value, name: str) -> bool | None:
    """Whether an object of the program's own subclass has an attribute; None when that cannot be known."""
    todo, seen = [value], set()
    while todo:
        scope = program.walk.scopes[int(todo.pop().name)]
        if scope.number in seen or name in scope.bound or program.read((scope.number, name)):
            return None
        seen.add(scope.number)
        todo += [base for base in bases(program, scope) if base.kind == "own-class"]
    inherited = _library_bases(program, value)
    return (
        False if inherited and all(program.surface.has(base, name) is False for base in inherited) else None
    )


def _extended(program: Program) -> set[str]:
    """Attribute names that the program sets itself, or asks for before it uses them."""
    names = set()
    for node, scope in program.walk.stores:
        owners = program.values(node.value, scope)
        if not owners or any(value.kind in (*_LOOKED_UP, "unknown") for value in owners):
            names.add(node.attr)
    for call, _ in program.walk.calls:
        if isinstance(call.func, ast.Name) and call.func.id in ("setattr", "hasattr") and len(call.args) > 1:
            names.add(literal_text(call.args[1]) or "")
    return names


def _alternatives(program: Program) -> set[tuple[int, str]]:
    """Imports for which a ``try`` that expects them to fail has another one that succeeds."""
    imports: dict[int, list[Imported]] = {}
    for imported in program.walk.imports:
        imports.setdefault(id(imported.statement), []).append(imported)
    spare: set[tuple[int, str]] = set()
    for node in ast.walk(program.tree):
        if isinstance(node, ast.Try):
            inside = [i for part in statement_lines(node) for i in imports.get(id(part), ())]
            good = {i.bound for i in inside if not _fails(program.surface, i)}
            spare |= {(id(i.statement), i.bound) for i in inside if i.bound in good}
    return spare


def _fails(surface: Surface, imported: Imported) -> bool:
    return surface.owns(imported.module) and surface.has_path(imported.path) is False
