"""Takes the whole program out of what a model wrote, and puts back what it left out; refuses what is no program."""

from doctranslate.engines.replies.continuations import joined
from doctranslate.engines.replies.program import extract_code

__all__ = ["extract_code", "joined"]
