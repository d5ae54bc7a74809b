"""Component descriptions: the built-in ones, wrong ones, and those derived from distributions."""

import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from doctranslate.component import Component, component, components, load_component, requirement
from doctranslate.errors import SpecError, UnknownComponentError, UsageError

MINIMAL = 'name = "lib"\ndistribution = "lib"\nimports = ["lib"]\n'


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "lib.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_components_when_listed_then_the_built_in_ones_say_where_their_documentation_is():
    known = {c.name: c for c in components()}
    assert {"dvc", "gitpython"} <= known.keys()
    for name in ("dvc", "gitpython"):
        assert known[name].docs and known[name].licence and known[name].attribution
    assert known["dvc"].also[0] == "scmrepo"
    assert known["dvc"].api.forwards[0].class_name == "scmrepo.git.Git"


@pytest.mark.parametrize("name", ["gitpython", "GitPython", "Git_Python", "git", "git.python", " gitpython "])
def test_component_when_named_in_any_usual_way_then_it_is_found(name):
    assert component(name).name == "gitpython"


def test_requirement_when_a_version_is_pinned_then_it_is_kept_apart_from_the_component():
    wanted = requirement("DVC==3.60.0")
    assert (wanted.component.name, wanted.version, str(wanted)) == ("dvc", "3.60.0", "dvc==3.60.0")
    assert requirement("dvc").version is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "../etc",
        "dvc>=3",
        "dvc==3.*",
        "dvc==3,==4",
        "dvc[all]",
        "dvc @ file:///x",
        "--index-url=x",
        "a b",
    ],
)
def test_requirement_when_it_is_neither_a_name_nor_pinned_then_usage_error_shows_it(text):
    with pytest.raises(UsageError, match=r"write|one exact version"):
        requirement(text)


def test_component_when_a_distribution_has_no_toml_then_it_is_derived_from_its_metadata():
    derived = component("PyYAML")
    assert (derived.name, derived.distribution, derived.imports) == ("pyyaml", "PyYAML", ("yaml",))
    assert derived.derived and not derived.docs
    assert component("yaml") == derived


def test_component_when_a_distribution_has_nothing_to_import_then_it_says_so(tmp_path, monkeypatch):
    info = tmp_path / "zzempty-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: zzempty\nVersion: 1.0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(UsageError, match="has nothing to import"):
        component("zzempty")


def test_component_when_unknown_then_near_names_are_listed(monkeypatch):
    monkeypatch.setenv("DOCTRANSLATE_OFFLINE", "1")
    with pytest.raises(UnknownComponentError, match="Did you mean 'gitpython'") as caught:
        component("gitpithon")
    assert caught.value.near[0] == "gitpython"
    with pytest.raises(UnknownComponentError) as caught:
        component("qqqqzzzzxxxx")
    assert caught.value.near == ()


def test_load_component_when_the_file_is_whole_then_every_field_is_read(tmp_path):
    text = (
        MINIMAL
        + """
also = ["other"]
links = { "cli:{command}" = "lib.Lib.{command}" }
expect = { api = 3 }
[[docs]]
url = "https://example.org/docs/"
depth = 3
skip = ['/old/']
[[folders]]
path = "guides"
[console]
script = "lib"
timeout_s = 5
[[api.forwards]]
class = "lib.A"
to = "lib.B"
"""
    )
    read = load_component(write(tmp_path, text))
    assert read.docs[0].depth == 3 and read.docs[0].render == "auto"
    assert read.console is not None and read.console.timeout_s == 5.0
    assert read.api.forwards[0].to == "lib.B"
    assert read.folders[0].path == str(tmp_path / "guides") and read.expect == {"api": 3}


