"""What each strategy asks, and of whom."""

from dataclasses import replace

import pytest

from doctranslate.engines.base import Counterpart
from doctranslate.engines.scripted import ScriptedEngine
from doctranslate.errors import ModelRateLimitError, UsageError
from doctranslate.records import Chunk, Digest, Document, Usage
from doctranslate.retrieval.docs_search import describe
from doctranslate.retrieval.make import make_retriever, make_strategy

from .samples import CODE, USAGES, symbols, usage

WRITTEN = Document(
    Chunk(id="w", uri="engine:", symbol="box.core.Box.label", text="label()", n_tokens=1),
    Digest(chunk_id="w", description="Label a version."),
    component="box",
)


def engine(*, queries=(), documents=(), usage=None) -> ScriptedEngine:
    return ScriptedEngine(
        counterparts=[Counterpart(tuple(queries), tuple(documents), usage or Usage(n_calls=1))]
    )


@pytest.fixture
def make(crate, box):
    def made(name, *, engine=None, **settings):
        given = {"store_src": crate, "store_dst": box, "src": "crate", "dst": "box", "k": 2, **settings}
        return make_strategy(name, engine=engine or ScriptedEngine(), **given)

    return made


class TestDocsSearch:
    def test_by_calls_finds_the_counterpart_of_each_call(self, make):
        found = make("docs", k=1).retrieve(CODE, usages=USAGES)
        assert symbols(found.docs_src) == ["crate.core.Crate.create_label", "crate.core.Crate.upload"]
        assert symbols(found.docs_dst) == ["box.core.Box.tag", "box.core.Box.push"]
        assert (found.strategy, len(found.queries)) == ("docs", 2)

    def test_asks_no_engine(self, make):
        asked = ScriptedEngine()
        make("docs", engine=asked).retrieve(CODE, usages=USAGES)
        assert asked.prompts == []

    def test_documents_say_which_query_found_them(self, make):
        found = make("docs").retrieve(CODE, usages=USAGES)
        assert {one.query for one in found.docs_dst} <= set(found.queries)
        assert {one.component for one in found.docs_dst} == {"box"}

    def test_query_leaves_the_source_library_s_own_name_out(self, make):
        found = make("docs").retrieve(CODE, usages=USAGES)
        assert not any("crate " in f"{query} " for query in found.queries)
        assert "create label" in found.queries[0]

    def test_by_code_puts_all_docs_x_into_one_query(self, make):
        found = make("docs", query="code", k=3).retrieve(CODE, usages=USAGES)
        assert len(found.queries) == 1
        assert len(found.queries[0].splitlines()) == len(found.docs_src) == 3
        assert {"box.core.Box.tag", "box.core.Box.push"} <= set(symbols(found.docs_dst))

    def test_of_a_call_without_a_page_asks_for_the_words_of_its_name(self, make):
        found = make("docs", k=1).retrieve(CODE, usages=[usage("crate.cmd.Command.send_remote")])
        assert found.queries == ("send remote",)
        assert symbols(found.docs_dst) == ["box.core.Box.push"]

    def test_of_blank_code_finds_nothing(self, make):
        found = make("docs").retrieve("")
        assert (found.docs_src, found.docs_dst, found.queries) == ((), (), ())

    @pytest.mark.parametrize(
        ("symbol", "description", "query"),
        [
            ("git.remote.Remote.push", "Push to git.", "push. Push to"),
            ("git.Repo.create_tag", "See git.refs.Tag and gitpython.", "create tag. See and"),
            ("cli:add", "Track a file.", "add. Track a file"),
            ("git.clone", "", "clone"),
        ],
    )
    def test_describe_is_the_name_s_words_and_the_description(self, symbol, description, query):
        chunk = Chunk(id="1", uri="u", symbol=symbol, text="", n_tokens=0)
        assert (
            describe(Document(chunk, Digest(chunk_id="1", description=description)), src="gitpython") == query
        )

    def test_describe_of_a_guide_is_its_heading_and_description(self):
        chunk = Chunk(id="1", uri="u", headings=("Guide", "Remotes"), text="", n_tokens=0)
        document = Document(chunk, Digest(chunk_id="1", description="Where data goes."))
        assert describe(document, src="x") == "Remotes. Where data goes"


