from __future__ import annotations

from doctranslate.engines.functionality import functionalities, functionality_text
from doctranslate.engines.vocabulary import CLASS_MEANINGS, EXPANSIONS, MEANINGS, split_identifier
from doctranslate.records import ApiUsage

from .samples import TAG, document

NOISE = frozenset({"git", "gitpython"})


def test_functionality_text_when_documented_then_has_verb_object_meaning_and_description() -> None:
    text = functionality_text(TAG, "Create a new tag reference in the GitPython repository.", noise=NOISE)
    assert text.startswith("create tag repository: make a new one, name a version, mark a release. ")
    assert text.endswith("Create a new tag reference in the repository")


def test_functionality_text_when_the_library_is_named_then_leaves_it_out() -> None:
    text = functionality_text("git.repo.base.Repo.init", "Initialize git repo, see git.Repo.", noise=NOISE)
    assert "git" not in text.lower().split()
    assert "git.repo" not in text.lower()


def test_functionality_text_when_a_command_line_is_in_the_call_then_counts_its_words() -> None:
    text = functionality_text("git.cmd.Git.lfs", "", noise=NOISE, code="repo.git.lfs('track', '*.bin')")
    assert text.startswith("large files track: ")
    assert "*.bin" not in text


def test_functionality_text_when_a_word_names_a_thing_then_means_the_thing() -> None:
    text = functionality_text("git.objects.commit.Commit.author", "", noise=NOISE)
    assert text == "author commit: who made a version, a version, a revision"


def test_functionality_text_when_it_is_a_constructor_then_is_about_its_class() -> None:
    assert functionality_text("git.repo.base.Repo.__init__", "", noise=NOISE).startswith("open repository")
    assert functionality_text("git.repo.base.Repo", "", noise=NOISE).startswith("open repository")


def test_functionalities_when_calls_are_given_then_follows_their_order_without_repeats() -> None:
    usages = [
        ApiUsage("git.remote.Remote.push", 3, 0, "origin.push()"),
        ApiUsage(TAG, 4, 0, "repo.create_tag('v1')"),
        ApiUsage("git.remote.Remote.push", 5, 0, "origin.push()"),
    ]
    docs = [document(TAG, "Create a new tag reference."), document("git.Repo.blame", "Blame.")]
    found = functionalities(docs, usages, src="gitpython")
    assert [each.symbol for each in found] == ["git.remote.Remote.push", TAG]
    assert "new tag reference" in found[1].text


def test_functionalities_when_there_are_no_calls_then_takes_every_document() -> None:
    docs = [document(TAG, "Create a new tag reference."), document("", "How to push.")]
    found = functionalities(docs, [], src="gitpython")
    assert [each.symbol for each in found] == [TAG, ""]
    assert found[1].text == "How to push"


def test_functionalities_when_only_a_bare_name_is_known_then_still_says_something() -> None:
    (one,) = functionalities([], [ApiUsage("create_tag", 1, 0, "x.create_tag('v')", False)], src="gitpython")
    assert one.text.startswith("create tag: ")


def test_functionalities_when_the_description_only_repeats_the_name_then_leaves_it_out() -> None:
    docs = [document("lib.Repo.frobnicate", "Frobnicate of Repo.")]
    (one,) = functionalities(docs, [], src="lib")
    assert one.text == "frobnicate repository"


def test_split_identifier_when_in_any_style_then_gives_lower_case_words() -> None:
    assert split_identifier("createTag_v2") == ["create", "tag", "v", "2"]
    assert split_identifier("IndexFile") == ["index", "file"]
    assert split_identifier("HTTPServer") == ["http", "server"]


def test_vocabulary_when_read_then_names_no_symbol_of_a_library() -> None:
    for text in [*MEANINGS.values(), *CLASS_MEANINGS.values(), *EXPANSIONS.values()]:
        assert not any(sign in text for sign in "._()"), text
        assert not {"dvc", "scm", "gitpython", "mlflow", "wandb"} & set(text.lower().split())
