"""Move Python code from one library to another, grounded in the documentation of both.

The public names load on first use: ``import doctranslate`` itself costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from doctranslate.building import build_store, open_store
    from doctranslate.building.crawling import crawl
    from doctranslate.building.plan import BuildPlan, plan_build
    from doctranslate.building.report import BuildReport
    from doctranslate.building.staleness import outdated
    from doctranslate.checking import verify
    from doctranslate.component import Component, components
    from doctranslate.engines.base import Engine
    from doctranslate.engines.model import ModelEngine
    from doctranslate.engines.offline import OfflineEngine
    from doctranslate.engines.scripted import ScriptedEngine
    from doctranslate.errors import DocTranslateError
    from doctranslate.pipeline import translate
    from doctranslate.planning import TranslationPlan, plan_translation
    from doctranslate.records import Translation
    from doctranslate.stores.local import DocStore

_WHERE = {
    "BuildPlan": "doctranslate.building.plan",
    "BuildReport": "doctranslate.building.report",
    "Component": "doctranslate.component",
    "components": "doctranslate.component",
    "DocStore": "doctranslate.stores.local",
    "DocTranslateError": "doctranslate.errors",
    "Engine": "doctranslate.engines.base",
    "ModelEngine": "doctranslate.engines.model",
    "OfflineEngine": "doctranslate.engines.offline",
    "ScriptedEngine": "doctranslate.engines.scripted",
    "Translation": "doctranslate.records",
    "TranslationPlan": "doctranslate.planning",
    "build_store": "doctranslate.building",
    "crawl": "doctranslate.building.crawling",
    "open_store": "doctranslate.building",
    "outdated": "doctranslate.building.staleness",
    "plan_build": "doctranslate.building.plan",
    "plan_translation": "doctranslate.planning",
    "translate": "doctranslate.pipeline",
    "verify": "doctranslate.checking",
}

__all__ = [
    "BuildPlan",
    "BuildReport",
    "Component",
    "DocStore",
    "DocTranslateError",
    "Engine",
    "ModelEngine",
    "OfflineEngine",
    "ScriptedEngine",
    "Translation",
    "TranslationPlan",
    "build_store",
    "components",
    "crawl",
    "open_store",
    "outdated",
    "plan_build",
    "plan_translation",
    "translate",
    "verify",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        # No submodule has one of these names, so that importing it cannot hide the function.
        value = getattr(importlib.import_module(_WHERE[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
