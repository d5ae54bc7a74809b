"""Finding distributions: their import names, versions, requirements."""

from pathlib import Path

import pytest

from doctranslate import distributions, wheels
from doctranslate.errors import DistributionError


def install(folder: Path, name: str, files: dict[str, str], **metadata: str) -> None:
    """A distribution in a folder, as an installer would leave it."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0"]
    lines += [f"{key.replace('_', '-')}: {value}" for key, value in metadata.items()]
    (info / "METADATA").write_text("\n".join(lines) + "\n\nThe long description.\n", encoding="utf-8")
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    record = [*files, f"{info.name}/METADATA", f"{info.name}/RECORD", "../bin/zz"]
    (info / "RECORD").write_text("".join(f"{path},,\n" for path in record), encoding="utf-8")


@pytest.mark.parametrize(
    ("files", "roots"),
    [
        (["zz/__init__.py", "zz/a.py", "zz/sub/__init__.py"], ("zz",)),
        (["zz.py", "zz_extra.py"], ("zz", "zz_extra")),
        (["ns/zz/__init__.py", "ns/zz/b.py"], ("ns.zz",)),
        (["zz/__init__.py", "tests/__init__.py", "_private.py"], ("zz",)),
        (["zz/__init__.pyi", "zz/core.cpython-311-x86_64-linux-gnu.so"], ("zz",)),
    ],
)
def test_installed_when_files_are_recorded_then_import_names_come_from_them(
    tmp_path, monkeypatch, files, roots
):
    install(tmp_path, "zzdist", dict.fromkeys(files, ""))
    monkeypatch.syspath_prepend(str(tmp_path))
    found = distributions.installed("zzdist")
    assert found is not None
    assert (found.roots, found.location, found.version) == (roots, tmp_path.resolve(), "1.0")
    assert found.readme == "The long description.\n" and found.installed


def test_installed_when_it_is_editable_then_its_folder_is_found(tmp_path, monkeypatch):
    code = tmp_path / "project" / "src"
    (code / "zz").mkdir(parents=True)
    (code / "zz" / "__init__.py").touch()
    site = tmp_path / "site"
    install(site, "zzdist", {"_zzdist.pth": str(code)})
    monkeypatch.syspath_prepend(str(site))
    found = distributions.installed("zzdist")
    assert found is not None and (found.roots, found.location) == (("zz",), code)


def test_installed_when_named_by_import_or_not_there_then_found_or_none():
    by_import = distributions.installed("yaml")
    assert by_import is not None and by_import.name == "PyYAML"
    assert distributions.installed("not-there-at-all") is None
    assert distributions.installed("") is None


def test_find_when_the_installed_version_is_written_otherwise_then_nothing_is_fetched(tmp_path, monkeypatch):
    install(tmp_path, "zzdist", {"zz.py": ""})
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("DOCTRANSLATE_OFFLINE", "1")
    assert distributions.find("zzdist", version="1.0.0").version == "1.0"
    with pytest.raises(DistributionError, match="zzdist==2"):
        distributions.find("zzdist", version="2")


def test_find_required_when_the_installed_version_does_not_fit_then_a_fitting_one_is_taken(
    tmp_path, monkeypatch
):
    site, cache = tmp_path / "site", tmp_path / "cache"
    install(site, "zzdist", {"zz.py": ""})
    install(cache / "wheels" / "zzdist-0.5", "zzdist", {"zz.py": ""})
    install(site, "zzuser", {"zzu.py": ""}, Requires_Dist="zzdist<1; python_version>'3'")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("DOCTRANSLATE_CACHE", str(cache))
    monkeypatch.setenv("DOCTRANSLATE_OFFLINE", "1")
    user = distributions.installed("zzuser")
    assert user is not None
    assert (
        distributions.find_required("zzdist", by=user).location == (cache / "wheels" / "zzdist-0.5").resolve()
    )
    other = distributions.installed("zzdist")
    assert other is not None
    assert distributions.find_required("zzdist", by=other).installed, (
        "no requirement: the installed one will do"
    )


def test_find_when_a_cached_folder_lost_its_metadata_then_it_says_what_to_delete(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCTRANSLATE_CACHE", str(tmp_path))
    (tmp_path / "wheels" / "zzgone-1.0").mkdir(parents=True)
    assert wheels.fetch("zzgone").name == "zzgone-1.0"
    with pytest.raises(DistributionError, match="delete it"):
        distributions.find("zzgone", version="1.0")
