"""What a distribution offers, as data: objects, signatures, and the types they give back.

An `ApiIndex` is read statically from a distribution by `doctranslate.sources.package` and kept beside the
component's document store. The analysis asks it for types, the verification for names and arguments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

ObjectKind = Literal["module", "class", "function", "attribute"]
ParameterKind = Literal["positional-only", "positional", "var-positional", "keyword-only", "var-keyword"]


@dataclass(frozen=True, slots=True)
class ApiParameter:
    """One parameter of a signature.

    Attributes:
        name: Its name, without stars.
        kind: How arguments reach it.
        default: Source text of the default, or None when an argument is required.
        annotation: Source text with resolved names, or "".
    """

    name: str
    kind: ParameterKind = "positional"
    default: str | None = None
    annotation: str = ""

    def __str__(self) -> str:
        stars = {"var-positional": "*", "var-keyword": "**"}.get(self.kind, "")
        text = stars + self.name + (f": {self.annotation}" if self.annotation else "")
        if self.default is None:
            return text
        return f"{text} = {self.default}" if self.annotation else f"{text}={self.default}"


@dataclass(frozen=True, slots=True)
class ApiObject:
    """A module, class, function or attribute.

    Attributes:
        name: Canonical qualified name, where it is defined: ``git.repo.base.Repo.create_tag``.
        kind: What it is. A method is a function; a property is an attribute.
        parameters: Of a function; of a class, those of its constructor without ``self``.
            A method's list leaves ``self`` or ``cls`` out.
        returns: Resolved annotation of what a call returns, or an attribute holds; "" when unknown.
            Names in it are canonical: ``git.util.IterableList[git.remote.Remote]``.
        bases: Canonical names of a class's bases, in order.
        labels: Of ``property``, ``classmethod``, ``staticmethod``, ``async``, ``abstract``, ``inherited``…
        dynamic: The class answers names that it does not define (``__getattr__``).
        signature: One line as a reader would write it, such as ``create_tag(path, ref='HEAD') -> TagReference``.
    """

    name: str
    kind: ObjectKind
    parameters: tuple[ApiParameter, ...] = ()
    returns: str = ""
    bases: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    dynamic: bool = False
    signature: str = ""


@dataclass(frozen=True)
class ApiIndex:
    """All public objects of a distribution, by qualified name.

    Attributes:
        distribution: Its name on the package index.
        version: The version that was read.
        objects: Canonical name to object.
        aliases: Other public path to canonical name (``git.Repo`` to ``git.repo.base.Repo``).
        roots: Top-level import names (``git``).
    """

    distribution: str
    version: str
    objects: Mapping[str, ApiObject] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    roots: tuple[str, ...] = ()

    def canonical(self, path: str) -> str:
        """Follow aliases on every prefix of a dotted path: ``git.Repo.init`` becomes ``git.repo.base.Repo.init``.

        A path that leads nowhere comes back with the part that is known made canonical.
        """
        head: list[str] = []
        for part in path.split("."):
            head.append(part)
            name = ".".join(head)
            seen = set()
            while name in self.aliases and name not in seen:
                seen.add(name)
                name = self.aliases[name]
            head = name.split(".")
        return ".".join(head)

    def get(self, path: str) -> ApiObject | None:
        """The object at a dotted path, through aliases and inheritance, or None."""
        name = self.canonical(path)
        if name in self.objects:
            return self.objects[name]
        owner, _, member = name.rpartition(".")
        if not owner:
            return None
        parent = self.get(owner)
        if parent is not None and parent.kind == "class":
            return self.member(parent.name, member)
        return None

    def member(self, class_name: str, member: str) -> ApiObject | None:
        """A member of a class, its own or the first inherited one, or None."""
        for base in self.mro(class_name):
            found = self.objects.get(f"{base}.{member}") or self.objects.get(
                self.aliases.get(f"{base}.{member}", "")
            )
            if found is not None:
                return found
        return None

    def mro(self, class_name: str) -> Iterator[str]:
        """The class and its known bases, depth first, each once."""
        todo, seen = [self.canonical(class_name)], set()
        while todo:
            name = todo.pop(0)
            if name in seen:
                continue
            seen.add(name)
            yield name
            found = self.objects.get(name)
            if found is not None:
                todo = [self.canonical(base) for base in found.bases] + todo

    def members(self, path: str) -> list[ApiObject]:
        """The direct children of a module or class, in order of definition."""
        prefix = self.canonical(path) + "."
        return [o for n, o in self.objects.items() if n.startswith(prefix) and "." not in n[len(prefix) :]]

    def is_complete(self, class_name: str) -> bool:
        """Whether every base is known and none answers names dynamically: only then can a name be missing."""
        for name in self.mro(class_name):
            found = self.objects.get(name)
            if found is None:
                if name not in ("object", "builtins.object", "abc.ABC", "typing.Protocol", "typing.Generic"):
                    return False
            elif found.dynamic:
                return False
        return True

    def to_json(self) -> str:
        """The index as JSON text, sorted, so that equal indexes are equal bytes."""
        return json.dumps(
            {
                "distribution": self.distribution,
                "version": self.version,
                "roots": list(self.roots),
                "aliases": dict(sorted(self.aliases.items())),
                "objects": [
                    {k: v for k, v in asdict(o).items() if v not in ("", (), False)}
                    for _, o in sorted(self.objects.items())
                ],
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str) -> ApiIndex:
        """Read what `to_json` wrote.

        Raises:
            ValueError: The text is not such JSON.
        """
        try:
            data = json.loads(text)
            objects = {raw["name"]: _object(raw) for raw in data["objects"]}
            return cls(data["distribution"], data["version"], objects, data["aliases"], tuple(data["roots"]))
        except (KeyError, TypeError, AttributeError) as exc:
            raise ValueError(f"not an API index: {exc!r}") from exc

    @classmethod
    def load(cls, path: Path) -> ApiIndex:
        """Read an index from a file."""
        return cls.from_json(path.read_text(encoding="utf-8"))


def _object(raw: Mapping[str, Any]) -> ApiObject:
    parameters = tuple(ApiParameter(**parameter) for parameter in raw.get("parameters", ()))
    sequences = {key: tuple(raw[key]) for key in ("bases", "labels") if key in raw}
    return ApiObject(**{**raw, **sequences, "parameters": parameters})


def merge(indexes: Sequence[ApiIndex]) -> ApiIndex:
    """One index over several distributions (DVC and the scmrepo it forwards to); the first names it."""
    objects: dict[str, ApiObject] = {}
    aliases: dict[str, str] = {}
    roots: list[str] = []
    for index in indexes:
        objects.update(index.objects)
        aliases.update(index.aliases)
        roots.extend(index.roots)
    first = indexes[0]
    return ApiIndex(first.distribution, first.version, objects, aliases, tuple(roots))


_N_KEPT = 4
_extended: list[tuple[ApiIndex, ApiIndex, ApiIndex]] = []


def extended(api: ApiIndex, extra: ApiIndex) -> ApiIndex:
    """`merge` of two indexes; the last ones made are kept, so that what is known of one need not be found anew."""
    for first, second, both in _extended:
        if first is api and second is extra:
            return both
    both = merge([api, extra])
    _extended[:] = [(api, extra, both), *_extended[: _N_KEPT - 1]]
    return both


_NAME = re.compile(r"[A-Za-z_][\w.]*")


def type_names(annotation: str) -> list[str]:
    """The dotted names in an annotation, outermost first: what a value of it may be an instance of."""
    skip = {"None", "Optional", "Union", "typing.Optional", "typing.Union"}
    return [name for name in _NAME.findall(annotation) if name not in skip]
