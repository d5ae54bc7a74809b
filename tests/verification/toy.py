"""A made-up library, so that the tests of binding and lookup do not hang on a release of DVC."""

from doctranslate.apis import ApiIndex, ApiObject, ApiParameter


def _p(name: str, default: str | None = None, kind: str = "positional") -> ApiParameter:
    return ApiParameter(name, kind, default)  # type: ignore[arg-type]


def toy() -> ApiIndex:
    """``toy`` with a class ``Box`` and functions of every shape."""
    objects = [
        ApiObject("toy", "module"),
        ApiObject("toy.boxes", "module"),
        ApiObject("toy.loose", "module", dynamic=True),
        ApiObject("toy.boxes.Base", "class", bases=("contextlib.AbstractContextManager",)),
        ApiObject("toy.boxes.Base.shut", "function", (), "None"),
        ApiObject(
            "toy.boxes.Box", "class", (_p("size"), _p("name", "''")), "toy.boxes.Box", ("toy.boxes.Base",)
        ),
        ApiObject("toy.boxes.Box.put", "function", (_p("x"), _p("where", "0", "keyword-only"))),
        ApiObject("toy.boxes.Box.make", "function", (_p("n"),), "toy.boxes.Box", labels=("classmethod",)),
        ApiObject("toy.boxes.Box.count", "function", (_p("n"),), "int", labels=("staticmethod",)),
        ApiObject("toy.boxes.Box.lid", "attribute", returns="toy.boxes.Lid | None", labels=("property",)),
        ApiObject("toy.boxes.Box.all", "function", (), "list[toy.boxes.Box]"),
        ApiObject("toy.boxes.Box.either", "function", (), "typing.Union[toy.boxes.Box, toy.boxes.Lid]"),
        ApiObject("toy.boxes.Box.pair", "function", (), "tuple[toy.boxes.Box, toy.boxes.Lid]"),
        ApiObject("toy.boxes.Box.later", "function", (), "toy.boxes.Lid", labels=("async",)),
        ApiObject("toy.boxes.Lid", "class", (), "toy.boxes.Lid"),
        ApiObject("toy.boxes.Lid.turn", "function", (_p("by", None, "positional-only"),)),
        ApiObject("toy.boxes.Odd", "class", (), "toy.boxes.Odd", bases=("elsewhere.Thing",)),
        ApiObject("toy.boxes.Magic", "class", (), "toy.boxes.Magic", dynamic=True),
        ApiObject("toy.free", "function", (_p("a"), _p("args", None, "var-positional"))),
        ApiObject("toy.named", "function", (_p("a"), _p("kw", None, "var-keyword"))),
        ApiObject("toy.method", "function", (_p("self"), _p("y"))),
    ]
    aliases = {"toy.Box": "toy.boxes.Box", "toy.boxes.Box.taken": "toy.method", "toy.old": "gone.place"}
    return ApiIndex("toy", "1.0", {o.name: o for o in objects}, aliases, ("toy",))
