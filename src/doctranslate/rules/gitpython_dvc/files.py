"""Which paths of a program are surely data, or surely code, and files that are there when they are added."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import libcst as cst

from doctranslate.analysis.infer import Inference
from doctranslate.analysis.values import Instance, element_of
from doctranslate.rules.gitpython_dvc.data import DataPolicy, Kind
from doctranslate.rules.gitpython_dvc.paths import Paths
from doctranslate.rules.gitpython_dvc.symbols import GIT, INDEX
from doctranslate.rules.gitpython_dvc.texts import (
    UNKNOWN,
    Text,
    Texts,
    below,
    ends_agree,
    matched,
    starts_agree,
    whole,
)
from doctranslate.rules.gitpython_dvc.words import executed_name

_DELETES = {
    "os.remove", "os.unlink", "os.rename", "os.renames", "os.replace", "shutil.move", "send2trash.send2trash",
}  # fmt: skip
_DELETES_BELOW = {"shutil.rmtree", "os.removedirs", "shutil.move", "os.rename", "os.renames", "os.replace"}
_DELETING_METHODS = {"unlink": 0, "rename": 1, "replace": 1}
_DELETING_COMMANDS = {f"{INDEX}.remove", f"{INDEX}.move", f"{GIT}.rm", f"{GIT}.mv", f"{GIT}.clean"}
_MAKES_FOLDER = {"os.mkdir", "os.makedirs", "shutil.copytree"}


class Files:
    """Answers what the paths are that a program adds.

    Args:
        inference: What knows the program.
        policy: Which paths are data.
    """

    def __init__(self, inference: Inference, policy: DataPolicy) -> None:
        self.paths = Paths(inference)
        self._inference = inference
        self._policy = policy

    def import_path(self, node: cst.BaseExpression) -> str:
        """Dotted path of what an expression names, through the imports of the program; "" for anything else."""
        return self._inference.import_path(node)

    def kind(self, node: cst.BaseExpression) -> Kind | None:
        """What a path is, every value of it; None where that shows at run time."""
        return self._kind(self.paths.of(node))

    def kind_inside(self, node: cst.BaseExpression) -> Kind | None:
        """What the elements of an iterable are, all of them."""
        return self._kind(self.paths.inside(node))

    def kind_of_pattern(self, node: cst.BaseExpression) -> Kind | None:
        """What all files are that a pattern finds."""
        return self._kind(matched(self.paths.of(node)))

    def data_suffixes(self, texts: Texts) -> tuple[str, ...]:
        """Suffixes that tell the data from the code in paths that are both; empty where they do not, or one is open."""
        if not texts or any(text.may_be(folder) for folder in self._folders for text in texts):
            return ()
        kinds = {text: self._policy.kind(text) for text in texts}
        data = {f".{text.name.rpartition('.')[2]}" for text, kind in kinds.items() if kind == "data"}
        told = all(
            kind == "data" or (kind == "code" and not any(ends_agree(text.end, suffix) for suffix in data))
            for text, kind in kinds.items()
        )
        return tuple(sorted(data)) if told else ()

    def holds_text(self, node: cst.BaseExpression) -> bool:
        """Whether the elements of an iterable are surely strings, and no path objects."""
        return element_of(self._inference.value(node)) == Instance("str")

    def kind_of_text(self, text: str) -> Kind | None:
        """What a path is that is known."""
        return self._kind(frozenset({whole(text)}))

    def is_deleted(self, node: cst.BaseExpression) -> bool:
        """Whether the program deletes the very file that it adds, somewhere in its text."""
        texts = self.paths.of(node) or frozenset()
        return any(text.may_be(other) for other in self._deleted if other.whole for text in texts)

    def may_be_gone(self, node: cst.BaseExpression) -> bool:
        """Whether the program may have deleted a file that it adds, or one in a list: then its deletion is staged."""
        texts = (self.paths.of(node) or frozenset()) | (self.paths.inside(node) or frozenset())
        gone = any(text.may_be(other) for other in self._deleted for text in texts)
        return gone or any(_may_be_below(text, folder) for folder in self._emptied for text in texts)

    def _kind(self, texts: Texts) -> Kind | None:
        if not texts or any(text.may_be(folder) for folder in self._folders for text in texts):
            return None
        kinds = {self._policy.kind(text) for text in texts}
        return kinds.pop() if len(kinds) == 1 else None

    # ------------------------------------------------------------------ what the program does with files
    @cached_property
    def _folders(self) -> frozenset[Text]:
        """Folders that the program makes, as far as their names have a suffix, as those of files have."""
        made = [
            call.args[-1 if "copytree" in path else 0].value
            for call in self._inference.tree.calls
            if call.args and (path := self._inference.import_path(call.func)) in _MAKES_FOLDER
        ]
        made += [
            call.func.value
            for call in self._inference.tree.calls
            if isinstance(call.func, cst.Attribute) and call.func.attr.value == "mkdir"
        ]
        known = (self.paths.of(node) or frozenset() for node in made)
        return frozenset(text for texts in known for text in texts if "." in text.name)

    @cached_property
    def _deleted(self) -> frozenset[Text]:
        return _all(self._deletions())

    @cached_property
    def _emptied(self) -> frozenset[Text]:
        return _all(self._removed_folders())

    def _deletions(self) -> Iterator[Texts]:
        for call in self._inference.tree.calls:
            symbol = self._inference.symbol(call.func)
            given = [arg.value for arg in call.args]
            if self._inference.import_path(call.func) in _DELETES and given:
                yield self.paths.of(given[0])
            elif symbol in _DELETING_COMMANDS:
                for each in given:
                    yield self._either(each)
            elif symbol == f"{GIT}.execute" and executed_name(call) in ("rm", "mv", "clean"):
                yield None
            elif symbol is None and isinstance(call.func, cst.Attribute) and _is_deleting(call):
                yield self.paths.of(call.func.value)

    def _removed_folders(self) -> Iterator[Texts]:
        for call in self._inference.tree.calls:
            if self._inference.import_path(call.func) in _DELETES_BELOW and call.args:
                folder = call.args[0].value
                if not self._is_temporary(folder):
                    yield self.paths.of(folder)
            elif self._inference.symbol(call.func) in _DELETING_COMMANDS:
                yield from (self._either(arg.value) for arg in call.args)

    def _either(self, node: cst.BaseExpression) -> Texts:
        one, many = self.paths.of(node), self.paths.inside(node)
        return one | many if one is not None and many is not None else one if one is not None else many

    def _is_temporary(self, node: cst.BaseExpression) -> bool:
        bindings = self._inference.bindings(node)
        return bool(bindings) and all(
            isinstance(binding.node, cst.Call)
            and self._inference.import_path(binding.node.func).startswith("tempfile.")
            for binding in bindings
        )


def _is_deleting(call: cst.Call) -> bool:
    """Whether a call is a path's method after which its file has gone, told from a string's by its arguments."""
    name = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
    return _DELETING_METHODS.get(name) == len([arg for arg in call.args if arg.keyword is None])


def _all(many: Iterator[Texts]) -> frozenset[Text]:
    return frozenset(text for texts in many for text in (texts if texts is not None else (UNKNOWN,)))


def _may_be_below(text: Text, folder: Text) -> bool:
    inside = next(iter(below(frozenset({folder})) or {UNKNOWN}))
    return text.is_absolute != folder.is_absolute or starts_agree(text.start, inside.start)
