"""Which mechanism is taken, and what is said when there is none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from doctranslate.errors import IsolationError, UsageError
from doctranslate.verification.sandbox import Sandbox, WayName, best_isolation
from doctranslate.verification.sandbox.base import size_text
from doctranslate.verification.sandbox.inside import seccomp
from doctranslate.verification.sandbox.view import view_of

from .conftest import make

SRC = Path(__file__).resolve().parents[3] / "src"


def test_sandbox_when_bubblewrap_is_there_then_it_is_taken() -> None:
    make("bubblewrap")
    assert Sandbox().isolation.mechanism.startswith("bubblewrap ")
    assert Sandbox("full").isolation == best_isolation()


def test_sandbox_when_bubblewrap_is_not_in_path_then_namespaces_of_our_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, workspace: Path
) -> None:
    make("namespaces")
    monkeypatch.setenv("PATH", str(tmp_path))
    sandbox = Sandbox("full")
    assert (sandbox.isolation.level, sandbox.isolation.mechanism.split()[0]) == ("full", "namespaces")
    assert sandbox.run(["/bin/echo", "hello"], workspace=workspace).stdout == "hello\n"
    assert best_isolation() == sandbox.isolation


def test_sandbox_when_partial_is_enough_then_the_best_is_taken_all_the_same() -> None:
    assert Sandbox("partial").isolation == best_isolation()


def test_sandbox_when_none_then_exactly_that_and_it_says_what_is_open() -> None:
    isolation = Sandbox("none").isolation
    assert isolation.level == "none"
    assert "files" in isolation.missing[0]


def test_sandbox_when_way_is_weaker_than_level_then_refused() -> None:
    with pytest.raises(IsolationError):
        Sandbox("full", way="landlock")
    with pytest.raises(IsolationError):
        Sandbox("partial", way="none")


def test_sandbox_when_level_is_unknown_then_error_lists_them() -> None:
    with pytest.raises(UsageError, match="none, partial, full"):
        Sandbox("total")  # type: ignore[arg-type]


NESTED = """
import json
from doctranslate.errors import IsolationError
from doctranslate.verification.sandbox import Sandbox, best_isolation
found = {"best": best_isolation().level}
for level in ("full", "partial", "none"):
    try:
        found[level] = Sandbox(level).isolation.level
    except IsolationError as exc:
        found[level] = str(exc)
print(json.dumps(found))
"""


def test_sandbox_when_machine_forbids_namespaces_then_refused_with_a_remedy(
    closed: WayName, workspace: Path
) -> None:
    # A machine that can do little is at hand: the inside of a sandbox.
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(SRC), "PYTHONDONTWRITEBYTECODE": "1"}
    done = make(closed).run([sys.executable, "-c", NESTED], workspace=workspace, env=env, readable=[SRC])
    found = json.loads(done.stdout or done.stderr)
    assert found["best"] in ("partial", "none")
    for word in (
        "apt install bubblewrap",
        "unprivileged_userns_clone",
        "apparmor_restrict",
        "--isolation none",
        "bubblewrap:",
        "namespaces:",
    ):
        assert word in found["full"]
    assert found["partial"] == "partial" or "landlock:" in found["partial"]
    assert found["none"] == "none"


ORDINARY = """
import json, os, pathlib, sys, tempfile
from doctranslate.errors import IsolationError
from doctranslate.verification.sandbox import Limits, Sandbox
attack = '''
import os, sys
secret, here = sys.argv[1:]
try:
    open(os.path.dirname(secret) + "/new", "w").close()  # at best on a /tmp of its own
except OSError:
    pass
for name, attempt in {
    "read": lambda: open(secret).read(),
    "parent": lambda: open(f"/proc/{os.getppid()}/environ").read(), "mount": lambda: os.listdir("/root"),
}.items():
    try:
        attempt()
        print(name)
    except OSError:
        pass
open(here + "/made", "w").close()
'''
bomb = '''
import os, time
for _ in range(2000):
    if os.fork() == 0:
        time.sleep(60)
        os._exit(0)
time.sleep(60)
'''
found = {}
for way in ("bubblewrap", "namespaces", "landlock"):
    with tempfile.TemporaryDirectory() as folder:
        secret, here = pathlib.Path(folder, "secret"), pathlib.Path(folder, "workspace")
        secret.write_text("s3cret")
        here.mkdir()
        try:
            sandbox = Sandbox("partial", way=way, limits=Limits(n_processes=100))
        except IsolationError as exc:
            found[way] = {"impossible": str(exc)}
            continue
        first = sandbox.run([sys.executable, "-c", attack, str(secret), str(here)], workspace=here)
        second = sandbox.run([sys.executable, "-c", bomb], workspace=here)
        found[way] = {"uid": os.getuid(), "did": first.stdout.split(), "stderr": first.stderr, "made": (here / "made").exists(), "bomb": second.stopped, "outside": sorted(os.listdir(folder))}