class TestLLMSearch:
    def test_gives_what_the_engine_wrote_marked_as_generated(self, make):
        found = make("llm", engine=engine(documents=[WRITTEN])).retrieve(CODE, usages=USAGES)
        assert found.docs_dst == (replace(WRITTEN, component=""),)
        assert all(one.generated for one in found.docs_dst)
        assert found.strategy == "llm"

    def test_needs_no_store_of_the_target(self, make):
        strategy = make("llm", engine=engine(documents=[WRITTEN]), store_dst=None)
        assert strategy.retrieve(CODE, usages=USAGES).docs_dst

    def test_shows_the_engine_docs_x(self, make):
        asked = engine(documents=[WRITTEN])
        make("llm", engine=asked, k=1).retrieve(CODE, usages=USAGES)
        shown = "\n".join(message.content for message in asked.prompts[0].messages)
        assert "names a version" in shown
        assert "Send all files" in shown


class TestLLMDocsSearch:
    def test_puts_what_the_engine_names_to_the_target_s_store(self, make):
        named = ["which paths changed", "Box.tag"]
        found = make("llm-docs", engine=engine(queries=named), k=1).retrieve(CODE, usages=USAGES)
        assert found.queries == tuple(named)
        assert symbols(found.docs_dst) == ["box.core.Box.status", "box.core.Box.tag"]
        assert not any(one.generated for one in found.docs_dst)

    def test_asks_the_engine_once_and_keeps_what_it_cost(self, make):
        cost = Usage(n_calls=1, prompt_tokens=30, completion_tokens=4)
        asked = engine(queries=["tag", "tag", " "], usage=cost)
        found = make("llm-docs", engine=asked).retrieve(CODE, usages=USAGES)
        assert (len(asked.prompts), found.usage, found.queries) == (1, cost, ("tag",))

    def test_with_an_engine_that_names_nothing_finds_nothing(self, make):
        assert make("llm-docs", engine=engine()).retrieve(CODE, usages=USAGES).docs_dst == ()

    def test_with_an_engine_that_fails_fails(self, make):
        failing = ScriptedEngine(counterparts=[ModelRateLimitError("slow down")])
        with pytest.raises(ModelRateLimitError):
            make("llm-docs", engine=failing).retrieve(CODE, usages=USAGES)


def test_none_finds_nothing_and_needs_nothing(make):
    found = make("none", store_src=None, store_dst=None).retrieve(CODE, usages=USAGES)
    assert (found.docs_src, found.docs_dst, found.strategy) == ((), (), "none")


@pytest.mark.parametrize("name", ["docs", "llm", "llm-docs", "none"])
def test_every_strategy_by_calls_and_by_code_says_its_name(make, name):
    for query in ("calls", "code"):
        used = engine(queries=["tag"], documents=[WRITTEN])
        assert make(name, engine=used, query=query).retrieve(CODE, usages=USAGES).strategy == name


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("magic", {}, "unknown strategy 'magic'"),
        ("docs", {"k": 0}, "k=0"),
        ("docs", {"query": "lines"}, "'lines'"),
        ("docs", {"store_src": None}, "needs the store of crate"),
        ("docs", {"store_dst": None}, "needs the store of box"),
        ("llm-docs", {"store_dst": None}, "needs the store of box"),
        ("llm", {"store_src": None}, "needs the store of crate"),
    ],
)
def test_make_with_wrong_settings_raises(make, name, settings, message):
    with pytest.raises(UsageError, match=message):
        make(name, **settings)


class TestRetriever:
    @pytest.fixture
    def retriever(self, crate, box):
        given = {"store_src": crate, "store_dst": box, "src": "crate", "dst": "box", "k": 1}
        return make_retriever("docs", engine=ScriptedEngine(), find_usages=lambda code: USAGES, **given)

    def test_in_a_chain_gives_documents_of_the_target(self, retriever):
        from langchain_core.runnables import RunnableLambda

        chain = retriever | RunnableLambda(lambda found: [one.metadata["symbol"] for one in found])
        assert chain.invoke(CODE) == ["box.core.Box.tag", "box.core.Box.push"]

    def test_retrieve_gives_both_sides(self, retriever):
        assert symbols(retriever.retrieve(CODE).docs_src)[0] == "crate.core.Crate.create_label"

    def test_retrieve_with_given_usages_takes_those(self, retriever):
        found = retriever.retrieve(CODE, usages=[usage("crate.core.Crate.download")])
        assert symbols(found.docs_dst) == ["box.core.Box.pull"]

    def test_without_a_way_to_find_usages_asks_with_the_code(self, crate, box):
        given = {"store_src": crate, "store_dst": box, "src": "crate", "dst": "box", "k": 2}
        assert make_retriever("docs", engine=ScriptedEngine(), **given).invoke("upload all files")


def test_making_a_strategy_imports_no_langchain():
    import subprocess
    import sys

    code = (
        "import sys, doctranslate.retrieval.make, doctranslate.retrieval.docs_search, "
        "doctranslate.retrieval.llm_docs_search, doctranslate.stores.index; "
        "sys.exit(any(name.startswith(('langchain', 'sklearn', 'faiss')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
