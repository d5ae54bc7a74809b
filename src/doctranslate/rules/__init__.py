"""The syntax-tree rewriter, and one rule set per curated pair of libraries."""
