"""Signatures: of functions, of methods made from other functions, and of constructors."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import griffe

from doctranslate.apis import ApiParameter, ParameterKind
from doctranslate.sources.inference import Inference
from doctranslate.sources.names import Names, dotted_name, parse_expression

_KINDS: Mapping[griffe.ParameterKind | None, ParameterKind] = {
    griffe.ParameterKind.positional_only: "positional-only",
    griffe.ParameterKind.positional_or_keyword: "positional",
    griffe.ParameterKind.var_positional: "var-positional",
    griffe.ParameterKind.keyword_only: "keyword-only",
    griffe.ParameterKind.var_keyword: "var-keyword",
    None: "positional",
}
_ORDER: tuple[ParameterKind, ...] = (
    "positional-only",
    "positional",
    "var-positional",
    "keyword-only",
    "var-keyword",
)
_LABELS = {"property", "classmethod", "staticmethod", "async", "writable", "cached", "dataclass"}
ANYTHING = (ApiParameter("args", "var-positional"), ApiParameter("kwargs", "var-keyword"))
"""Parameters of what the source does not tell."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a call takes and gives back.

    Attributes:
        parameters: As written in the source.
        returns: As written in the source.
        returned: Canonical, or inferred; "" when unknown.
        scope: Where the names in annotations are to be looked up.
        origin: Canonical name of the function that it was taken from.
        docstring: Of that function.
        labels: ``staticmethod``, ``property``…
        overloads: Signatures given for the type checker.
    """

    parameters: tuple[ApiParameter, ...]
    returns: str
    returned: str
    scope: griffe.Object
    origin: str = ""
    docstring: str = ""
    labels: tuple[str, ...] = ()
    overloads: tuple[Signature, ...] = ()

    def bound(self, n: int = 1) -> Signature:
        """Without the first positional parameters: those that ``self`` or a partial application fills."""
        left, kept = n, []
        for parameter in self.parameters:
            if left and parameter.kind in ("positional", "positional-only"):
                left -= 1
            else:
                kept.append(parameter)
        return replace(self, parameters=tuple(kept), overloads=tuple(o.bound(n) for o in self.overloads))

    def labelled(self, *labels: str) -> Signature:
        """With more labels."""
        return replace(self, labels=tuple(sorted({*self.labels, *labels})))

    @property
    def says_nothing(self) -> bool:
        """Whether it only takes whatever comes."""
        return not self.docstring and {p.kind for p in self.parameters} <= {"var-positional", "var-keyword"}

    def resolved(self, names: Names) -> tuple[ApiParameter, ...]:
        """The parameters with canonical annotations."""
        return tuple(
            replace(p, annotation=names.annotation(self.scope, p.annotation)) for p in self.parameters
        )

    def line(self, name: str) -> str:
        """One line as a reader would write it: ``create_tag(path, ref='HEAD') -> TagReference``."""
        prefix = "async " if "async" in self.labels else ""
        returns = f" -> {unquoted(self.returns)}" if self.returns else ""
        return f"{prefix}{name}({', '.join(_shown(self.parameters))}){returns}"


def _shown(parameters: Iterable[ApiParameter]) -> Iterable[str]:
    """Parameters in order, with the ``/`` and ``*`` that set their kinds apart."""
    previous = ""
    for parameter in parameters:
        if previous == "positional-only" and parameter.kind != "positional-only":
            yield "/"
        if parameter.kind == "keyword-only" and previous not in ("keyword-only", "var-positional"):
            yield "*"
        yield str(replace(parameter, annotation=unquoted(parameter.annotation)))
        previous = parameter.kind
    if previous == "positional-only":
        yield "/"


def unquoted(annotation: str) -> str:
    """An annotation without the quotes of forward references."""
    return annotation if "Literal" in annotation else annotation.replace("'", "").replace('"', "")


class Signatures:
    """Reads signatures.

    Args:
        names: Resolves names.
        inference: Tells what unannotated functions return.
    """

    def __init__(self, names: Names, inference: Inference) -> None:
        self._names = names
        self._inference = inference
        self._open: set[str] = set()

    def function(self, function: griffe.Function, *, cls: griffe.Class | None = None) -> Signature:
        """The signature of a function, all parameters included."""
        overloads = tuple(self.function(o) for o in function.overloads or ())
        own = Signature(
            tuple(map(_parameter, function.parameters)),
            "" if function.returns is None else str(function.returns),
            self._inference.function(function, cls=cls),
            function.parent or function,
            function.path,
            function.docstring.value.strip() if function.docstring else "",
            _labels(function),
            overloads,
        )
        return self._with_delegate(own, function, cls)

    def _with_delegate(
        self, own: Signature, function: griffe.Function, cls: griffe.Class | None
    ) -> Signature:
        """Its own parameters, then what the function takes that it hands ``*args, **kwargs`` on to."""
        delegate = self._inference.delegate(function, cls=cls)
        if delegate is None or function.path in self._open:
            return own
        self._open.add(function.path)
        try:
            parent = delegate.target.parent
            if isinstance(parent, griffe.Class):
                target = self.method(delegate.target, cls=parent)
            else:
                target = self.function(delegate.target)
        finally:
            self._open.discard(function.path)
        kept = tuple(p for p in own.parameters if not p.kind.startswith("var-"))
        look_up = self._names.annotation
        if any(look_up(own.scope, p.annotation) != look_up(target.scope, p.annotation) for p in kept):
            return own  # the annotations of both could not be looked up in one place
        rest = target.bound(delegate.n_given).parameters
        taken = {p.name for p in kept} | delegate.named
        parameters = kept + tuple(p for p in rest if p.name not in taken)
        return replace(
            own,
            parameters=tuple(sorted(parameters, key=lambda p: _ORDER.index(p.kind))),
            returns=own.returns or target.returns,
            scope=target.scope,
            docstring=own.docstring or target.docstring,
        )

    def method(self, function: griffe.Function, *, cls: griffe.Class) -> Signature:
        """The signature of a function as a member of a class: without ``self`` or ``cls``."""
        signature = self.function(function, cls=cls)
        return signature if "staticmethod" in signature.labels else signature.bound()

    def constructor(self, cls: griffe.Class) -> Signature:
        """The signature of a class: that of ``__init__``, of ``__new__``, or of its declared fields."""
        for base in self._names.mro(cls):
            for special in ("__init__", "__new__"):
                found = base.members.get(special)
                if isinstance(found, griffe.Function):
                    signature = self.method(found, cls=cls)
                    return replace(signature, returns="", returned=cls.path)
            fields = _fields(base, self._names)
            if fields is not None:
                return Signature(fields, "", cls.path, base)
        known = all(
            b in ("object", "abc.ABC", "typing.Generic", "typing.Protocol") for b in self._unread(cls)
        )
        return Signature(() if known else ANYTHING, "", cls.path, cls)

    def _unread(self, cls: griffe.Class) -> list[str]:
        """Bases of a class that were not read, with those of its bases."""
        bases = [b for base in self._names.mro(cls) for b in self._names.bases(base)]
        return [b for b in bases if not isinstance(self._names.object(b), griffe.Class)]

    def value(self, attribute: griffe.Attribute, *, cls: griffe.Class | None) -> Signature | None:
        """The signature of a function that is made by an assignment.

        Such as ``ls = staticmethod(_ls)``, ``add = other_function``, ``run = partialmethod(_run, "x")``.
        None when the value is nothing of the kind. The result carries the label ``property`` when it is one.
        """
        node = parse_expression(attribute.value)
        scope = attribute.parent or attribute
        if isinstance(node, ast.Name | ast.Attribute):
            function = self._function(node, scope)
            of_class = "class-attribute" in attribute.labels  # a function set on self gets no self
            return self._as_member(function, cls if of_class else None) if function is not None else None
        if not isinstance(node, ast.Call) or not node.args:
            return None
        maker = (dotted_name(node.func) or "").rpartition(".")[2]
        function = self._function(node.args[0], scope)
        if function is None:
            return None
        return self._made(maker, function, node, cls)

    def _made(
        self, maker: str, function: griffe.Function, node: ast.Call, cls: griffe.Class | None
    ) -> Signature | None:
        signature = self.function(function, cls=cls)
        n_bound = len(node.args) - 1
        given = {keyword.arg for keyword in node.keywords}
        rest = replace(signature, parameters=tuple(p for p in signature.parameters if p.name not in given))
        match maker:
            case "staticmethod":
                return signature.labelled("staticmethod")
            case "classmethod":
                return signature.bound().labelled("classmethod")
            case "partialmethod":
                return rest.bound(n_bound + 1)
            case "partial":
                return rest.bound(n_bound)
            case _ if maker.endswith("property"):
                return signature.bound().labelled("property")
            case "wraps" | "contextmanager" | "lru_cache" | "cache":
                return self._as_member(function, cls)
        return None

    def _as_member(self, function: griffe.Function, cls: griffe.Class | None) -> Signature:
        return self.method(function, cls=cls) if cls is not None else self.function(function)

    def _function(self, node: ast.expr, scope: griffe.Object) -> griffe.Function | None:
        name = dotted_name(node)
        found = self._names.object(self._names.name(scope, name)) if name else None
        return found if isinstance(found, griffe.Function) else None


def forwarded_name(attribute: griffe.Attribute) -> str:
    """The name that ``partialmethod(_call, "name")`` hands on, or the attribute's own name."""
    node = parse_expression(attribute.value)
    if isinstance(node, ast.Call) and len(node.args) > 1:
        second = node.args[1]
        if isinstance(second, ast.Constant) and isinstance(second.value, str):
            return second.value
    return attribute.name


