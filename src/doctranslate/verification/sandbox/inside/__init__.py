"""The part of the sandbox that runs as a process of its own and shuts itself in.

Started as ``python -I -S`` under whatever interpreter runs doctranslate, so it uses the standard library alone,
imports nothing of doctranslate, and works as a top-level package.
"""
