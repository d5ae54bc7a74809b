from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctranslate.prompts import budget

LETTERS = st.text(st.characters(codec="utf-8"))

CACHE = Path(os.environ.get("TIKTOKEN_CACHE_DIR") or Path(tempfile.gettempdir()) / "data-gym-cache")
CACHED = (CACHE / "fb374d419588a4632f3f557e76b4b70aebbca790").is_file()

# The larger of the lengths in cl100k_base and o200k_base, counted once with the real encodings.
KNOWN = [
    ("", 0),
    ("hello world", 2),
    ("repo = Repo('.')\nrepo.index.add(['a.txt'])\n", 12),
    ("The quick brown fox jumps over the lazy dog.", 10),
    ("def f(a, b=1, *args, **kwargs):\n    return a + b\n", 20),
    ("GIT_AUTHOR_NAME = os.environ['GIT_AUTHOR_NAME']\n", 13),
    ("| a | b |\n|---|---|\n| 1 | 2 |\n", 17),
    ("0123456789" * 10, 34),
    ("    " * 20 + "pass", 2),
    ("3f786850e387550fdab836ed7e6dc881de23001b", 20),
    ("\u6570\u636e\u7248\u672c\u63a7\u5236\u7cfb\u7edf", 6),
]


@pytest.mark.parametrize(("text", "n_true"), KNOWN)
def test_estimate_tokens_when_compared_with_real_counts_then_is_never_under(text: str, n_true: int) -> None:
    assert n_true <= budget.estimate_tokens(text) <= 4 * n_true + 8


@given(LETTERS, LETTERS)
def test_estimate_tokens_when_texts_are_joined_then_hardly_grows(one: str, two: str) -> None:
    apart = budget.estimate_tokens(one) + budget.estimate_tokens(two)
    assert budget.estimate_tokens(one + two) <= apart + 8 + (len(one) + len(two)) // 2


@given(LETTERS)
def test_estimate_tokens_when_given_any_text_then_is_positive_and_at_most_its_bytes(text: str) -> None:
    found = budget.estimate_tokens(text)
    assert (found == 0) == (not text.strip(" ") and len(text) < 2)
    assert found <= len(text.encode()) + 1


def test_count_tokens_when_a_text_is_huge_then_is_quick() -> None:
    start = time.monotonic()
    assert budget.count_tokens("x = 1\n" * 100_000) > 100_000
    assert time.monotonic() - start < 5


def run(program: str, tmp_path: Path, **env: str) -> tuple[list[str], str, float]:
    """Run a program in an interpreter of its own: what is loaded is remembered per process."""
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={"PATH": "", "TIKTOKEN_CACHE_DIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path), **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.split(), done.stderr, time.monotonic() - start


BLOCKED = (
    "import socket, time\n"
    "attempts = []\n"
    "def refuse(*args, **kwargs):\n"
    "    attempts.append(args)\n"
    "    {}\n"
    "socket.getaddrinfo = refuse\n"
    "from doctranslate.prompts.budget import count_tokens, counted_by, estimate_tokens\n"
)


def test_count_tokens_when_there_is_no_network_then_estimates_and_says_so_once(tmp_path: Path) -> None:
    program = BLOCKED.format("raise OSError('no network')") + (
        "text = 'some text'\n"
        "same = [count_tokens(text, 'openai:gpt-4o') == estimate_tokens(text) for _ in range(50)]\n"
        "count_tokens('text', 'openai:gpt-4')\n"
        "print(all(same), counted_by('openai:gpt-4o'), len(attempts) <= 4)\n"
    )
    out, err, _ = run(program, tmp_path)
    assert out == ["True", "estimate", "True"]
    assert err.count("estimates on the high side") == 1


def test_count_tokens_when_the_network_hangs_then_waits_once_and_briefly(tmp_path: Path) -> None:
    program = BLOCKED.format("time.sleep(30)") + (
        "start = time.monotonic()\n"
        "for _ in range(5):\n"
        "    count_tokens('some text', 'openai:gpt-4o')\n"
        "print(counted_by('openai:gpt-4o'), time.monotonic() - start < 4)\n"
    )
    out, _, seconds = run(program, tmp_path)
    assert out == ["estimate", "True"]
    assert seconds < 20


@pytest.mark.skipif(not CACHED, reason="tiktoken's file for o200k_base is not on this machine")
def test_count_tokens_when_the_tokenizer_is_on_this_machine_then_counts_with_it() -> None:
    assert budget.counted_by("openai:gpt-4o") == "o200k_base"
    assert budget.count_tokens("hello world <|endoftext|> x", "openai:gpt-4o") == 10
    assert budget.counted_by() == "estimate"


@pytest.mark.parametrize(("model", "env"), [("None", {}), ("'openai:gpt-4o'", {"DOCTRANSLATE_OFFLINE": "1"})])
def test_count_tokens_when_no_model_is_in_play_or_calls_are_forbidden_then_fetches_nothing(
    model: str, env: dict[str, str], tmp_path: Path
) -> None:
    program = BLOCKED.format("raise OSError('no network')") + (
        f"count_tokens('text', {model})\nimport sys\n"
        f"print(len(attempts), counted_by({model}), 'requests' in sys.modules)\n"
    )
    out, err, _ = run(program, tmp_path, **env)
    assert out == ["0", "estimate", "False"]
    assert err.count("\n") == (model != "None")


def test_count_tokens_when_the_cached_file_is_damaged_then_estimates(tmp_path: Path) -> None:
    (tmp_path / "fb374d419588a4632f3f557e76b4b70aebbca790").write_bytes(b"cut off")
    program = (
        BLOCKED.format("raise OSError('no network')") + "print(count_tokens('a b c', 'm'), counted_by('m'))\n"
    )
    out, _, _ = run(program, tmp_path)
    assert out == ["3", "estimate"]


def test_counted_by_when_the_log_is_read_then_a_missing_tokenizer_is_no_warning_without_a_model(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        budget.count_tokens("text")
    assert caplog.records == []
