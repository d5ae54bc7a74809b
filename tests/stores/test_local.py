"""The store as anyone's LangChain vector store."""

import asyncio
import doctest

import pytest
from langchain_core.documents import Document
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_core.vectorstores import VectorStore

from doctranslate.errors import StoreError, UsageError
from doctranslate.stores import local
from doctranslate.stores.local import DocStore

from .samples import SAMPLES, symbols, write_sample

TEXTS = ["push data to a remote", "create a tag", "switch to a branch"]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return write_sample(tmp_path_factory.mktemp("stores") / "box@1.0")


def test_a_store_is_a_vector_store(store):
    assert isinstance(store, VectorStore)


def test_similarity_search_gives_langchain_documents_with_our_metadata(store):
    found = store.similarity_search("Box.push", k=1)[0]
    ours = store.search("Box.push", k=1)[0]
    assert isinstance(found, Document)
    assert found.id == ours.chunk.id
    assert found.page_content == ours.for_prompt()
    assert found.metadata == {
        "symbol": "box.core.Box.push",
        "kind": "api",
        "uri": "pypi:box@1.0#box.core.Box.push",
        "headings": [],
        "score": ours.score,
        "query": "Box.push",
        "component": "box",
    }


def test_as_retriever_works_in_a_chain(store):
    prompt = ChatPromptTemplate.from_messages([("system", "{context}"), ("human", "{question}")])
    join = RunnableLambda(lambda found: "\n".join(one.page_content for one in found))
    retriever = store.as_retriever(search_kwargs={"k": 2})
    chain = {"context": retriever | join, "question": RunnablePassthrough()} | prompt
    messages = chain.invoke("how do I upload files to the remote storage").to_messages()
    assert "box.core.Box.push" in messages[0].content
    assert messages[1].content.startswith("how do I")


def test_as_retriever_in_batch_and_async_gives_the_same(store):
    retriever = store.as_retriever(search_kwargs={"k": 2})
    queries = ["upload files", "labels", "record a message"]
    expected = [retriever.invoke(query) for query in queries]
    assert retriever.batch(queries) == expected
    assert asyncio.run(retriever.ainvoke(queries[0])) == expected[0]


def test_as_retriever_with_a_threshold_leaves_worse_documents_out(store):
    settings = {"score_threshold": 0.5, "k": 5}
    found = store.as_retriever(search_type="similarity_score_threshold", search_kwargs=settings).invoke(
        "Box.push"
    )
    assert [one.metadata["symbol"] for one in found] == ["box.core.Box.push"]


def test_as_retriever_with_mmr_gives_k_different_documents(store):
    found = store.as_retriever(search_type="mmr", search_kwargs={"k": 3}).invoke("files storage")
    assert len({one.id for one in found}) == 3


def test_as_retriever_passes_arms_and_kinds_on(store):
    found = store.as_retriever(search_kwargs={"kinds": ["cli"], "arms": ["lexical"]}).invoke("track files")
    assert [one.metadata["symbol"] for one in found] == ["cli:add"]


@pytest.mark.parametrize("search_type", ["similarity", "mmr"])
def test_search_with_a_search_type_is_that_of_langchain(store, search_type):
    found = store.search("labels", search_type)
    assert found[0].metadata["symbol"] == "box.core.Box.create_label"


def test_search_without_one_is_ours(store):
    assert symbols(store.search("labels"))[0] == "box.core.Box.create_label"


def test_search_with_an_unknown_search_type_raises(store):
    with pytest.raises(ValueError, match="search_type"):
        store.search("labels", "smell")


def test_get_by_ids_gives_them_in_order_without_the_unknown(store):
    ids = [one.id for one in store.similarity_search("files storage", k=3)]
    assert [one.id for one in store.get_by_ids([*reversed(ids), "nothing"])] == ids[::-1]


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store.add_texts(["x"]),
        lambda store: store.add_documents([Document("x")]),
        lambda store: store.delete(["x"]),
        lambda store: asyncio.run(store.aadd_texts(["x"])),
    ],
)
def test_changing_a_store_raises_and_says_what_to_do(store, change):
    with pytest.raises(UsageError, match="anew"):
        change(store)


class TestFromTexts:
    def test_gives_a_store_that_finds_them(self):
        store = DocStore.from_texts(TEXTS)
        assert store.similarity_search("tags", k=1)[0].page_content == "create a tag"

    def test_with_a_langchain_model_uses_it(self):
        store = DocStore.from_texts(TEXTS, DeterministicFakeEmbedding(size=16))
        assert (store.manifest.embedder, store.manifest.dim) == ("DeterministicFakeEmbedding", 16)
        assert store.search(TEXTS[2], arms=["dense"])[0].chunk.text == TEXTS[2]

    def test_keeps_metadata_and_ids(self):
        store = DocStore.from_texts(TEXTS, metadatas=[{"n": n} for n in range(3)], ids=["a", "b", "c"])
        found = store.similarity_search("tag", k=1)[0]
        assert (found.id, found.metadata["n"]) == ("b", 1)

    def test_with_a_path_writes_there(self, tmp_path):
        DocStore.from_texts(TEXTS, path=tmp_path / "mine").close()
        assert len(DocStore.open(tmp_path / "mine")) == 3

    def test_without_a_path_leaves_nothing_behind(self):
        store = DocStore.from_texts(TEXTS)
        folder = store.path
        assert folder.exists()
        del store
        assert not folder.exists()

    def test_from_documents_works_too(self):
        found = DocStore.from_documents([Document("create a tag", metadata={"page": 3})], None)
        assert found.similarity_search("tag")[0].metadata["page"] == 3

    def test_with_too_few_metadatas_raises(self):
        with pytest.raises(UsageError, match="3 texts need as many"):
            DocStore.from_texts(TEXTS, metadatas=[{}])

    def test_with_no_texts_raises(self):
        with pytest.raises(StoreError, match="nothing to store"):
            DocStore.from_texts([])


def test_the_example_in_the_documentation_runs():
    assert doctest.testmod(local).failed == 0


def test_the_number_of_chunks_is_its_length(store):
    assert len(store) == len(SAMPLES)
