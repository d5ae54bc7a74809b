"""What members of values are: attributes of the library's objects, of the program's own, and elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from doctranslate.analysis.fields import fields, is_tuple
from doctranslate.analysis.literals import literal
from doctranslate.analysis.scopes import Scope, dotted
from doctranslate.analysis.values import (
    Bound,
    Instance,
    OwnClass,
    OwnFunction,
    OwnInstance,
    Ref,
    Value,
    element_of,
    value_of_annotation,
)

if TYPE_CHECKING:
    from doctranslate.analysis.infer import Inference


class Members:
    """Answers what attributes and subscripts of one program give.

    Args:
        inference: What knows everything else.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference
        self._api = inference.api

    def attribute(self, node: cst.Attribute) -> Value | None:
        """What an attribute is, by what stands in front of its dot."""
        owner, name = self._inference.value(node.value), node.attr.value
        if isinstance(owner, OwnInstance):
            return self.own(owner.scope, name)
        if isinstance(owner, OwnClass):
            bindings = owner.scope.bindings.get(name, [])
            return self._inference.of_bindings([*bindings, *owner.scope.attributes.get(name, [])])
        if isinstance(owner, Ref):
            return self._member_of_ref(owner, name)
        if isinstance(owner, Instance):
            return self._member_of_instance(owner, name)
        return None

    def own(self, scope: Scope, name: str) -> Value | None:
        """What an attribute of an object of the program's own class is."""
        bindings = [*self._inference.attribute_bindings(scope, name), *scope.bindings.get(name, [])]
        value = self._inference.of_bindings(bindings)
        if isinstance(value, OwnFunction) and is_property(value.scope):
            return self._inference.results.returned(value.scope)
        if not bindings and isinstance(scope.node, cst.ClassDef):
            for base in scope.node.bases:
                parent = self._inference.value(base.value)
                if isinstance(parent, OwnClass):
                    return self.own(parent.scope, name)
                if isinstance(parent, Ref):
                    return self._member_of_instance(Instance(parent.path), name)
        return value

    def _member_of_ref(self, owner: Ref, name: str) -> Value | None:
        path = self._api.canonical(f"{owner.path}.{name}")
        found = self._api.get(path)
        if found is None:
            return (
                Ref(path) if self._inference.is_library(path) and self._api.get(owner.path) is None else None
            )
        if found.kind == "function":
            parent = self._api.get(owner.path)
            if parent is not None and parent.kind == "class":
                return Bound(found.name, owner, found)
            return Bound(found.name, None, found)
        return (
            self._attribute_value(found.name, found.returns) if found.kind == "attribute" else Ref(found.name)
        )

    def _member_of_instance(self, owner: Instance, name: str) -> Value | None:
        if owner.type in ("dict", "list", "set"):
            return Bound(f"{owner.type}.{name}", owner)
        member = self._api.member(owner.type, name)
        if member is None:
            if not self.is_dynamic(owner.type):
                return None
            if owner.args:  # a container that answers names with its elements
                return owner.args[0]
            return Bound(f"{owner.type}.{name}", owner)
        if member.kind == "function":
            return Bound(member.name, owner, member)
        if member.kind == "attribute":
            return self._attribute_value(member.name, member.returns, owner)
        return Ref(member.name)

    def _attribute_value(self, symbol: str, returns: str, owner: Instance | None = None) -> Value | None:
        return self.typed(self._inference.overrides.get(symbol, returns), owner)

    def typed(self, annotation: str, owner: Value | None) -> Value | None:
        """What an annotation of the library means on an owner: ``Self`` is the owner."""
        if annotation in ("Self", "typing.Self", "typing_extensions.Self"):
            if isinstance(owner, Ref):
                return Instance(owner.path)
            return owner
        return value_of_annotation(annotation, self._api)

    def is_dynamic(self, type_name: str) -> bool:
        """Whether objects of a class of the library have attributes that its index does not list."""
        return any((o := self._api.objects.get(base)) and o.dynamic for base in self._api.mro(type_name))

    def subscript(self, node: cst.Subscript) -> Value | None:
        """What an element, or a slice, is."""
        owner = self._inference.value(node.value)
        if not isinstance(owner, Instance):
            return None
        if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Slice):
            return owner
        if owner.type == "dict":
            return self._entry(node) or (owner.args[-1] if owner.args else None)
        if owner.type == "tuple":
            index = literal(node.slice[0].slice.value) if isinstance(node.slice[0].slice, cst.Index) else None
            return self.item(owner, index) if isinstance(index, int) else element_of(owner)
        if owner.args:
            return owner.args[0]
        member = self._api.member(owner.type, "__getitem__")
        return (
            self.typed(self._inference.overrides.get(member.name, member.returns), owner) if member else None
        )

    def _entry(self, node: cst.Subscript) -> Value | None:
        """What a literal key leads to, in a dict that the program writes out: ``{"a": 1, "repo": repo}["repo"]``."""
        key = literal(node.slice[0].slice.value) if isinstance(node.slice[0].slice, cst.Index) else None
        whole: cst.CSTNode | None = node.value
        if not isinstance(whole, cst.Dict):
            found = self._inference.bindings(node.value)
            whole = found[0].node if len(found) == 1 and found[0].kind == "value" else None
        if key is None or not isinstance(whole, cst.Dict):
            return None
        entries = [e for e in whole.elements if isinstance(e, cst.DictElement) and literal(e.key) == key]
        return self._inference.value(entries[-1].value) if entries else None

    def item(self, value: Value | None, *indexes: int) -> Value | None:
        """What stands at a place in a tuple, and at places in the tuples inside it."""
        for index in indexes:
            if isinstance(value, OwnInstance) and is_tuple(value.scope):
                every = fields(value.scope)
                inside = -len(every) <= index < len(every)
                value = self.own(value.scope, dotted(every[index].target)) if inside else None
            elif isinstance(value, Instance) and value.type == "tuple":
                inside = -len(value.args) <= index < len(value.args)
                value = value.args[index] if inside else None
            else:
                value = element_of(value)
        return value


def is_property(scope: Scope) -> bool:
    """Whether a method is read like an attribute."""
    decorators = scope.node.decorators if isinstance(scope.node, cst.FunctionDef) else ()
    return any(dotted(d.decorator).rpartition(".")[2] in ("property", "cached_property") for d in decorators)
