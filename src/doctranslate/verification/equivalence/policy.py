"""What a pair of libraries asks of a right translation beyond the same outcome."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Policy:
    """What is asked of a translation.

    Attributes:
        is_data: Whether the target has to keep a path; None where the pair says nothing about data.
        lfs_is_data: Whether what the source keeps with LFS is data, too.
        failures: Exceptions of the source library, and the names that stand for each in the target.
    """

    is_data: Callable[[str], bool] | None = None
    lfs_is_data: bool = False
    failures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def same_failure(self, source: str, translation: str) -> bool:
        """Whether an exception of the translation is what the source's exception has become.

        An own exception of the target library is enough, whichever: a library raises subclasses of what its
        documentation names. Of Python's own it has to be the one that is named.
        """
        if source == translation:
            return True
        if source not in self.failures:
            return False
        own = {name.partition(".")[0] for names in self.failures.values() for name in names if "." in name}
        named = {name.removeprefix("builtins.") for name in self.failures[source]}
        return translation in named or translation.partition(".")[0] in own - {"builtins"}

    def is_translated(self, failure: str) -> bool:
        """Whether an exception is one of the source library's that have a counterpart."""
        return failure in self.failures


def find_policy(src: str, dst: str, *, data: Sequence[str] | None) -> Policy:
    """The policy of a pair of component names.

    Args:
        src: The source component.
        dst: The target component.
        data: Globs of the paths that are data, which decide alone; None leaves it to the pair.
    """
    if (src, dst) == ("gitpython", "dvc"):
        from doctranslate.rules.gitpython_dvc.data import policy
        from doctranslate.rules.gitpython_dvc.errors import NAMES

        # The globs mean what they mean to the rules; what LFS tracked is data unless the caller says what is.
        paths = policy(given=None if data is None else tuple(data), tracked=())
        return Policy(is_data=paths.is_data, lfs_is_data=data is None, failures=NAMES)
    if data is None:
        return Policy()
    globs = tuple(data)
    return Policy(is_data=lambda path: any(fnmatch.fnmatch(path, glob) for glob in globs))
