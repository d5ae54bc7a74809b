import pytest

from doctranslate.stores.prior import HIGHEST, prior

from .samples import Sample, sample_chunk, symbols, write_sample


def of(symbol, **fields) -> float:
    return prior(sample_chunk(Sample(symbol, "does it", **fields)))


@pytest.mark.parametrize(
    ("likelier", "other"),
    [
        (of("box.Box.add", links=("cli:add",)), of("box.Box.add")),
        (of("box.Box.add"), of("box.Box._add")),
        (of("box.Box.add"), of("box._core.Box.add")),
        (of("box.Box.add"), of("box.Box")),
        (of("box.Box"), of("box.BoxError")),
        (of("box.core.Box.add"), of("box.core.backend.Box.add")),
        (of("box.Box.add"), of("box.Box.add", kind="example")),
    ],
)
def test_prior_of_what_users_call_is_higher(likelier, other):
    assert other < likelier <= HIGHEST


def test_prior_of_prose_and_of_commands_is_one():
    assert of("", kind="guide") == of("cli:add", kind="cli") == 1


def test_prior_of_a_page_about_a_command_is_not_that_of_the_object_it_links_to():
    links = ("box.Box.add",)
    assert (
        of("cli:add", kind="guide", links=links) == of("box.Box.add", kind="guide", links=("cli:add",)) == 1
    )
    assert of("cli:add", kind="example", links=links) < 1


def test_prior_of_public_names_above_the_fourth_level_is_the_same():
    assert of("box.add") == of("box.core.Box.add") == 1


def test_search_with_equal_words_prefers_what_users_call(tmp_path):
    samples = [
        Sample("box.backend.deep.Base.send", "Send the files."),
        Sample("box.Box.send", "Send the files.", text="Send the files. It is told here."),
    ]
    store = write_sample(tmp_path / "s", samples)
    for arms in (["dense"], ["lexical"], ["dense", "lexical"]):
        assert symbols(store.search("send the files", arms=arms))[0] == "box.Box.send"


def test_search_by_name_prefers_the_named_however_internal(tmp_path):
    samples = [Sample("box.a.b.c._D.send", "Send."), Sample("box.send", "Send.", links=("cli:send",))]
    assert (
        symbols(write_sample(tmp_path / "s", samples).search("box.a.b.c._D.send"))[0] == "box.a.b.c._D.send"
    )
