"""What cannot be judged is said, what is hostile is stopped, and what was given to start from is left alone."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from doctranslate.errors import UsageError, VerificationError
from doctranslate.records import Check
from doctranslate.verification.equivalence import Judge, reasons
from doctranslate.verification.equivalence.reader import reader_limits
from doctranslate.verification.equivalence.world import is_world, make_world
from doctranslate.verification.sandbox import Limits, Sandbox

from .mistakes import RIGHT, SOURCE

PUSHES = """\
from git import Repo
repo = Repo(".")
with open("notes.txt", "w") as file:
    file.write("1")
repo.index.add(["notes.txt"])
repo.index.commit("Add notes")
repo.remotes.origin.push("main")
"""
# Written by hand; the bridge is enough where no data is touched.
PUSHES_TOO = PUSHES.replace("from git import Repo\n", "from dvc.scm import Git\n").replace(
    'Repo(".")', 'Git(".").gitpython.repo'
)


def judged(source: str, translation: str, **conditions: object) -> tuple[Check, Check]:
    with Judge(source, "gitpython", "dvc", **conditions) as judge:  # type: ignore[arg-type]
        return judge.check(translation)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import sys\nprint(sys.argv[1])\n", "needs arguments"),
        ("import sys\n_, path = sys.argv\n", "needs arguments"),
        (
            "import argparse\np = argparse.ArgumentParser()\np.add_argument('path')\np.parse_args()\n",
            "needs arguments",
        ),
        ("input('Sure? ')\n", "reads standard input"),
        ("import no_such_module\n", "No module named 'no_such_module'"),
        ("import os\nos.environ['TOKEN']\n", "environment variable 'TOKEN'"),
        ("import urllib.request\nurllib.request.urlopen('http://example.com')\n", "network"),
        ("from git import Repo\nRepo.clone_from('https://example.com/x.git', 'x')\n", "network"),
        ("open('train.csv')\n", "the source ends with FileNotFoundError"),
        ("import tkinter\ntkinter.Tk()\n", "display" if find_spec("_tkinter") else "No module named"),
    ],
)
def test_source_when_it_cannot_run_here_then_is_skipped_with_the_reason(source: str, why: str) -> None:
    for check in judged(source, "print('anything')\n"):
        assert check.outcome == "skipped", str(check)
        assert "not executable here" in check.reason
        assert why in check.reason


def test_source_when_it_does_not_end_then_is_skipped(tmp_path: Path) -> None:
    executed, _ = judged("while True: pass\n", "print(1)\n", limits=Limits(wall_s=2))

    assert executed.outcome == "skipped"
    assert "wall-clock" in executed.reason


def test_source_when_it_does_something_else_each_time_then_nothing_is_said_of_that() -> None:
    source = "import uuid\nprint(uuid.uuid4())\n"

    _, same = judged(source, source)
    _, other = judged(source, source + "open('left.txt', 'w')\n")

    assert same.outcome == "skipped"
    assert "does not do the same twice" in same.reason
    assert other.outcome == "fail"
    assert [each.kind for each in other.differences] == ["worktree"]


def test_source_when_it_prints_the_time_then_is_compared_by_what_the_time_stands_for() -> None:
    source = "import datetime\nprint(datetime.datetime.now().strftime('%Y-%m-%d %H:%M:%S'), 'done')\n"

    assert judged(source, source)[1].outcome == "pass"


@pytest.mark.parametrize(
    ("source", "translation", "outcome"),
    [
        ("raise SystemExit(3)\n", "raise SystemExit(3)\n", "pass"),
        ("raise SystemExit(3)\n", "raise SystemExit(1)\n", "fail"),
        ("from git import Repo\nRepo('nowhere')\n", "from dvc.repo import Repo\nRepo('nowhere')\n", "pass"),
        ("from git import Repo\nRepo('nowhere')\n", "raise KeyError('nowhere')\n", "fail"),
        ("from git import Repo\nRepo('nowhere')\n", "print('fine')\n", "fail"),
    ],
)
def test_source_when_it_means_to_fail_then_the_translation_has_to_fail_alike(
    source: str, translation: str, outcome: str
) -> None:
    assert judged(source, translation)[1].outcome == outcome


def test_translation_when_it_ends_with_an_exception_then_the_line_is_told() -> None:
    executed, equivalent = judged(PUSHES, "import sys\n\nsys.nothing\n")

    assert executed.outcome == "fail"
    assert [each.line for each in executed.findings] == [3]
    assert "AttributeError" in executed.findings[0].message
    assert equivalent.outcome == "fail"


def test_translation_when_it_writes_outside_or_calls_out_then_is_stopped_and_told(tmp_path: Path) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    outside = tmp_path / "outside.txt"
    hostile = (
        "import socket\n"
        f"for act in (lambda: open({str(outside)!r}, 'w'), "
        f"lambda: socket.create_connection({server.getsockname()!r}, 2)):\n"
        "    try:\n        act()\n        print('done')\n    except OSError:\n        print('stopped')\n"
    )

    with server:
        _, equivalent = judged("print('nothing')\n", hostile)
        with pytest.raises(TimeoutError):
            server.accept()

    assert not outside.exists()
    assert equivalent.outcome == "fail"
    assert any("stopped\\nstopped" in each.translation for each in equivalent.differences)


def test_translation_when_it_damages_the_repository_then_that_is_the_difference() -> None:
    hostile = PUSHES_TOO + "import shutil\nshutil.rmtree('.git/objects')\n"

    _, equivalent = judged(PUSHES, hostile)

    assert equivalent.outcome == "fail"
    assert equivalent.differences


def test_translation_when_it_leaves_hooks_and_filters_then_they_run_in_the_sandbox_only(
    tmp_path: Path,
) -> None:
    outside = tmp_path / "outside.txt"
    hostile = (
        PUSHES_TOO
        + f"""