@pytest.mark.parametrize(
    ("text", "field", "reason"),
    [
        (MINIMAL + "colour = 1", "colour", "no such field"),
        (MINIMAL + "alias = ['x']", "alias", "did you mean 'aliases'"),
        (MINIMAL + "[[docs]]\nurl = 'https://x.org'\ndeph = 1", "docs.0.deph", "did you mean 'depth'"),
        (MINIMAL + "[[docs]]\nurl = 'ftp://x.org'", "docs.0.url", "ftp://x.org"),
        (MINIMAL + "[[docs]]\nurl = 'https://x.org'\ndepth = 'two'", "docs.0.depth", "two"),
        (MINIMAL + "[[docs]]\nurl = 'https://x.org'\ndepth = -1", "docs.0.depth", "-1"),
        (MINIMAL + "[[docs]]\nurl = 'https://x.org'\nskip = ['(']", "docs.0.skip", "regular expression"),
        (MINIMAL + 2 * "[[docs]]\nurl = 'https://x.org'\n", "docs", "described twice"),
        (MINIMAL + "[[docs]]\nurl = 'https://x.org'\nrender = 'maybe'", "docs.0.render", "maybe"),
        (MINIMAL + "also = 'scmrepo'", "also", "scmrepo"),
        (MINIMAL + "also = [1]", "also.0", "1"),
        (MINIMAL + "[console]\nscript = 'x'\nparser = 'no function'", "console.parser", "no function"),
        (MINIMAL + "[[api.forwards]]\nclass = 'a.B'", "api.forwards.0.to", "is required"),
        (MINIMAL + "expect = { api = 'many' }", "expect.api", "many"),
        ("name = 'lib'\ndistribution = 'lib'", "imports", "is required"),
        ("name = 'lib'\ndistribution = 'lib'\nimports = []", "imports", "at least 1"),
        ("name = '../x'\ndistribution = 'lib'\nimports = ['lib']", "name", "../x"),
        ("name = 'lib'\nname = 'lib'", "(file)", "is not TOML"),
        ("name = ", "(file)", "is not TOML"),
    ],
)
def test_load_component_when_wrong_then_file_field_and_reason_are_named(tmp_path, text, field, reason):
    path = write(tmp_path, text)
    with pytest.raises(SpecError) as caught:
        load_component(path)
    assert caught.value.path == path
    assert caught.value.field == field
    assert reason in caught.value.reason
    assert str(path) in str(caught.value) and field in str(caught.value)


def test_load_component_when_it_cannot_be_read_then_spec_error_says_why(tmp_path):
    with pytest.raises(SpecError, match="No such file"):
        load_component(tmp_path / "missing.toml")
    path = tmp_path / "latin.toml"
    path.write_bytes('name = "caf\xe9"'.encode("latin-1"))
    with pytest.raises(SpecError, match="not UTF-8"):
        load_component(path)


def test_component_when_made_then_it_cannot_be_changed():
    with pytest.raises(ValidationError):
        component("dvc").name = "other"


def entry_point(folder: Path, code: str, value: str) -> None:
    """A distribution, importable from a folder, that brings a component along."""
    (folder / "zz_plugin.py").write_text(code, encoding="utf-8")
    info = folder / "zz_plugin-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: zz-plugin\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[doctranslate.components]\nzz = {value}\n", encoding="utf-8")


def test_components_when_another_package_brings_one_then_it_is_known_by_name(tmp_path, monkeypatch):
    toml = write(tmp_path, MINIMAL.replace('"lib"', '"zzlib"'))
    entry_point(tmp_path, f"def where():\n    return {str(toml)!r}\n", "zz_plugin:where")
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        assert isinstance(component("zzlib"), Component)
        assert "zzlib" in [c.name for c in components()]
    finally:
        sys.modules.pop("zz_plugin", None)


def test_components_when_another_package_brings_a_broken_one_then_it_is_named(tmp_path, monkeypatch):
    entry_point(tmp_path, "def where():\n    raise RuntimeError('no')\n", "zz_plugin:where")
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        with pytest.raises(SpecError, match="zz_plugin:where failed"):
            components()
    finally:
        sys.modules.pop("zz_plugin", None)


def test_a_description_is_named_by_its_path_too(tmp_path):
    path = write(tmp_path, MINIMAL)
    assert requirement(str(path)).component == load_component(path)
    with pytest.raises(SpecError, match="cannot be read"):
        requirement(str(tmp_path / "missing.toml"))
