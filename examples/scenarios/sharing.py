"""Scenarios of the programs that work with what others made: sync, compare, branch off, clone and update."""

from __future__ import annotations

import shutil

from .outcome import Expected
from .scenario import Scenario
from .world import World, git

README = {"README.md": b"# Project\n"}
TABLE = {"data/train.csv": b"x\n1\n"}
LONGER_TABLE = {"data/train.csv": b"x\n1\n2\n3\n"}
TRAIN = {"train.py": b"RATE = 1\n"}
METRICS = {"data/metrics.csv": b"metric,value\naccuracy,0.81\nloss,0.40\n"}
BETTER_METRICS = {"data/metrics.csv": b"metric,value\naccuracy,0.86\nloss,0.31\n"}
RATE = {"params.yaml": b"rate: 0.1\n"}
LOW_RATE = {"params.yaml": b"rate: 0.01\n"}
PREDICTIONS = {"data/predictions.csv": b"step,value\n1,0.10\n"}
NEW_PREDICTIONS = {"data/predictions.csv": b"step,value\n1,0.01\n2,0.02\n3,0.03\n"}
NOTES = {"notes.txt": b"try lower rates\n"}
PRICES = b"fruit,price\napple,3\n"


def _behind(world: World) -> None:
    world.start({**README, **TABLE})
    world.push_from_elsewhere("Add rows", {**LONGER_TABLE, **TRAIN})


def _behind_and_changed(world: World) -> None:
    _behind(world)
    world.write({"README.md": b"# Changed\n"})


def _remote_gone(world: World) -> None:
    world.start({**README, **TABLE})
    shutil.rmtree(world.root / "origin.git")


def _two_versions(world: World) -> None:
    world.start({**README, **METRICS})
    world.tag("v1", "First model")
    world.commit("Train longer", BETTER_METRICS)
    world.tag("v2", "Second model")
    git(world.root, world.root / "work", "push", "--quiet", "origin", "main", "v1", "v2")


def _before_experiment(world: World) -> None:
    world.start({**RATE, **PREDICTIONS})
    world.write(NOTES)


def _shared(world: World) -> None:
    world.start({**README, "data/prices.csv": PRICES})
    shutil.rmtree(world.root / "work")
    (world.root / "work").mkdir()


def _shared_and_cloned(world: World) -> None:
    _shared(world)
    git(world.root, world.root / "work", "clone", "--quiet", str(world.root / "origin.git"), "shop")
    if world.migrated:
        world.dvc("from dvc.repo import Repo; Repo().pull()", repository="work/shop")
    world.push_from_elsewhere("Add plums", {"data/prices.csv": PRICES + b"plum,2\n"})


_OLD = {**README, **TABLE}
_SYNCED = {**README, **LONGER_TABLE, **TRAIN}
SYNC = (
    Scenario(
        name="safe_sync",
        program="safe_sync.py",
        build=_behind,
        migratable=True,
        expected=Expected(
            branches={"main": ("Initial commit", "Add rows")},
            trees={"main": _SYNCED},
            origin=("main",),
            stdout="main: Add rows\n3 training rows\n",
        ),
    ),
    Scenario(
        name="safe_sync_with_changes",
        program="safe_sync.py",
        build=_behind_and_changed,
        expected=Expected(
            branches={"main": ("Initial commit",)},
            trees={"main": _OLD},
            loose={"README.md": b"# Changed\n"},
            stdout="There are local changes: commit them first\n",
            returncode=1,
        ),
    ),
    Scenario(
        name="safe_sync_remote_gone",
        program="safe_sync.py",
        build=_remote_gone,
        expected=Expected(
            branches={"main": ("Initial commit",)},
            trees={"main": _OLD},
            stdout="Could not pull: is there a remote branch to pull from?\n",
            returncode=1,
        ),
    ),
    # A folder of a repository is not one: GitPython does not look upwards unless told to.
    Scenario(
        name="safe_sync_not_a_repository",
        program="safe_sync.py",
        build=_behind,
        argv=("data",),
        expected=Expected(
            branches={"main": ("Initial commit",)},
            trees={"main": _OLD},
            stdout="data: not a repository\n",
            returncode=2,
        ),
    ),
)

_VERSION_1, _VERSION_2 = {**README, **METRICS}, {**README, **BETTER_METRICS}
COMPARE = Scenario(
    name="compare_versions",
    program="compare_versions.py",
    build=_two_versions,
    argv=("v1", "v2"),
    migratable=True,
    expected=Expected(
        branches={"main": ("Initial commit", "Train longer")},
        trees={"main": _VERSION_2, "v1": _VERSION_1, "v2": _VERSION_2},
        tags={"v1": "First model", "v2": "Second model"},
        origin=("main", "v1", "v2"),
        stdout="Versions: v1 v2\n"
        "accuracy     0.810 -> 0.860\nloss         0.400 -> 0.310\n"
        "History:\n  Train longer (Ada)\n  Initial commit (Ada)\n",
    ),
)

_BRANCH = "experiment/low-rate"
EXPERIMENT = Scenario(
    name="branch_experiment",
    program="branch_experiment.py",
    build=_before_experiment,
    migratable=True,
    expected=Expected(
        branches={"main": ("Initial commit",), _BRANCH: ("Initial commit", "Try a low rate")},
        trees={"main": {**RATE, **PREDICTIONS}, _BRANCH: {**LOW_RATE, **NEW_PREDICTIONS}},
        data={_BRANCH: frozenset(NEW_PREDICTIONS)},
        loose=NOTES,
        origin=("main", _BRANCH),
        stdout="Not under version control: notes.txt\n"
        "On main of ['experiment/low-rate', 'main']\nParameters: rate: 0.1\nPredictions: 1,0.10\n",
    ),
)

_ADDED = b"pear,4\nfig,5\n"
_ARGUMENTS = ("{origin}", "shop", "pear,4", "fig,5")
CLONE = (
    Scenario(
        name="clone_and_update",
        program="clone_and_update.py",
        build=_shared,
        argv=_ARGUMENTS,
        repository="work/shop",
        migratable=True,
        expected=Expected(
            branches={"main": ("Initial commit", "Add 2 prices")},
            trees={"main": {**README, "data/prices.csv": PRICES + _ADDED}},
            data={"main": frozenset({"data/prices.csv"})},
            origin=("main",),
            stdout="3 prices, 2 of them new\n",
        ),
    ),
    Scenario(
        name="clone_and_update_again",
        program="clone_and_update.py",
        build=_shared_and_cloned,
        argv=_ARGUMENTS,
        repository="work/shop",
        migratable=True,
        expected=Expected(
            branches={"main": ("Initial commit", "Add plums", "Add 2 prices")},
            trees={"main": {**README, "data/prices.csv": PRICES + b"plum,2\n" + _ADDED}},
            data={"main": frozenset({"data/prices.csv"})},
            origin=("main",),
            stdout="4 prices, 2 of them new\n",
        ),
    ),
)

SHARING = (*SYNC, COMPARE, EXPERIMENT, *CLONE)
