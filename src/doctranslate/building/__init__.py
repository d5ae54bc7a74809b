"""Document stores of libraries: build them, open them, build them on first use, tell which ones lag behind."""

from doctranslate.building.build import build_store
from doctranslate.building.opening import list_stores, open_index, open_store
from doctranslate.building.place import Progress, spec_hash

__all__ = ["Progress", "build_store", "list_stores", "open_index", "open_store", "spec_hash"]
