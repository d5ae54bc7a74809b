"""Unpacking wheels: what is refused, and that nothing half-done stays behind."""

import stat
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from doctranslate import wheels
from doctranslate.errors import DistributionError
from doctranslate.wheels import Limits

NAME = "evil-1.0-py3-none-any.whl"
INFO = {"evil-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n"}


def make_wheel(folder: Path, files: dict[str, bytes], *, name: str = NAME) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in {**INFO, **files}.items():
            archive.writestr(entry, content)
    return path


def assert_refused(wheel: Path, target: Path, reason: str, limits: Limits = wheels.LIMITS) -> None:
    with pytest.raises(DistributionError, match=reason) as caught:
        wheels.unpack(wheel, target, limits=limits)
    assert wheel.name in str(caught.value)
    assert not target.exists()
    assert not list(target.parent.glob(".unpack-*")), "the temporary folder was left behind"


def test_unpack_when_the_wheel_is_sound_then_sources_and_metadata_are_there(tmp_path):
    files = {
        "evil/__init__.py": b"x = 1\n",
        "evil/core.pyi": b"x: int\n",
        "evil/_c.so": b"\x7fELF",
        "evil/data.bin": b"1",
    }
    wheels.unpack(make_wheel(tmp_path, files), tmp_path / "out" / "evil-1.0")
    found = {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    assert found == {
        "evil-1.0/evil/__init__.py",
        "evil-1.0/evil/core.pyi",
        "evil-1.0/evil-1.0.dist-info/METADATA",
    }


def test_unpack_when_it_is_there_already_then_it_stays_as_it_is(tmp_path):
    wheel = make_wheel(tmp_path, {"evil/__init__.py": b"x = 1\n"})
    target = tmp_path / "out" / "evil-1.0"
    wheels.unpack(wheel, target)
    (target / "evil" / "__init__.py").write_text("mine")
    wheels.unpack(wheel, target)
    assert (target / "evil" / "__init__.py").read_text() == "mine"
    assert not list(target.parent.glob(".unpack-*"))


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("../outside.py", "parent folder"),
        ("evil/../../outside.py", "parent folder"),
        ("/etc/outside.py", "absolute"),
        ("C:/outside.py", "absolute"),
        ("evil\\..\\outside.py", "absolute or malformed"),
        ("EVIL-1.0.dist-info/METADATA", "twice"),
    ],
)
def test_unpack_when_an_entry_leaves_the_folder_then_refused(tmp_path, entry, reason):
    wheel = make_wheel(tmp_path, {"evil/__init__.py": b"", entry: b"print('out')"})
    assert_refused(wheel, tmp_path / "out" / "evil-1.0", reason)
    assert not list(tmp_path.rglob("outside.py"))


def test_unpack_when_an_entry_is_a_link_then_refused(tmp_path):
    wheel = make_wheel(tmp_path, {})
    with zipfile.ZipFile(wheel, "a") as archive:
        link = zipfile.ZipInfo("evil/link.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert_refused(wheel, tmp_path / "out" / "evil-1.0", "a link")


def test_unpack_when_a_file_is_a_compression_bomb_then_refused(tmp_path):
    wheel = make_wheel(tmp_path, {"evil/__init__.py": b"#" * 20_000_000})
    assert wheel.stat().st_size < 100_000
    assert_refused(wheel, tmp_path / "out" / "evil-1.0", "more than 200 times")


def test_unpack_when_all_files_together_are_too_much_then_refused(tmp_path):
    wheel = make_wheel(tmp_path, {f"evil/m{i}.py": b"x = 1\n" for i in range(10)})
    assert_refused(wheel, tmp_path / "out" / "evil-1.0", "more than 100 bytes", Limits(total_bytes=100))
    wheels.unpack(wheel, tmp_path / "out" / "evil-1.0", limits=Limits(total_bytes=1000))


def test_unpack_when_it_has_too_many_entries_then_refused(tmp_path):
    wheel = make_wheel(tmp_path, {f"evil/m{i}.py": b"" for i in range(10)})
    assert_refused(wheel, tmp_path / "out" / "evil-1.0", "11 entries, more than 10", Limits(n_files=10))


def test_unpack_when_the_archive_lies_about_sizes_then_it_is_damaged(tmp_path):
    wheel = make_wheel(tmp_path, {"evil/__init__.py": b"x = 1\n" * 1000})
    data = wheel.read_bytes()
    sizes = struct.pack("<L", 6000)
    assert data.count(sizes) >= 2
    wheel.write_bytes(data.replace(sizes, struct.pack("<L", 10)))
    assert_refused(wheel, tmp_path / "out" / "evil-1.0", "damaged")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut off"])
def test_unpack_when_it_is_no_archive_then_refused(tmp_path, content):
    wheel = tmp_path / NAME
    wheel.write_bytes(content)
    assert_refused(wheel, tmp_path / "out" / "evil-1.0", "damaged")


def test_unpack_when_the_archive_is_cut_off_then_refused(tmp_path):
    wheel = make_wheel(tmp_path, {"evil/__init__.py": bytes(range(256)) * 400})
    wheel.write_bytes(wheel.read_bytes()[:-40])
    assert_refused(wheel, tmp_path / "out" / "evil-1.0", "damaged")


def test_unpack_when_the_file_name_is_no_wheel_s_then_refused(tmp_path):
    path = tmp_path / "evil.zip"
    path.write_bytes(b"PK")
    assert_refused(path, tmp_path / "out" / "evil", "not a wheel's file name")


def test_fetch_when_a_fitting_version_is_cached_then_nothing_is_downloaded(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCTRANSLATE_CACHE", str(tmp_path))
    monkeypatch.setenv("DOCTRANSLATE_OFFLINE", "1")
    for version in ("1.0", "1.2", "2.0"):
        wheel = make_wheel(tmp_path, {"evil/__init__.py": b""}, name=f"evil-{version}-py3-none-any.whl")
        wheels.unpack(wheel, tmp_path / "wheels" / f"evil-{version}")
    assert wheels.fetch("evil", version="1.0").name == "evil-1.0"
    assert wheels.fetch("Evil", specifier=">=1,<2").name == "evil-1.2"
    assert wheels.fetch("evil").name == "evil-2.0"
    with pytest.raises(DistributionError, match="DOCTRANSLATE_OFFLINE"):
        wheels.fetch("evil", version="3.0")


@pytest.mark.parametrize("name", ["", "--help", "-r x", "a/b", "a b", "https://x"])
def test_fetch_when_the_name_is_no_distribution_s_then_pip_is_not_run(name):
    with pytest.raises(DistributionError, match="not the name"):
        wheels.fetch(name)


def test_fetch_when_pip_is_missing_then_the_message_says_how_to_get_it(tmp_path):
    code = (
        "import sys; from doctranslate import wheels; from doctranslate.errors import DistributionError\n"
        "sys.executable = sys.argv[1]\n"
        "try:\n    wheels.fetch('evil')\nexcept DistributionError as exc:\n    sys.exit(str(exc))\n"
    )
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    python = bare / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    done = subprocess.run(
        [sys.executable, "-c", code, str(python)],
        capture_output=True,
        text=True,
        check=False,
        env={"DOCTRANSLATE_CACHE": str(tmp_path), "PATH": ""},
    )
    assert "needs pip" in done.stderr and "ensurepip" in done.stderr
    assert not list((tmp_path / "wheels").iterdir())
