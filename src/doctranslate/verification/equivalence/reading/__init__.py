"""Reads what a program left in its world. Runs inside the sandbox, as a program of its own.

Hooks, filters and settings of a repository are code: whoever asks git or DVC about one runs it. So this package is
run where the program ran, and answers in JSON. It imports nothing of doctranslate, which need not be readable there.
"""
