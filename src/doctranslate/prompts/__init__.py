"""Prompt templates as files, and the token budget."""
