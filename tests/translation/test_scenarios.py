"""The scenarios judge rightly: a right translation passes, and each way to get it wrong is named."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from scenarios import SCENARIOS, Scenario, run_problems, run_program, state_problems

from doctranslate.verification.equivalence.world import environment, make_world

from .conftest import Runs

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}

# publish_model.py by hand, short: what a right translation has to do.
RIGHT = """\
import os, struct
from dvc.repo import Repo

with open("models/classifier.bin", "wb") as f:
    f.write(struct.pack("<2d", 2.0, 5.0))
with open("MODEL_CARD.md", "w") as f:
    f.write("# Classifier\\n\\nClasses: 2\\n")
repo = Repo.init(os.getcwd())
repo.scm_context.autostage = True
repo.add("models/classifier.bin")
repo.scm.add("MODEL_CARD.md")
repo.scm.commit("Publish the classifier")
repo.push()
repo.scm.push()
"""
WRONG = {
    "data never uploaded": ("repo.push()\n", "", "cannot be had from DVC"),
    "commit never pushed": ("repo.scm.push()\n", "", "remote branch main"),
    "data kept in git": (
        "repo.add(",
        "repo.scm.add(",
        "main: models/classifier.bin is in git, expected with DVC",
    ),
    "code given to DVC": (
        'scm.add("MODEL_CARD.md")',
        'add("MODEL_CARD.md")',
        "main: MODEL_CARD.md is with DVC, expected in git",
    ),
    "code forgotten": ('repo.scm.add("MODEL_CARD.md")\n', "", "main: MODEL_CARD.md is missing"),
    "pointer not staged": (
        "autostage = True",
        "autostage = False",
        "main: models/classifier.bin is not with DVC",
    ),
    "other message": ("Publish the", "Published the", "branches: "),
    "other bytes": ("2.0, 5.0", "2.0, 5.5", "main: models/classifier.bin holds"),
    "left over file": (
        "repo.push()\n",
        'repo.push(); open("x.py", "w")\n',
        "the working tree: x.py should not be",
    ),
    "left staged": (
        "repo.scm.push()\n",
        'repo.scm.push(); open("README.md", "w"); repo.scm.add("README.md")\n',
        "staged changes",
    ),
}


@pytest.fixture
def publishing() -> Scenario:
    return BY_NAME["publish_model"]


def test_right_translation_when_judged_then_has_no_problem(publishing: Scenario, runs: Runs) -> None:
    outcome = runs.outcome(publishing, RIGHT)

    assert outcome.run.returncode == 0, outcome.run.stderr
    assert state_problems(outcome.state, publishing.outcome(), translated=True) == []


@pytest.mark.parametrize("mistake", WRONG)
def test_wrong_translation_when_judged_then_the_mistake_is_named(
    mistake: str, publishing: Scenario, runs: Runs
) -> None:
    old, new, complaint = WRONG[mistake]
    assert RIGHT.count(old) == 1
    outcome = runs.outcome(publishing, RIGHT.replace(old, new))

    problems = state_problems(outcome.state, publishing.outcome(), translated=True)
    assert outcome.run.returncode == 0, outcome.run.stderr
    assert any(complaint in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("repo.scm.tag('v1.0')", "tags: {'v1.0': None}"),
        ("repo.scm.tag('v1.0', annotated=True, message='other')", "tags: {'v1.0': 'other'}"),
        ("", "v1.0: no such branch or tag"),
    ],
)
def test_wrong_tag_when_judged_then_is_named(line: str, complaint: str, runs: Runs) -> None:
    scenario = BY_NAME["snapshot_dataset"]
    code = f"import os\nfrom dvc.repo import Repo\nrepo = Repo.init(os.getcwd())\n{line}\n"

    problems = state_problems(runs.outcome(scenario, code).state, scenario.outcome(), translated=True)

    assert any(complaint in problem for problem in problems), problems


def test_run_when_it_fails_or_prints_something_else_then_both_are_named(
    publishing: Scenario, runs: Runs
) -> None:
    outcome = runs.outcome(publishing, "print('other')\nraise SystemExit('no luck')\n")

    code, printed = run_problems(outcome.run, publishing.outcome())
    assert code.startswith("exit code 1, expected 0: no luck")
    assert printed.startswith("printed 'other\\n'")


def test_program_when_the_repository_holds_a_dvc_py_then_imports_the_real_dvc(tmp_path: Path) -> None:
    root = tmp_path / "world"
    make_world(root)
    (root / "work/dvc.py").write_text("raise RuntimeError('shadowed')\n")

    run = run_program("import dvc.repo\nprint(dvc.repo.Repo.__name__)\n", root)

    assert (run.returncode, run.stdout) == (0, "Repo\n"), run.stderr


def test_program_when_run_then_sees_only_the_settings_of_its_world(tmp_path: Path) -> None:
    root = tmp_path / "world"
    make_world(root)
    code = "import os\nfor name in sorted(os.environ): print(name, os.environ[name])\nprint(input.__name__)\n"

    run = run_program(code, root)

    seen = dict(line.split(" ", 1) for line in run.stdout.splitlines()[:-1])
    own = environment(root)
    assert {name: seen[name] for name in own} == own
    assert set(seen) - set(own) <= {"LC_CTYPE"}
    assert all(
        str(root) in own[name]
        for name in own
        if name.startswith(("HOME", "XDG", "DVC")) and "NO_" not in name
    )


def test_program_when_it_waits_for_input_or_hangs_then_is_stopped(tmp_path: Path) -> None:
    root = tmp_path / "world"
    make_world(root)

    assert "EOFError" in run_program("input('sure?')\n", root).stderr
    with pytest.raises(subprocess.TimeoutExpired):
        run_program("import time\ntime.sleep(60)\n", root, timeout_s=0.5)


def test_examples_when_listed_then_each_has_a_scenario_and_a_line_in_the_readme() -> None:
    folder = SCENARIOS[0].path.parent
    programs = {path.name for path in folder.glob("*.py")} - {"demo.py"}

    assert programs == {scenario.program for scenario in SCENARIOS}
    assert len(programs) == 10
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in readme for name in programs)
    assert all(len((folder / name).read_text().splitlines()) <= 70 for name in programs)
