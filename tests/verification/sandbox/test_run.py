"""What a run gives back."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from doctranslate.errors import UsageError, VerificationError
from doctranslate.verification.sandbox import Limits, WayName

from .conftest import Run, make


def test_run_when_program_ends_then_status_and_both_streams(any_way: WayName, run: Run) -> None:
    done = run(any_way, "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert (done.returncode, done.stdout, done.stderr, done.stopped) == (3, "out\n", "err\n", "")
    assert done.seconds > 0


def test_run_when_signal_ends_program_then_it_is_named(any_way: WayName, run: Run) -> None:
    done = run(any_way, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert (done.returncode, done.stopped) == (-signal.SIGSEGV, "killed by signal SIGSEGV")


def test_run_when_program_exits_137_then_no_signal_is_named(any_way: WayName, run: Run) -> None:
    done = run(any_way, "raise SystemExit(137)")
    assert (done.returncode, done.stopped) == (137, "")


def test_run_when_env_given_then_program_has_exactly_that(
    any_way: WayName, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "s3cret")
    done = run(any_way, "import os; print(sorted(os.environ.items()))", env={"A": "1", "LC_ALL": "C.UTF-8"})
    assert done.stdout == "[('A', '1'), ('LC_ALL', 'C.UTF-8')]\n"


def test_run_when_no_stdin_then_end_of_file(any_way: WayName, run: Run) -> None:
    done = run(any_way, "import sys; print(repr(sys.stdin.read()), sys.stdin.isatty())")
    assert done.stdout == "'' False\n"


def test_run_when_stdin_given_then_program_reads_all_of_it(any_way: WayName, run: Run) -> None:
    done = run(any_way, "import sys; print(len(sys.stdin.read()))", stdin=b"x" * 300_000)
    assert done.stdout == "300000\n"


def test_run_when_cwd_given_then_program_starts_there(any_way: WayName, run: Run, workspace: Path) -> None:
    (workspace / "work").mkdir()
    done = run(any_way, "import os; print(os.getcwd()); open('made', 'w')", cwd=workspace / "work")
    assert done.stdout.strip() == str(workspace / "work")
    assert (workspace / "work/made").exists()


def test_run_when_cwd_is_a_link_out_of_the_workspace_then_refused(
    any_way: WayName, run: Run, workspace: Path
) -> None:
    (workspace / "work").symlink_to("/usr")
    with pytest.raises(UsageError, match="no folder inside"):
        run(any_way, "", cwd=workspace / "work")


@pytest.mark.parametrize("folder", ["/", str(Path.home()), str(Path.home().parent), "/nowhere-at-all"])
def test_run_when_workspace_is_no_workspace_then_refused(folder: str) -> None:
    with pytest.raises(UsageError, match="workspace"):
        make("none").run(["true"], workspace=Path(folder))


def test_run_when_no_such_program_then_error_names_it(any_way: WayName, workspace: Path) -> None:
    with pytest.raises(VerificationError, match="no-such-program"):
        make(any_way).run(["no-such-program"], workspace=workspace)


def test_run_when_program_reads_a_given_folder_then_it_can_but_not_write(
    closed: WayName, run: Run, tmp_path: Path
) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (given / "a.txt").write_text("hello")
    code = (
        "import sys, pathlib as p; f = p.Path(sys.argv[1], 'a.txt'); print(f.read_text()); f.write_text('no')"
    )
    done = run(closed, code, given, readable=[given])
    assert done.stdout == "hello\n"
    assert done.returncode == 1
    assert (given / "a.txt").read_text() == "hello"


def test_run_when_workspace_is_named_by_a_link_then_it_has_that_path_inside(
    any_way: WayName, tmp_path: Path, workspace: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(workspace)
    done = make(any_way).run(
        [sys.executable, "-c", "import sys; open(sys.argv[1] + '/made', 'w')", str(link)], workspace=link
    )
    assert done.returncode == 0, done.stderr
    assert (workspace / "made").exists()


def test_run_when_many_threads_run_at_once_then_each_gets_its_own(any_way: WayName, workspace: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    sandbox = make(any_way)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda n: sandbox.run(["echo", str(n)], workspace=workspace), range(8)))
    assert [d.stdout for d in done] == [f"{n}\n" for n in range(8)]


def test_limits_when_default_then_those_that_the_documentation_tells() -> None:
    assert Limits() == Limits(
        wall_s=120, cpu_s=120, memory_bytes=4 << 30, file_bytes=1 << 30, n_processes=256
    )
