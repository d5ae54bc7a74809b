"""Document stores: FAISS and SQLite FTS5 side by side, fused."""