repo.git.config("core.fsmonitor", "touch {outside}")
repo.git.config("filter.x.smudge", "touch {outside}")
repo.git.config("filter.x.clean", "touch {outside}; cat")
with open(".git/info/attributes", "w") as file:
    file.write("* filter=x\\n")
"""
    )

    _, equivalent = judged(PUSHES, hostile)

    assert not outside.exists()
    assert equivalent.outcome == "fail"
    assert {each.kind for each in equivalent.differences} <= {"setting", "uncommitted", "stash"}


def test_isolation_when_none_then_is_said_in_the_report() -> None:
    executed, _ = judged(PUSHES, PUSHES_TOO, isolation="none")

    assert "isolation none" in executed.reason


# ---------------------------------------------------------------------- where they start
@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a remote that cannot be reached, a link that leads out, and work in progress."""
    folder = tmp_path / "project"
    folder.mkdir()
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "README.md").write_text("# Mine\n")
    (folder / "data").mkdir()
    for words in (
        ("init", "--quiet", "--initial-branch=main"),
        ("config", "user.name", "Me"),
        ("config", "user.email", "me@example.com"),
        ("remote", "add", "origin", "https://me:secret@example.com/mine.git"),
        ("add", "README.md"),
        ("commit", "--quiet", "-m", "Begin"),
        ("update-ref", "refs/remotes/origin/main", "HEAD"),
        ("branch", "--quiet", "--set-upstream-to=origin/main"),
    ):
        subprocess.run(["git", *words], cwd=folder, env=env, check=True)
    (folder / "README.md").write_text("# Mine, changed\n")
    (folder / "out").symlink_to("../secret.txt")
    return folder


