"""How long things take: ``make bench``, or ``pytest benchmarks/test_speed.py --benchmark-only``. Asserts no times."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from doctranslate import build_store, translate
from doctranslate.analysis.usages import analyse, imports_library
from doctranslate.apis import merge
from doctranslate.records import Job
from doctranslate.rules import find_rules
from doctranslate.stores.index import DocIndex

# Sixty lines in the manner of a script: data and code, tags and branches, reading an old version.
PROGRAM = (Path(__file__).with_name("program_60.py")).read_text(encoding="utf-8")
COMPONENTS = ("gitpython", "dvc")


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stores of both components, built for this run."""
    folder = tmp_path_factory.mktemp("stores")
    for name in COMPONENTS:
        build_store(name, stores=folder).close()
    return folder


@pytest.fixture(scope="session")
def store_paths(stores: Path) -> list[Path]:
    return sorted(path.parent for path in stores.glob("*/manifest.json"))


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    return subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True, text=True, env=environment
    )


def imported_in_s() -> float:
    """What ``import doctranslate`` adds to a start of Python, in seconds."""
    told = python("-X", "importtime", "-c", "import doctranslate").stderr
    found = re.search(r"(\d+) \| doctranslate$", told, re.MULTILINE)
    assert found is not None, told
    return int(found[1]) / 1e6


def test_import(benchmark: Callable[..., object]) -> None:
    """The table shows the whole process; ``extra_info`` what the import adds."""
    seconds: list[float] = []
    benchmark.pedantic(lambda: seconds.append(imported_in_s()), rounds=9, warmup_rounds=1)
    benchmark.extra_info["import_s_median"] = sorted(seconds)[len(seconds) // 2]


def test_bare_python(benchmark: Callable[..., object]) -> None:
    """What a start of Python costs without us: to be taken off the other processes."""
    benchmark.pedantic(lambda: python("-c", "pass"), rounds=9, warmup_rounds=1)


def test_command_help(benchmark: Callable[..., object]) -> None:
    command = str(Path(sys.executable).with_name("doctranslate"))
    benchmark.pedantic(
        lambda: subprocess.run([command, "--help"], check=True, capture_output=True),
        rounds=9,
        warmup_rounds=1,
    )


@pytest.mark.parametrize("name", COMPONENTS)
def test_build_store(benchmark: Callable[..., object], tmp_path: Path, name: str) -> None:
    """In this process, with its modules loaded: see `test_build_both_stores` for the whole."""
    benchmark.pedantic(lambda: build_store(name, stores=tmp_path).close(), rounds=3)


def test_build_both_stores(benchmark: Callable[..., object], tmp_path: Path) -> None:
    """Cold: a new process for both, with all that it loads."""
    code = (
        "import sys; from doctranslate import build_store\n"
        "for name in sys.argv[2:]: build_store(name, stores=sys.argv[1]).close()"
    )
    benchmark.pedantic(lambda: python("-c", code, str(tmp_path), *COMPONENTS), rounds=3)


def test_translate(benchmark: Callable[..., object], stores: Path) -> None:
    """Warm: stores are built and modules loaded, as in the second call of a session."""
    translated = benchmark.pedantic(
        lambda: translate(PROGRAM, "gitpython", "dvc", engine="offline", stores=stores),
        rounds=9,
        warmup_rounds=1,
    )
    assert translated.changed


def test_translate_command(benchmark: Callable[..., object], stores: Path, tmp_path: Path) -> None:
    """A new process, with stores that are built."""
    command = str(Path(sys.executable).with_name("doctranslate"))
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    line = [command, "translate", str(path), "--src", "gitpython", "--dst", "dvc", "--engine", "offline"]
    environment = {**os.environ, "DOCTRANSLATE_STORES": str(stores)}
    # A failed check is exit code 1, and not what is measured.
    done = benchmark.pedantic(
        lambda: subprocess.run(line, check=False, capture_output=True, text=True, env=environment),
        rounds=5,
        warmup_rounds=1,
    )
    assert "import dvc" in done.stdout or "from dvc" in done.stdout, done.stderr


def test_rewrite(benchmark: Callable[..., object], store_paths: list[Path]) -> None:
    """The rules alone."""
    rules = find_rules("gitpython", "dvc")
    api = DocIndex.open(store_paths[1]).api()
    assert rules is not None and api is not None
    whole = merge([api, rules.extra_api]) if rules.extra_api else api
    found = analyse(PROGRAM, whole, overrides=rules.overrides)
    job = Job(PROGRAM, "gitpython", "dvc", usages=found.usages, src_api=api, types=found.types)
    rewritten = benchmark.pedantic(lambda: rules.rewrite(job), rounds=9, warmup_rounds=1)
    assert rewritten.code != PROGRAM


def program_of(n_lines: int) -> str:
    """The program with its functions again and again, under other names, until it is so long."""
    head, _, rest = PROGRAM.partition("\n\n\n")
    parts = [head]
    while sum(part.count("\n") + 3 for part in parts) < n_lines:
        number = len(parts)
        parts.append(
            re.sub(r"^def (\w+)", lambda found, n=number: f"def {found[1]}_{n}", rest, flags=re.MULTILINE)
        )
    return "\n\n\n".join(parts) + "\n"


@pytest.mark.parametrize("n_lines", [100, 1000, 5000])
def test_translate_by_length(benchmark: Callable[..., object], stores: Path, n_lines: int) -> None:
    """Warm; ``extra_info`` has the time per line, which is to stay the same."""
    code = program_of(n_lines)
    benchmark.pedantic(
        lambda: translate(code, "gitpython", "dvc", engine="offline", stores=stores),
        rounds=3,
        warmup_rounds=1,
    )
    per_line = benchmark.stats.stats.median / code.count("\n") if benchmark.stats else 0.0  # type: ignore[attr-defined]  # pytest-benchmark has no types
    benchmark.extra_info["ms_per_line"] = round(1000 * per_line, 2)  # type: ignore[attr-defined]


@pytest.mark.parametrize("what", ["nothing of it", "its name in comments"])
def test_told_apart(benchmark: Callable[..., object], what: str) -> None:
    """Five thousand lines that do not use the library."""
    line = "value = compute(other, 1)" + ("" if what == "nothing of it" else "  # kept in git")
    code = f"{line}\n" * 5000
    assert benchmark(lambda: imports_library(code, ("git", "gitdb"))) is False


def test_open_store(benchmark: Callable[..., object], store_paths: list[Path]) -> None:
    """DVC's, the larger one, with every file compared with the manifest."""
    benchmark(lambda: DocIndex.open(store_paths[0]).close())


def test_query(benchmark: Callable[..., object], store_paths: list[Path]) -> None:
    store = DocIndex.open(store_paths[0])
    assert benchmark(lambda: store.search("upload data files to remote storage", k=4))
