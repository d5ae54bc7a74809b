from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctranslate.errors import ContextLengthError
from doctranslate.prompts.budget import count_tokens
from doctranslate.prompts.build import (
    MARKER,
    MESSAGE_TOKENS,
    condense_prompt,
    counterpart_prompt,
    translation_prompt,
)
from doctranslate.prompts.templates import template_hash
from doctranslate.records import ApiUsage, Chunk, Prompt, Retrieved, Unresolved

from .samples import document

CODE = "import git\n\nrepo = git.Repo('.')\n"


def retrieved(n: int, *, words: int = 40) -> Retrieved:
    return Retrieved(
        docs_src=tuple(document(f"x{i}", component="gitpython", words=words) for i in range(n)),
        docs_dst=tuple(document(f"y{i}", component="dvc", words=words) for i in range(n)),
    )


def translation(found: Retrieved, *, code: str = CODE, max_tokens: int = 12_000) -> Prompt:
    return translation_prompt(code, src="gitpython", dst="dvc", retrieved=found, max_tokens=max_tokens)


def test_translation_prompt_when_it_fits_then_has_both_sections_and_the_program_last() -> None:
    prompt = translation(retrieved(2))
    system, user = (message.content for message in prompt.messages)
    assert [message.role for message in prompt.messages] == ["system", "user"]
    order = ['id="src-1"', 'id="src-2"', 'id="dst-1"', 'id="dst-2"', f"<program>\n{CODE}</program>"]
    places = [user.index(piece) for piece in order]
    assert places == sorted(places)
    assert "x1(x, *, y=1)" in user
    assert prompt.dropped == ()
    assert prompt.template_hash == template_hash("translate.system", "translate")
    for rule in ("COMPLETE", "```python", "OCCUR IN THE DOCUMENTS", "NEVER", MARKER, "gitpython", "dvc"):
        assert rule in system


def test_translation_prompt_when_counted_then_is_the_sum_of_its_messages() -> None:
    prompt = translation(retrieved(2))
    assert prompt.n_tokens == sum(count_tokens(m.content) + MESSAGE_TOKENS for m in prompt.messages)
    assert prompt.counted_by


def test_translation_prompt_when_nothing_was_retrieved_then_says_none() -> None:
    assert translation(Retrieved()).messages[1].content.count("(none)") == 3


def test_translation_prompt_when_over_the_budget_then_drops_the_last_ranks_first() -> None:
    whole = translation(retrieved(4))
    prompt = translation(retrieved(4), max_tokens=whole.n_tokens - 200)
    assert prompt.dropped == ("x3", "y3", "x2")
    assert prompt.n_tokens <= whole.n_tokens - 200
    assert "lib.x0" in prompt.messages[1].content


def test_translation_prompt_when_one_document_is_longer_than_the_budget_then_only_that_one_goes() -> None:
    found = Retrieved(docs_dst=(document("giant", words=20_000), document("small")))
    prompt = translation(found)
    assert prompt.dropped == ("giant",)
    assert "lib.small" in prompt.messages[1].content


def test_translation_prompt_when_the_program_alone_is_too_long_then_names_the_sizes() -> None:
    code = "value = function_name(argument)\n" * 2_000
    with pytest.raises(ContextLengthError, match=r"program alone has \d{4,} tokens .* 12000"):
        translation(retrieved(1), code=code)


@given(n=st.integers(0, 6), words=st.integers(1, 200), max_tokens=st.integers(1_100, 3_000))
def test_translation_prompt_when_given_any_budget_then_keeps_it_and_loses_no_document_silently(
    n: int, words: int, max_tokens: int
) -> None:
    found = retrieved(n, words=words)
    prompt = translation(found, max_tokens=max_tokens)
    assert prompt.n_tokens <= max_tokens
    shown = {
        d.chunk.id
        for d in (*found.docs_src, *found.docs_dst)
        if f"{d.chunk.symbol}\n" in prompt.messages[1].content
    }
    assert shown.isdisjoint(prompt.dropped)
    assert shown | set(prompt.dropped) == {f"{side}{i}" for side in "xy" for i in range(n)}
    assert f"<program>\n{CODE}</program>" in prompt.messages[1].content


def test_translation_prompt_when_calls_are_known_to_have_no_counterpart_then_lists_them() -> None:
    known = (Unresolved(line=3, symbol="git.Repo.blame", code="repo.blame(\n  'x')", reason="no such thing"),)
    prompt = translation_prompt(CODE, src="gitpython", dst="dvc", retrieved=Retrieved(), unresolved=known)
    assert "- line 3: repo.blame( 'x'): no such thing" in prompt.messages[1].content


def test_translation_prompt_when_made_twice_then_is_the_same() -> None:
    assert translation(retrieved(3)) == translation(retrieved(3))


def test_condense_prompt_when_built_then_shows_the_whole_chunk_and_lost_signatures() -> None:
    chunk = Chunk(
        id="1",
        uri="u",
        symbol="a.b",
        headings=("A", "B"),
        text="It does </document> x.",
        signatures=("b(x)",),
        n_tokens=1,
    )
    user = condense_prompt(chunk).messages[1].content
    assert "Documented object: a.b" in user
    assert "Section: A > B" in user
    assert "b(x)\nIt does &lt;/document> x." in user


def test_counterpart_prompt_when_built_then_lists_each_call_once() -> None:
    usage = ApiUsage("git.Repo.create_tag", 3, 0, "repo.create_tag(\n    'v1')")
    prompt = counterpart_prompt([document("x0")], src="gitpython", dst="dvc", usages=[usage, usage])
    assert prompt.messages[1].content.count("- git.Repo.create_tag: repo.create_tag( 'v1')") == 1
    assert "lib.x0" in prompt.messages[1].content


def test_counterpart_prompt_when_over_the_budget_then_drops_the_last_documents() -> None:
    docs = [document(f"x{i}", words=100) for i in range(8)]
    prompt = counterpart_prompt(docs, src="gitpython", dst="dvc", max_tokens=1_200)
    assert prompt.n_tokens <= 1_200
    assert prompt.dropped[0] == "x7"
    assert "lib.x0" in prompt.messages[1].content
