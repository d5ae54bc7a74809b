"""The public door: its names, its weight, and the error tree."""

from __future__ import annotations

import inspect
import subprocess
import sys

import doctranslate
from doctranslate import errors

HEAVY = ("faiss", "langchain", "langchain_core", "libcst", "jedi", "griffe", "sklearn", "openai", "tiktoken", "pydantic", "numpy", "rich", "typer")  # fmt: skip


def test_all_when_read_then_every_name_is_there_and_sorted() -> None:
    assert doctranslate.__all__ == sorted(doctranslate.__all__)
    for name in doctranslate.__all__:
        found = getattr(doctranslate, name)
        assert inspect.getdoc(found), name
    assert set(doctranslate.__all__) <= set(dir(doctranslate))


def test_import_when_nothing_is_used_then_no_heavy_package_loads() -> None:
    code = f"import doctranslate, sys; print([n for n in {HEAVY!r} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_public_names_when_their_modules_were_imported_first_then_they_are_still_the_functions() -> None:
    code = "import doctranslate.component, doctranslate.pipeline, doctranslate as d; print(callable(d.components), callable(d.translate))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]


def test_error_tree_when_drawn_then_it_has_every_error_with_an_exit_code() -> None:
    own = [e for _, e in inspect.getmembers(errors, inspect.isclass) if e.__module__ == errors.__name__]
    for error in own:
        assert issubclass(error, errors.DocTranslateError)
        assert error.__name__ in (errors.__doc__ or "")
        assert error.exit_code in (1, 2, 3)
