"""Calls to chat models: what is asked, how it is sent, what it costs, and what is kept of it."""
