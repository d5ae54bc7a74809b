"""Many requests in one file, in OpenAI's Batch format: written, handed in, and their replies taken in."""

from doctranslate.calls.batch.importing import Imported, import_replies
from doctranslate.calls.batch.jobs import State, fetch, state_of, submit
from doctranslate.calls.batch.note import Note, changed_settings, note_path, notes_in, read_note
from doctranslate.calls.batch.writing import BatchFile, write_batch

__all__ = [
    "BatchFile",
    "Imported",
    "Note",
    "State",
    "changed_settings",
    "fetch",
    "import_replies",
    "note_path",
    "notes_in",
    "read_note",
    "state_of",
    "submit",
    "write_batch",
]
