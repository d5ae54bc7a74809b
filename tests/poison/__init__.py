"""Poisoned documents, a server that obeys them, and honest translations that must not be taken for poisoned ones."""
