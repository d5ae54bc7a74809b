from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctranslate.engines.replies import extract_code
from doctranslate.errors import MalformedReplyError

CODE = "import dvc.api\n\nprint(dvc.api.read('x'))\n"


@pytest.mark.parametrize(
    "reply",
    [
        f"```python\n{CODE}```",
        f"```\n{CODE}```",
        f"```py\n{CODE}```\n",
        f"~~~python\n{CODE}~~~",
        f"````python\n{CODE}````",
        f"Here you are:\n\n```python\n{CODE}```\n\nI hope that helps.",
        f"First:\n```bash\npip install dvc\n```\nthen:\n```python\n{CODE}```",
        f"```text\nplan\n```\n```python\n{CODE}```\n```python\nx = 1\n```",
        f"```python\n{CODE}",
        CODE,
        f"Here is the program.\n\n{CODE}\nLet me know how it goes!",
        f"```python\n<program>\n{CODE}</program>\n```",
        f"<program-2>\n{CODE}</program-2>",
        f"```python\r\n{CODE}```".replace("\n", "\r\n"),
        f"  ```python\n{CODE}  ```".replace("\nimport", "\n  import").replace("\nprint", "\n  print"),
        f"The old one:\n```python\nimport git\nprint(git.Repo('.').git.show('HEAD:x'), 'x')\n```\n"
        f"The new one:\n```python\n{CODE}```",
    ],
)
def test_extract_code_when_wrapped_in_any_way_then_gives_the_program(reply: str) -> None:
    source = "import git\nprint(git.Repo('.').git.show('HEAD:x'), 'x')\n"
    assert extract_code(reply, source=source) == CODE


def test_extract_code_when_the_program_holds_a_fence_in_a_string_then_keeps_all_of_it() -> None:
    code = 'TEXT = """\n```\nnot the end\n```\n"""\nprint(TEXT)\n'
    assert extract_code(f"```python\n{code}```\nDone.") == code


def test_extract_code_when_the_reply_is_the_source_then_gives_it_back() -> None:
    assert extract_code(f"Nothing to do:\n```python\n{CODE}```", source=CODE) == CODE


def test_extract_code_when_a_string_has_a_bad_escape_then_neither_warns_nor_fails() -> None:
    assert extract_code("```python\nx = '\\d'\n```") == "x = '\\d'\n"


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "   \n",
        "Sorry.",
        "Sorry",
        "I cannot do that.",
        "NotImplemented",
        "Note: done",
        "```python\n```",
        "'No.'",
    ],
)
def test_extract_code_when_there_is_no_program_then_raises_and_keeps_the_reply(reply: str) -> None:
    with pytest.raises(MalformedReplyError) as caught:
        extract_code(reply, model="m")
    assert caught.value.reply == reply
    assert caught.value.model == "m"


def test_extract_code_when_the_block_is_not_python_then_says_the_line() -> None:
    with pytest.raises(MalformedReplyError, match=r"not Python: line 2"):
        extract_code("```python\nimport dvc\ndef f(:\n```")


@pytest.mark.parametrize(
    "line",
    [
        "# ... rest unchanged",
        "# ... existing code ...",
        "    ...",
        "# rest of the code remains unchanged",
        "# (the rest of the program stays the same)",
        "# existing code here",
        "# … ",
        "# Remaining code unchanged",
    ],
)
def test_extract_code_when_part_is_left_out_then_raises(line: str) -> None:
    reply = f"```python\nimport dvc\ndef f():\n{line}\n    return 1\n```"
    with pytest.raises(MalformedReplyError, match="leaves out"):
        extract_code(reply)


@pytest.mark.parametrize(
    "line",
    [
        "# the remaining files stay in git",
        "x = ...",
        "# other remotes are unchanged by this",
        "# 1...3",
        "# rest",
    ],
)
def test_extract_code_when_a_comment_only_sounds_like_it_then_accepts(line: str) -> None:
    assert line in extract_code(f"```python\nimport dvc\n{line}\n```")


def test_extract_code_when_the_source_has_the_ellipsis_itself_then_accepts() -> None:
    code = "class P:\n    ...\n\nimport dvc\n"
    assert extract_code(f"```python\n{code}```", source="class P:\n    ...\n") == code


def test_extract_code_when_a_huge_broken_reply_comes_then_ends_soon() -> None:
    with pytest.raises(MalformedReplyError):
        extract_code("x = 1\n" * 20_000 + "def (\n" * 30)


@pytest.mark.parametrize(
    "reply",
    ["<a>\n" * 3_000 + "</a>\n" * 3_000, "# ... rest unchanged\n" * 20_000, '{"a":' * 50_000, "[" * 100_000],
)
def test_extract_code_when_a_hostile_reply_comes_then_raises_our_error(reply: str) -> None:
    with pytest.raises(MalformedReplyError):
        extract_code(reply, source="import git\n")


@pytest.mark.parametrize("tail", ["def f(", "x = (1,", "    return (", "    print("])
def test_extract_code_when_a_bare_program_breaks_off_then_raises(tail: str) -> None:
    with pytest.raises(MalformedReplyError):
        extract_code(f"import dvc\n\nif dvc:\n    print(dvc)\n{tail}")


def test_extract_code_when_nested_without_end_then_raises_our_error() -> None:
    with pytest.raises(MalformedReplyError):
        extract_code("```python\nx = " + "(" * 5_000 + "\n```")


NAMES = st.from_regex(r"[a-z]{3,8}_x", fullmatch=True)
PROGRAMS = st.lists(st.builds("{} = {!r}\n".format, NAMES, st.text(max_size=20)), min_size=1, max_size=5)
PROSE = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="`~\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
)


@given(lines=PROGRAMS, before=PROSE, after=PROSE)
def test_extract_code_when_any_program_is_fenced_in_any_prose_then_gives_it_back(
    lines: list[str], before: str, after: str
) -> None:
    code = "".join(lines)
    assert extract_code(f"{before}\n```python\n{code}```\n{after}") == code
