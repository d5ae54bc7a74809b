"""Names that a translation brings into a program: imports of the target, and copied prelude functions.

A name the program already uses for something else is never taken: the import gets another local name.
"""

from __future__ import annotations

import ast
import builtins
import keyword
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import libcst as cst

from doctranslate.analysis.scopes import Scope, dotted
from doctranslate.rules.reraise import drop_reraising
from doctranslate.rules.specialise import specialise


@dataclass
class Names:
    """Local names of one program.

    Args:
        taken: Every name the program uses.
        module_scope: Its module scope, to reuse what it imports already.
        preferred: Qualified name to the local name the program used for what it replaces.
        prelude_source: Functions that may be copied.
        constants: Constants of the prelude to the code that they get in this program.
        imports: Qualified names that the translation uses, to their local names.
        copied: Prelude functions that it uses, to their local names.
        modules: Modules that it names by their whole path.
        quoted: Local names that it uses inside strings, in annotations.
    """

    taken: frozenset[str]
    module_scope: Scope
    preferred: Mapping[str, str]
    prelude_source: Prelude
    constants: Mapping[str, str]
    imports: dict[str, str] = field(default_factory=dict)
    copied: dict[str, str] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)
    quoted: set[str] = field(default_factory=set)
    _fresh: set[str] = field(default_factory=set)

    @property
    def brings_anything(self) -> bool:
        """Whether the translation uses anything of the target."""
        return bool(self.imports or self.copied or self.modules)

    def local(self, qualified: str) -> str:
        """Local name of a class or function: ``dvc.repo.Repo`` becomes ``Repo``."""
        if "." not in qualified and hasattr(builtins, qualified):
            return qualified
        if qualified.startswith("prelude."):
            return self.prelude(qualified.removeprefix("prelude."))
        if qualified not in self.imports:
            existing = self._imported_already(qualified)
            self.imports[qualified] = existing or self._free(self.preferred.get(qualified), qualified)
        return self.imports[qualified]

    def module(self, path: str) -> str:
        """Code that names a module of the target: ``dvc.api``, with ``import dvc.api`` added to the program."""
        root = path.partition(".")[0]
        if root in self.taken and path not in self.modules and not self._imported_already(root):
            return self.local(path)
        self.modules.add(path)
        return path

    def _imported_already(self, qualified: str) -> str | None:
        for name, bindings in self.module_scope.bindings.items():
            if all(binding.kind == "import" and binding.path == qualified for binding in bindings):
                return name
        return None

    def _free(self, wanted: str | None, qualified: str) -> str:
        if wanted is not None:
            return wanted
        module, _, name = qualified.rpartition(".")
        for candidate in (name, f"{module.rpartition('.')[2]}_{name}", f"{module.replace('.', '_')}_{name}"):
            if candidate not in self.taken and not hasattr(builtins, candidate):
                return candidate
        return self.fresh(name)

    def prelude(self, function: str) -> str:
        """Local name of a prelude function or constant, with everything it needs."""
        if function not in self.copied:
            local = function
            while local in self.taken:
                local += "_"
            self.copied[function] = local
            for name in self.prelude_source.needs(function):
                if name in self.prelude_source.definitions:
                    self.prelude(name)
                elif name in self.prelude_source.imports:
                    self.local(self.prelude_source.imports[name])
        return self.copied[function]

    def fresh(self, stem: str) -> str:
        """A variable name that the program does not use."""
        name, n = stem, 1
        while name in self.taken or name in self._fresh or keyword.iskeyword(name):
            n += 1
            name = f"{stem}{n}"
        self._fresh.add(name)
        return name

    def import_lines(self, used: frozenset[str]) -> list[str]:
        """Import statements for the imported names that occur in the finished program, plain ones first."""
        plain = [
            f"import {path}"
            for path in sorted(self.modules)
            if path.partition(".")[0] in used
            and not (path in self.taken and self._imported_already(path) == path)
        ]
        froms: dict[str, list[str]] = {}
        for qualified, local in sorted(self.imports.items()):
            if local not in used or self._imported_already(qualified) == local:
                continue
            module, _, name = qualified.rpartition(".")
            if not module:
                plain.append(f"import {name}" + (f" as {local}" if local != name else ""))
            else:
                froms.setdefault(module, []).append(name + (f" as {local}" if local != name else ""))
        return sorted(set(plain)) + [
            f"from {module} import {', '.join(sorted(names))}" for module, names in froms.items()
        ]

    def prelude_code(self, program: ast.Module) -> str:
        """Code of the copied functions that a finished program uses, and of what they need, as short as it can be."""
        used = names_read(program) | self.quoted
        wanted: list[str] = []
        todo = [name for name, local in self.copied.items() if local in used]
        while todo:
            name = todo.pop()
            if name not in wanted:
                wanted.append(name)
                todo += [n for n in self.prelude_source.needs(name) if n in self.prelude_source.definitions]
        if not wanted:
            return ""
        renames = {name: self.copied.get(name, name) for name in wanted}
        for name, qualified in self.prelude_source.imports.items():
            if qualified in self.imports:
                renames[name] = self.imports[qualified]
        order = [name for name in self.prelude_source.definitions if name in wanted]
        functions = "\n\n".join(
            self.prelude_source.code(name, renames) for name in order if name not in self.constants
        )
        if functions:
            copied = drop_reraising(cst.parse_module(functions), program, self._errors())
            functions = specialise(copied, program, defaults=self.prelude_source.defaults).code.lstrip("\n")
            used |= names_read(ast.parse(functions))
        constants = "".join(
            f"{self.prelude_source.comment(name)}{renames[name]} = {self.constants[name]}\n"
            for name in order
            if name in self.constants and renames[name] in used
        )
        return "\n\n".join(code for code in (constants, functions) if code)

    def _errors(self) -> set[str]:
        """Names of errors that copied functions raise one for another."""
        imported = {
            self.imports.get(q, n) for n, q in self.prelude_source.imports.items() if ".exceptions." in q
        }
        return {*imported, "OSError", "FileNotFoundError"}


