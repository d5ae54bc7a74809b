"""Expressions that look like uses of a library, on objects that nothing says the type of."""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.scopes import Binding, dotted
from doctranslate.analysis.values import Instance, Ref, value_of_annotation
from doctranslate.apis import ApiIndex

if TYPE_CHECKING:
    from doctranslate.analysis.infer import Inference

# Attributes that objects of many libraries have: seeing one says nothing.
_EVERYDAY = {
    "name", "path", "data", "read", "write", "close", "type", "size", "mode", "message", "config", "flags", "url",
    "parents", "status", "summary", "author", "iter_items", "stats", "tag", "rename", "delete", "object", "parent",
    "create", "set", "note", "move", "fetch", "exists", "module", "children", "command", "version_info", "execute",
    "stderr", "stdout", "stream",
}  # fmt: skip


class Suspects:
    """Tells suspects from attributes that are surely something else.

    Args:
        inference: What is known of the program.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._busy: set[Binding] = set()

    @cached_property
    def _members(self) -> _Members:
        return _members(self._inference.api)

    def is_suspect(self, node: cst.Attribute) -> bool:
        """Whether an attribute could be one of the library, on an object of unknown type.

        Its name must be one that few other libraries have, or it must follow another member that leads to it:
        ``index.add``, ``git.checkout``, ``remotes.origin``.
        """
        if self._inference.value(node.value) is not None or self._inference.value(node) is not None:
            return False
        if not self._looks_like_one(node):
            return False
        base = self.base(node)
        return self._could_be_ours(base) and self._is_used_as_ours(base)

    def _is_used_as_ours(self, base: cst.CSTNode) -> bool:
        """Whether one class of the library has all that a variable is asked for, with arguments that it takes.

        ``session.add(x); session.commit()`` is no index: that needs a message to commit.
        """
        key = self._variable(base)
        uses = self._uses_of_variables.get(key, ()) if key is not None else ()
        if not uses:
            return True
        return any(
            all(self._fits(kind, node) for node in uses)
            for kind in self._members.owners_of(uses[0].attr.value)
        ) or any(self._leads_on(node) for node in uses)

    @cached_property
    def _uses_of_variables(self) -> dict[object, list[cst.Attribute]]:
        """Attributes by the variable that they are asked of."""
        found: dict[object, list[cst.Attribute]] = defaultdict(list)
        for node in self._inference.tree.scope_of:
            if type(node) is cst.Attribute and self._inference.value(node.value) is None:
                key = self._variable(node.value)
                if key is not None:
                    found[key].append(node)
        return found

    def _variable(self, node: cst.CSTNode) -> object:
        """Equal for what is the same variable: by its bindings, or an attribute of ``self`` that nothing sets."""
        scope = self._inference.tree.scope_of.get(node)
        name = dotted(node)
        if isinstance(node, cst.Attribute) and scope is not None and not self._inference.bindings(node):
            owner, own = scope.method_class, scope.method_self
            return (name, id(owner)) if owner is not None and name == f"{own}.{node.attr.value}" else None
        return self.identity(node)

    def _fits(self, kind: str, node: cst.Attribute) -> bool:
        """Whether a class has a member, and takes the arguments that it is called with here."""
        member = self._inference.api.member(kind, node.attr.value)
        if member is None:
            return False
        call = self._inference.tree.parent_of.get(node)
        if not isinstance(call, cst.Call) or call.func is not node:
            return True
        if member.kind != "function":
            return not member.returns  # what is no function is not called
        if any(arg.star for arg in call.args):
            return True
        names = {arg.keyword.value for arg in call.args if arg.keyword is not None}
        n_given = len(call.args) - len(names)
        places = [p for p in member.parameters if p.kind in ("positional", "positional-only")]
        kinds = {p.kind for p in member.parameters}
        needed = [p.name for p in places[n_given:] if p.default is None]
        needed += [p.name for p in member.parameters if p.kind == "keyword-only" and p.default is None]
        takes = {p.name for p in member.parameters}
        return (
            set(needed) <= names
            and (n_given <= len(places) or "var-positional" in kinds)
            and (names <= takes or "var-keyword" in kinds)
        )

    def _leads_on(self, node: cst.Attribute) -> bool:
        """Whether more is asked of what an attribute gives, and it is of the library: ``x.index.add``."""
        above = self._inference.tree.parent_of.get(node)
        if isinstance(above, cst.Call) and above.func is node:
            above = self._inference.tree.parent_of.get(above)
        return isinstance(above, cst.Attribute) and self._looks_like_one(above)

    def _looks_like_one(self, node: cst.Attribute) -> bool:
        name = node.attr.value
        if name in self._members.distinct:
            return True
        inner = node.value.func if isinstance(node.value, cst.Call) else node.value
        if not isinstance(inner, cst.Attribute):
            return False
        api = self._inference.api
        for kind in self._members.leads_to.get(inner.attr.value, ()):
            if api.member(kind, name) is not None or any(
                found.dynamic for base in api.mro(kind) if (found := api.objects.get(base))
            ):
                return True
        return False

    def chain(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """An attribute and everything in front of its dots."""
        while True:
            yield node
            if isinstance(node, cst.Attribute | cst.Subscript):
                node = node.value
            elif isinstance(node, cst.Call):
                node = node.func
            else:
                return

    def base(self, node: cst.CSTNode) -> cst.CSTNode:
        """The part of a chain that is the first whose type is unknown: ``repo`` of ``repo.index.add``."""
        unknown = node
        for part in self.chain(node):
            if self._inference.value(part) is not None:
                break
            unknown = part
        parent = self._inference.tree.parent_of.get(unknown)
        return parent if isinstance(parent, cst.Call) and parent.func is unknown else unknown

    def identity(self, node: cst.CSTNode) -> object:
        """Equal for expressions that are the same variable; None for what is no variable."""
        bindings = self._inference.bindings(node)
        return (dotted(node), *map(id, bindings)) if bindings else None

    def _could_be_ours(self, node: cst.CSTNode) -> bool:
        """Whether an object could come from the library: nothing says that it comes from somewhere else."""
        bindings = self._inference.bindings(node)
        if bindings:
            return any(self._may_bind_ours(binding) for binding in bindings)
        for part in self.chain(node):
            if isinstance(part, cst.Name):
                if part is node or not self._inference.bindings(part):
                    return False  # a name that nothing in the program binds
                return self._could_be_ours(part)
            if isinstance(part, cst.Call) and self._inference.function_of(part.func) is not None:
                return True
        return False

    def _may_bind_ours(self, binding: Binding) -> bool:
        if binding in self._busy:
            return False
        self._busy.add(binding)
        try:
            if binding.kind == "import":
                return self._inference.is_library(binding.path)
            if isinstance(binding.node, cst.Param):
                return self._may_be_given_ours(binding.node, binding)
            if binding.kind in ("function", "class", "exception"):
                return False
            if binding.kind == "unknown" or binding.node is None:
                return True
            return self._expression_may_be_ours(binding.node)
        finally:
            self._busy.discard(binding)

    def _may_be_given_ours(self, param: cst.Param, binding: Binding) -> bool:
        if param.annotation is not None:
            last = dotted(param.annotation.annotation).rpartition(".")[2]
            return last in ("Any", "object")  # another name is of another library, or of the program
        given = self._inference.parameters.given(param, binding.scope)
        return not given or any(self._expression_may_be_ours(expression) for expression in given)

    def _expression_may_be_ours(self, node: cst.CSTNode) -> bool:
        value = self._inference.value(node)
        if isinstance(value, Instance):
            return "." in value.type or any(arg is None for arg in value.args)
        if isinstance(value, Ref):
            return self._inference.is_library(value.path)
        if value is not None:
            return True
        roots = [part for part in self.chain(node) if isinstance(part, cst.Name)]
        if not roots:
            return False
        if not self._inference.bindings(roots[-1]):
            return not hasattr(builtins, roots[-1].value)
        return self._could_be_ours(roots[-1])


class _Members:
    """Names of a library's members.

    Attributes:
        distinct: Names that few other libraries have.
        leads_to: Name of an attribute or method to the classes of what it gives.
    """

    def __init__(self, api: ApiIndex) -> None:
        names = {
            name.rpartition(".")[2]
            for name, found in api.objects.items()
            if found.kind in ("function", "attribute") and "." in name
        }
        children: dict[str, list[str]] = defaultdict(list)
        for name, found in api.objects.items():
            if found.kind in ("function", "attribute"):
                children[name.rpartition(".")[0]].append(name.rpartition(".")[2])
        self.distinct = frozenset(name for name in names if not name.startswith("_")) - _common_names()
        self._owners: dict[str, list[str]] = defaultdict(list)
        for name, found in api.objects.items():
            if found.kind == "class":
                for base in api.mro(name):
                    for member in children.get(base, ()):
                        self._owners[member].append(name)
        self.leads_to: dict[str, set[str]] = defaultdict(set)
        for name, found in api.objects.items():
            owner = api.objects.get(name.rpartition(".")[0])
            if found.returns and owner is not None and owner.kind == "class":
                value = value_of_annotation(found.returns, api)
                if isinstance(value, Instance) and "." in value.type:
                    self.leads_to[name.rpartition(".")[2]].add(value.type)

    def owners_of(self, member: str) -> list[str]:
        """The classes that have a member of this name, of their own or from a base."""
        return self._owners.get(member, [])


_KEPT = 4
_last: list[tuple[ApiIndex, _Members]] = []


def _members(api: ApiIndex) -> _Members:
    """The members of a library; those of the last ones asked for are kept."""
    found = next((members for known, members in _last if known is api), None)
    if found is None:
        found = _Members(api)
        _last[:] = [(api, found), *_last[: _KEPT - 1]]
    return found


@lru_cache(maxsize=1)
def _common_names() -> frozenset[str]:
    kinds: list[type] = [str, bytes, list, dict, set, tuple, int, float, object, type, BaseException]
    return frozenset(name for kind in kinds for name in dir(kind)) | _EVERYDAY
