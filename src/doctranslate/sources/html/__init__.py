"""Reads HTML: its links, and what of a page is content."""