def _parameter(parameter: griffe.Parameter) -> ApiParameter:
    kind = _KINDS[parameter.kind]
    variadic = kind in ("var-positional", "var-keyword")
    default = None if parameter.default is None or variadic else str(parameter.default)
    annotation = "" if parameter.annotation is None else str(parameter.annotation)
    return ApiParameter(parameter.name.lstrip("*"), kind, default, annotation)


def decorator_names(function: griffe.Function) -> list[str]:
    """Last parts of the names of its decorators: ``cached_property``."""
    return [without_call(str(d.value)).rpartition(".")[2] for d in function.decorators]


def without_call(text: str) -> str:
    """``app.command`` for ``app.command("x")``."""
    return text.partition("(")[0]


def _labels(function: griffe.Function) -> tuple[str, ...]:
    decorators = set(decorator_names(function))
    labels = {str(label) for label in function.labels} & _LABELS
    labels |= decorators & {"contextmanager", "asynccontextmanager"}
    if any("property" in name for name in decorators):
        labels.add("property")
    if "abstractmethod" in decorators:
        labels.add("abstract")
    return tuple(sorted(labels))


_FIELD_MAKERS = {"define", "frozen", "mutable", "attrs", "s", "attributes"}


def _fields(cls: griffe.Class, names: Names) -> tuple[ApiParameter, ...] | None:
    """Constructor parameters from the fields of a named tuple or an attrs class; None for another class."""
    makers = {without_call(str(d.value)).rpartition(".")[2] for d in cls.decorators}
    is_tuple = "typing.NamedTuple" in names.bases(cls)
    if not is_tuple and not makers & _FIELD_MAKERS:
        return None
    fields: list[ApiParameter] = []
    for name, member in cls.members.items():
        if (
            isinstance(member, griffe.Attribute)
            and member.annotation is not None
            and not member.labels & {"property"}
        ):
            default = None if member.value is None else str(member.value)
            fields.append(ApiParameter(name.lstrip("_"), "positional", default, str(member.annotation)))
    return tuple(fields)
