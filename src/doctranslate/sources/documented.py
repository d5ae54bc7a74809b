"""What reading an API gives: its objects, and what their authors say about them."""

from __future__ import annotations

from dataclasses import dataclass, field

from doctranslate.apis import ApiObject


@dataclass(frozen=True, slots=True)
class Documented:
    """An object of an API with what its author says about it.

    Attributes:
        api: The object.
        docstring: Cleaned of indentation; "" when there is none.
        overloads: Signature lines of its overloads.
        source: Canonical name of the function that a member was made from, "" when it is defined in place.
    """

    api: ApiObject
    docstring: str = ""
    overloads: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class ReadApi:
    """What reading gave.

    Attributes:
        objects: Canonical name to object, in order of definition.
        aliases: Other public path to canonical name.
        exported: Those of the aliases that packages mean to offer (``__all__``, imports of an ``__init__``).
    """

    objects: dict[str, Documented] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    exported: set[str] = field(default_factory=set)
