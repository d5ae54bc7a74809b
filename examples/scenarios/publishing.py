"""Scenarios of the programs that record new data: Fig. 9, snapshots, models, a registry, a feature build."""

from __future__ import annotations

import struct
from collections.abc import Callable

from .outcome import Expected, Files
from .scenario import Scenario
from .world import World

README = {"README.md": b"# Project\n"}
LARGE = {"data/large_file.bin": bytes(range(256)) * 16}
SETTINGS = {"dvc.py": b"EPOCHS = 3\n"}
PREPARE = {"prepare.py": b"KEEP_EMPTY = False\n"}
RAW = {"data/raw.csv": b'id,text,label\n1,fine,pos\n2,,neg\n3,"so, so",neg\n'}
CLEAN = {"data/clean.csv": b'id,text,label\n1,fine,pos\n3,"so, so",neg\n'}
PRICES = {"data/prices.csv": b"fruit,price\napple,3\n"}
WITH_PEARS = {"data/prices.csv": b"fruit,price\napple,3\npear,-1\n"}
POINTS = {"data/points.csv": b"x,y\n0,1\n1,3\n2,5\n"}
EVENTS = {"data/events.csv": b"user,events\nada,a,b,c\nbob,a\n"}
WINDOW = {"features.yaml": b"window: 1d\n"}


def _project_with(*loose: Files) -> Callable[[World], None]:
    def build(world: World) -> None:
        world.start(README)
        (world.root / "work/models").mkdir()
        for files in loose:
            world.write(files)

    return build


def _no_repository(world: World) -> None:
    world.write({**README, **PRICES})


FIG09 = Scenario(
    name="fig09_large_file",
    program="fig09_large_file.py",
    build=_project_with(SETTINGS, LARGE),
    needs="git-lfs",
    expected=Expected(
        branches={"main": ("Initial commit", "Add large file")},
        trees={"main": {**README, **SETTINGS}},
        announced=LARGE,
        origin=("main",),
    ),
)

_SNAPSHOT = {**README, **PREPARE, **RAW, **CLEAN}
SNAPSHOT = Scenario(
    name="snapshot_dataset",
    program="snapshot_dataset.py",
    build=_project_with(RAW, PREPARE),
    expected=Expected(
        branches={"main": ("Initial commit", "Add the cleaned reviews")},
        trees={"main": _SNAPSHOT, "v1.0": _SNAPSHOT},
        data={ref: frozenset({*RAW, *CLEAN}) for ref in ("main", "v1.0")},
        tags={"v1.0": "2 labelled reviews"},
        origin=("main", "v1.0"),
        stdout="Snapshot v1.0: 2 rows\n",
    ),
)

_WEIGHTS = {"models/classifier.bin": struct.pack("<2d", 2.0, 5.0)}
MODEL = Scenario(
    name="publish_model",
    program="publish_model.py",
    build=_project_with(),
    expected=Expected(
        branches={"main": ("Initial commit", "Publish the classifier")},
        trees={"main": {**README, **_WEIGHTS, "MODEL_CARD.md": b"# Classifier\n\nClasses: 2\n"}},
        data={"main": frozenset(_WEIGHTS)},
        origin=("main",),
        stdout="Published models/classifier.bin from main\n",
    ),
)

# No repository to begin with and no remote: git and DVC are both set up by the program.
REGISTRY = Scenario(
    name="dataset_registry",
    program="dataset_registry.py",
    build=_no_repository,
    expected=Expected(
        head="master",
        branches={"master": ("Add prices", "Add pears", "Restore data/prices.csv from prices-1")},
        trees={
            "master": {**README, **PRICES},
            "prices-1": {**README, **PRICES},
            "prices-2": {**README, **WITH_PEARS},
        },
        data={ref: frozenset(PRICES) for ref in ("master", "prices-1", "prices-2")},
        tags={"prices-1": "First delivery", "prices-2": "With pears"},
        stdout="Releases: prices-1, prices-2\n"
        "- Restore data/prices.csv from prices-1\n- Add pears\n- Add prices\n",
    ),
)

_LINE = {"models/line.bin": struct.pack("<2d", 2.0, 1.0)}
_REPORT = {"report.md": b"# Fit of data/points.csv\n\ny = 2.000 x + 1.000\n"}
_TRAINED = {**README, **POINTS, **_LINE, **_REPORT}
TRAIN = Scenario(
    name="train_cli",
    program="train_cli.py",
    build=_project_with(POINTS),
    argv=(
        *("--data", "data/points.csv", "--model", "models/line.bin", "--report", "report.md"),
        *("--tag", "run-1", "--push"),
    ),
    expected=Expected(
        branches={"main": ("Initial commit", "Fit data/points.csv")},
        trees={"main": _TRAINED, "run-1": _TRAINED},
        data={ref: frozenset({*POINTS, *_LINE}) for ref in ("main", "run-1")},
        tags={"run-1": None},
        origin=("main",),
        stdout="Trained from <sha>\ny = 2.000 x + 1.000\n",
    ),
)

_FEATURES = {"data/features.csv": b"user,clicks\nada,3\nbob,1\n"}
_BUILT = {**README, **_FEATURES, **WINDOW}
ALIASES = Scenario(
    name="aliases",
    program="aliases.py",
    build=_project_with(EVENTS, WINDOW),
    expected=Expected(
        branches={"main": ("Initial commit", "Build features")},
        trees={"main": _BUILT, "features-1": _BUILT},
        data={ref: frozenset(_FEATURES) for ref in ("main", "features-1")},
        tags={"features-1": "Nightly build"},
        loose=EVENTS,
        origin=("main", "features-1"),
        stdout="2 users; clean\n",
    ),
)

PUBLISHING = (FIG09, SNAPSHOT, MODEL, REGISTRY, TRAIN, ALIASES)