print(json.dumps(found))
"""


def test_sandbox_when_ordinary_user_then_as_closed_as_for_root(tmp_path: Path) -> None:
    if os.getuid():
        pytest.skip("these tests run as an ordinary user, so all others show it")
    python = next((p for p in (sys.executable, "/usr/bin/python3") if readable_by_all(p)), None)
    if python is None:
        pytest.skip("an ordinary user can run no Python of at least 3.11 here")
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", python, "-B", "-c", ORDINARY]
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(SRC), "TMPDIR": "/tmp", "HOME": "/nonexistent"}
    done = subprocess.run(command, env=env, cwd="/", capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    tried = {way: result for way, result in json.loads(done.stdout).items() if "impossible" not in result}
    assert tried, done.stdout
    for way, result in tried.items():
        assert result == {
            "uid": 65534,
            "did": [],
            "stderr": "",
            "made": True,
            "bomb": "process limit 100",
            "outside": ["secret", "workspace"],
        }, way


def readable_by_all(python: str) -> bool:
    """Whether a user without rights can start an interpreter, which must be new enough, and read the package."""
    test = f"""
import os, sys
own = os.path.exists(os.path.realpath(sys.executable))
sys.exit(sys.version_info < (3, 11) or not own or not os.access({str(SRC)!r}, os.R_OK))
"""
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", python, "-c", test]
    try:
        return (
            subprocess.run(command, env={}, cwd="/", capture_output=True, timeout=60, check=False).returncode
            == 0
        )
    except OSError:
        return False


def test_view_when_made_then_it_holds_no_home_and_no_secret_folder(workspace: Path) -> None:
    shown = [path for _, path in view_of(workspace, ()).read]
    assert sys.prefix in shown or any(sys.prefix.startswith(path + "/") for path in shown)
    for folder in (Path.home(), Path("/etc"), Path("/run"), Path("/var"), Path("/"), Path("/proc"), SRC):
        assert str(folder) not in shown


def test_view_when_interpreter_is_installed_in_the_home_itself_then_home_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, workspace: Path
) -> None:
    for name in ("bin", "lib", ".ssh"):
        (tmp_path / "home" / name).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin")  # an answer is remembered for each PATH
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "home"))
    shown = [path for _, path in view_of(workspace, ()).read]
    assert str(tmp_path / "home/lib") in shown
    assert not {str(tmp_path / "home"), str(tmp_path / "home/.ssh")} & set(shown)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("own_machine", [True, False])
def test_filter_when_built_then_every_jump_lands_inside(machine: str, own_machine: bool) -> None:
    code = seccomp.build(own_machine=own_machine, machine=machine)
    steps = [code[n : n + 8] for n in range(0, len(code), 8)]
    assert len(code) % 8 == 0
    assert steps[-1] == bytes([6, 0, 0, 0, 0, 0, 0xFF, 0x7F])  # return ALLOW
    for n, step in enumerate(steps):
        if step[0] in (0x15, 0x35, 0x45):
            assert n + 1 + max(step[2], step[3]) < len(steps)


@pytest.mark.parametrize(("n_bytes", "text"), [(12, "12 bytes"), (1536, "1.5 KiB"), (4 << 30, "4 GiB")])
def test_size_text_when_given_then_for_people(n_bytes: int, text: str) -> None:
    assert size_text(n_bytes) == text
