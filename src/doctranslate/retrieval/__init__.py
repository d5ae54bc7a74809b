"""The paper's three retrieval strategies as LangChain retrievers."""