def _fingerprint(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        about = path.lstat()
        found.update(f"{path}{about.st_mode}{about.st_mtime_ns}".encode())
        if path.is_file():
            found.update(path.read_bytes())
    return found.hexdigest()


def test_workspace_when_programs_run_in_it_then_it_is_untouched_and_its_remote_is_local(
    project: Path,
) -> None:
    before = _fingerprint(project)

    executed, equivalent = judged(PUSHES, PUSHES_TOO, workspace=project)

    assert equivalent.outcome == "pass", [executed, *map(str, equivalent.differences)]
    assert "remote origin (https://example.com/mine.git) stood for by a local repository" in equivalent.reason
    assert "secret" not in equivalent.reason
    assert _fingerprint(project) == before


def test_workspace_when_the_push_is_missing_then_that_is_found(project: Path) -> None:
    translation = PUSHES_TOO.replace('repo.remotes.origin.push("main")', "")

    _, equivalent = judged(PUSHES, translation, workspace=project)

    assert any(each.where.startswith("origin.git") for each in equivalent.differences)


def test_workspace_when_a_link_leads_out_then_it_is_not_followed(project: Path) -> None:
    source = "import os\nprint(os.path.islink('out'), os.path.exists('out'))\n"

    with Judge(source, "gitpython", "dvc", workspace=project) as judge:
        assert judge.source_outcome().run.stdout == "True False\n"


def test_workspace_when_it_has_the_layout_of_a_world_then_is_taken_as_it_is(tmp_path: Path) -> None:
    source = (
        "from git import Repo\nprint(Repo('.').remotes.origin.url.endswith('origin.git'))\nopen('x', 'w')\n"
    )
    with Judge(source, "gitpython", "dvc") as judge:
        judge.stage.start.saved.rename(tmp_path / "world")

    with Judge(source, "gitpython", "dvc", workspace=tmp_path / "world") as judge:
        outcome = judge.source_outcome()

    assert outcome.run.stdout == "True\n"
    assert outcome.state is not None
    assert {"work", "origin.git"} == set(outcome.state.repositories)


@pytest.mark.parametrize("kind", ["fifo", "missing", "linked working tree", "borrowed objects"])
def test_workspace_when_it_cannot_be_copied_then_is_refused(kind: str, project: Path) -> None:
    folder = project
    if kind == "fifo":
        os.mkfifo(project / "pipe")
    elif kind == "missing":
        folder = project / "nowhere"
    elif kind == "linked working tree":
        folder = project.with_name("linked")
        subprocess.run(["git", "worktree", "add", "--quiet", "-b", "x", str(folder)], cwd=project, check=True)
    else:
        folder = project.with_name("shared")
        subprocess.run(["git", "clone", "--quiet", "--shared", str(project), str(folder)], check=True)

    with pytest.raises(UsageError, match=r"copied|folder|clone"):
        Judge("print(1)\n", "gitpython", "dvc", workspace=folder)


def test_setup_when_it_fails_then_says_so_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with pytest.raises(VerificationError, match=r"setup failed.*no-such-command"):
        Judge("print(1)\n", "gitpython", "dvc", setup="no-such-command\n")

    assert list(tmp_path.iterdir()) == []


def test_setup_when_a_script_then_knows_where_things_are(tmp_path: Path) -> None:
    script = tmp_path / "setup.py"
    script.write_text(
        "import os, subprocess\n"
        "subprocess.run(['git', 'clone', '--quiet', os.environ['ORIGIN'], 'copy'], check=True, stderr=-3)\n"
        "open(os.environ['STORAGE'] + '/x', 'w'); open(os.environ['WORLD'] + '/y', 'w')\n"
    )
    source = "import os, sys\nprint(os.listdir('.'), os.listdir(sys.argv[1]), os.path.exists('../y'))\n"

    with Judge(source, "gitpython", "dvc", setup=script, argv=["{storage}"]) as judge:
        assert judge.source_outcome().run.stdout == "['copy'] ['x'] True\n"


# ---------------------------------------------------------------------- execute alone
@pytest.mark.parametrize(
    "translation",
    [
        "import no_such_module\n",
        "import os\nos.environ['NO_SUCH']\n",
        "input()\n",
        "import sys\nsys.argv[1]\n",
    ],
)
def test_execute_when_only_the_translation_cannot_run_then_fails(translation: str) -> None:
    with Judge("print(1)\n", "gitpython", "dvc") as judge:
        check = judge.execute(translation)

    assert check.outcome == "fail", str(check)
    assert [each.line for each in check.findings] == [translation.count("\n")]


@pytest.mark.parametrize("translation", ["input()\n", "raise KeyError('x')\n"])
def test_execute_when_the_source_cannot_run_either_then_is_skipped(translation: str) -> None:
    with Judge("input()\n", "gitpython", "dvc") as judge:
        check = judge.execute(translation)

    assert check.outcome == "skipped", str(check)
    assert "reads standard input" in check.reason


# ---------------------------------------------------------------------- what may be run
RUNNABLE = PUSHES.replace("repo.index.add", "import os\nos.chmod('notes.txt', 0o755)\nrepo.index.add")
RUNNABLE_TOO = PUSHES_TOO.replace("repo.index.add", "import os\nos.chmod('notes.txt', 0o755)\nrepo.index.add")


@pytest.mark.parametrize(
    ("source", "translation", "kinds"),
    [
        (RUNNABLE, RUNNABLE_TOO, set()),
        (RUNNABLE, PUSHES_TOO, {"file", "worktree", "clone"}),
        (PUSHES, RUNNABLE_TOO, {"file", "worktree", "clone"}),
        (PUSHES, PUSHES_TOO + "import os\nos.chmod('notes.txt', 0o755)\n", {"worktree"}),
    ],
)
def test_executable_bit_when_it_differs_then_is_a_difference(
    source: str, translation: str, kinds: set[str]
) -> None:
    _, equivalent = judged(source, translation)

    assert {each.kind for each in equivalent.differences} == kinds, equivalent
    assert {each.reason for each in equivalent.differences} <= {reasons.EXECUTABLE, reasons.PUSH_MISSING, ""}
    assert equivalent.outcome == ("fail" if kinds else "pass")


def test_executable_bit_when_dvc_keeps_the_file_then_is_left_to_dvc() -> None:
    runnable = 'import os\nos.chmod("data/train.csv", 0o755)\nrepo.index.add(["data/train.csv", '
    source = SOURCE.replace('repo.index.add(["data/train.csv", ', runnable)
    assert source != SOURCE

    _, equivalent = judged(source, RIGHT)

    assert equivalent.outcome == "pass", list(map(str, equivalent.differences))


# ---------------------------------------------------------------------- what is not the translation's fault
def test_translation_when_its_reader_is_stopped_then_is_not_called_damaged() -> None:
    with Judge("print(1)\n", "gitpython", "dvc") as judge:
        judge.source_outcome()
        judge.stage._reader = Sandbox("full", limits=Limits(wall_s=0.01))
        _, equivalent = judge.check("print(1)\n")

    assert equivalent.outcome == "skipped", equivalent
    assert "the reader was stopped: wall-clock limit" in equivalent.reason


def test_reading_when_limits_are_given_then_has_the_higher_of_them_and_the_usual() -> None:
    found = reader_limits(Limits(wall_s=1, memory_bytes=2**40))

    assert (found.wall_s, found.memory_bytes) == (Limits().wall_s, 2**40)


def test_program_when_it_could_not_be_run_then_the_next_one_can(monkeypatch: pytest.MonkeyPatch) -> None:
    with Judge("print(1)\n", "gitpython", "dvc") as judge:
        with monkeypatch.context() as patch, pytest.raises(VerificationError):
            patch.setattr(judge.stage.sandbox, "run", _cannot_start)
            judge.run("print(1)\n")

        assert judge.check("print(1)\n")[1].outcome == "pass"


def _cannot_start(*_: object, **__: object) -> None:
    raise VerificationError("the command could not be started")


def test_arguments_when_paths_then_are_given_as_text(tmp_path: Path) -> None:
    with Judge("import sys\nprint(sys.argv[1])\n", "gitpython", "dvc", argv=[tmp_path]) as judge:  # type: ignore[list-item]
        assert judge.source_outcome().run.stdout == f"{tmp_path}\n"


def test_arguments_when_no_text_then_are_refused_and_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with pytest.raises(UsageError, match="argv holds 3"):
        Judge("print(1)\n", "gitpython", "dvc", argv=[3])  # type: ignore[list-item]

    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------------- links of a start state
def test_workspace_when_settings_of_dvc_are_behind_a_link_out_then_they_are_not_read(
    project: Path, tmp_path: Path
) -> None:
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings/config.local").write_text("secret")
    (project / ".dvc").symlink_to(tmp_path / "settings")

    with Judge("print(1)\n", "gitpython", "dvc", workspace=project) as judge:
        assert judge.stage.start.local_config == ""


def test_workspace_when_settings_of_dvc_are_no_text_then_it_is_used_all_the_same(project: Path) -> None:
    (project / ".dvc").mkdir()
    (project / ".dvc/config.local").write_bytes(b"# \xff\n")

    with Judge("print(1)\n", "gitpython", "dvc", workspace=project) as judge:
        assert judge.source_outcome().state is not None


def test_setup_when_it_links_the_home_out_then_nothing_is_made_there(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    setup = f'rm -rf "$WORLD/home"\nln -s "{outside}" "$WORLD/home"\n'

    with Judge("print(1)\n", "gitpython", "dvc", setup=setup) as judge:
        judge.source_outcome()

    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    "lacks", ["settings", "a folder of its own", "nothing, but is a repository", "nothing"]
)
def test_workspace_when_it_only_has_folders_of_such_names_then_is_no_world(
    lacks: str, tmp_path: Path
) -> None:
    world = tmp_path / "world"
    make_world(world)
    if lacks == "settings":
        (world / "home/dvc/config").unlink()
    elif lacks == "a folder of its own":
        (world / "storage").rename(tmp_path / "storage")
        (world / "storage").symlink_to(tmp_path / "storage")
    elif lacks != "nothing":
        (world / ".git").mkdir()

    assert is_world(world) is (lacks == "nothing")
