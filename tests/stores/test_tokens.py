import pytest
from hypothesis import given
from hypothesis import strategies as st

from doctranslate.stores.tokens import stem, words


def test_words_of_a_dotted_name_hold_the_whole_its_identifiers_and_their_parts():
    assert words("Repo.create_tag") == ["repo.create_tag", "repo", "create_tag", "creat", "tag"]


def test_words_of_camel_case_and_acronyms_are_split_at_changes_of_case():
    assert words("HTTPServer.BaseGitBackend")[1:] == [
        "httpserver",
        "http",
        "server",
        "basegitbackend",
        "bas",
        "git",
        "backend",
    ]


def test_words_of_prose_leave_stop_words_and_single_letters_out():
    assert words("Create a tag in the x of it") == ["creat", "tag"]


@pytest.mark.parametrize(
    "forms",
    [
        ("push", "pushes", "pushed", "pushing"),
        ("commit", "commits", "committed", "committing"),
        ("create", "creates", "created", "creating"),
        ("repository", "repositories"),
        ("track", "tracks", "tracked", "tracking"),
        ("branch", "branches"),
    ],
)
def test_stem_of_inflected_forms_is_one(forms):
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(("one", "other"), [("status", "state"), ("class", "clas"), ("string", "str")])
def test_stem_of_different_words_differs(one, other):
    assert stem(one) != stem(other)


@given(st.text())
def test_words_of_any_text_are_lower_case_and_hold_no_space(text):
    for word in words(text):
        assert word
        assert not any(character.isspace() for character in word)
        assert word == word.lower()