class Prelude:
    """A module of functions to copy from, read as text.

    Attributes:
        definitions: Functions, classes and constants, by name.
        imports: Names that the module imports, to their qualified names.
        defaults: Its ``_DEFAULTS``: method names to keywords to the values that need not be said.
    """

    def __init__(self, path: Path) -> None:
        self._module = cst.parse_module(path.read_text(encoding="utf-8"))
        self.definitions: dict[str, cst.CSTNode] = {}
        self.imports: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self.defaults: dict[str, dict[str, object]] = {}
        for statement in self._module.body:
            self._read(statement)

    def _read(self, statement: cst.BaseStatement | cst.BaseSmallStatement) -> None:
        if isinstance(statement, cst.FunctionDef | cst.ClassDef):
            self.definitions[statement.name.value] = statement
        elif isinstance(statement, cst.SimpleStatementLine):
            for small in statement.body:
                if isinstance(small, cst.Assign) and isinstance(small.targets[0].target, cst.Name):
                    name = small.targets[0].target.value
                    self.definitions[name] = statement
                    if name == "_DEFAULTS":
                        self.defaults = ast.literal_eval(self._module.code_for_node(small.value))
                elif isinstance(small, cst.Import):
                    for alias in small.names:
                        self.imports[alias.evaluated_alias or dotted(alias.name)] = dotted(alias.name)
                elif (
                    isinstance(small, cst.ImportFrom)
                    and small.module
                    and not isinstance(small.names, cst.ImportStar)
                ):
                    for alias in small.names:
                        name = alias.evaluated_alias or dotted(alias.name)
                        self.imports[name] = f"{dotted(small.module)}.{dotted(alias.name)}"

    @cached_property
    def _needs(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(names_in(node)) for name, node in self.definitions.items()}

    def needs(self, name: str) -> tuple[str, ...]:
        """Names that a definition reads."""
        return self._needs[name]

    def code(self, name: str, renames: Mapping[str, str]) -> str:
        """Code of a definition with other names put in, ending in one newline."""
        known = {old: new for old, new in renames.items() if old != new}
        if not known:
            return self._code(name, self.definitions[name])
        node = self.definitions[name].visit(_Rename(known))
        assert isinstance(node, cst.CSTNode)  # noqa: S101 - a rename removes nothing
        return self._module.code_for_node(node).strip("\n") + "\n"

    def _code(self, name: str, node: cst.CSTNode) -> str:
        if name not in self._texts:
            self._texts[name] = self._module.code_for_node(node).strip("\n") + "\n"
        return self._texts[name]

    def comment(self, name: str) -> str:
        """The comment lines above a constant."""
        node = self.definitions[name]
        lines = node.leading_lines if isinstance(node, cst.SimpleStatementLine) else ()
        return "".join(f"{line.comment.value}\n" for line in lines if line.comment)


class _Rename(cst.CSTTransformer):
    def __init__(self, renames: Mapping[str, str]) -> None:
        super().__init__()
        self._renames = renames

    def visit_Attribute_attr(self, node: cst.Attribute) -> None:
        self._skip = node.attr

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        if getattr(self, "_skip", None) is original_node:
            return updated_node
        return updated_node.with_changes(value=self._renames.get(updated_node.value, updated_node.value))

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        return updated_node.with_changes(keyword=original_node.keyword)


class _NameCollector(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    def visit_Name(self, node: cst.Name) -> None:
        self.names[node.value] = None

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        node.value.visit(self)  # what comes after the dot is no name of the program
        return False

    def visit_Arg(self, node: cst.Arg) -> bool:
        node.value.visit(self)
        return False


def names_in(node: cst.CSTNode) -> list[str]:
    """Every identifier in a piece of syntax that stands for something by itself, once, in order."""
    collector = _NameCollector()
    node.visit(collector)
    return list(collector.names)


def names_read(tree: ast.Module) -> frozenset[str]:
    """Every name of a program that stands for something by itself."""
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


@lru_cache(maxsize=8)
def read_prelude(path: str) -> Prelude:
    """A prelude module, read once per process."""
    return Prelude(Path(path))
