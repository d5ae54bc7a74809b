"""Reads text as Python, without a warning and without an error of another kind."""

from __future__ import annotations

import ast
import warnings


def parse(code: str) -> ast.Module:
    """The tree of a program.

    Args:
        code: What a model wrote.

    Raises:
        SyntaxError: It is not Python.
        ValueError: It has a null byte.
        RecursionError: It is nested too deep.
        MemoryError: The same, on other versions of Python.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in the user's strings is not ours to report
        return ast.parse(code)


def parsed(code: str) -> ast.Module | None:
    """The tree of a program, or None when it is none.

    Args:
        code: What a model wrote.
    """
    try:
        return parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def syntax_problem(code: str) -> str:
    """Why a text is no program, for people.

    Args:
        code: What a model wrote.
    """
    try:
        parse(code)
    except SyntaxError as exc:
        return f"line {exc.lineno}: {exc.msg}"
    except (ValueError, RecursionError, MemoryError) as exc:
        return str(exc) or type(exc).__name__
    return "it holds no statement"
