"""Reading an API from source: every way of making a public name, on a small package."""

import subprocess
import sys

import pytest

from doctranslate.component import Api
from doctranslate.sources.api_reader import read
from tests.sources.samples import FORWARDS, read_sample, write_package


@pytest.fixture(scope="module")
def lib(tmp_path_factory):
    return read_sample(tmp_path_factory.mktemp("lib"))


@pytest.mark.parametrize(
    ("name", "signature"),
    [
        ("lib.core.Repo.add", "add(targets: list[str], force: bool = False) -> int"),
        ("lib.core.Repo.status", "status(url, rev=None)"),
        ("lib.core.Repo.scan_all", "scan_all(start: str, depth: int = 1, deep: bool = False)"),
        ("lib.core.Repo.find", "find(depth: int = 1)"),
        ("lib.core.Repo.push", "push(url: str, force: bool = False) -> int"),
        ("lib.core.Repo.run", "run(cmd: str, name: typing.Optional[str] = None)"),
        ("lib.core.Repo.start", "start(cmd: str, name: typing.Optional[str] = None, *, wait: bool = False)"),
        (
            "lib.core.Repo.open",
            "open(path: str, /, mode='r', *args, flag: bool = False, **kwargs) -> Repo",
        ),
        ("lib.core.Repo.fetch", "async fetch(*, depth: int = 1) -> None"),
        ("lib.core.Repo", "Repo(path: Optional[str] = None, *, owner: Optional[Commit] = None, **kw)"),
        ("lib.models.Commit", "Commit(sha: str, parents: list[Commit] = list())"),
        ("lib.models.Index", "Index(repo: object, size: int = 0)"),
        ("lib.models.Pair", "Pair(a: int, b: int = 2)"),
        ("lib.models.Unknown", "Unknown(*args, **kwargs)"),
        ("lib.core.Base", "Base()"),
    ],
)
def test_read_when_an_object_is_callable_then_its_signature_is_what_a_caller_writes(lib, name, signature):
    assert lib.objects[name].api.signature == signature


@pytest.mark.parametrize(
    ("name", "returns"),
    [
        ("lib.core.Repo.head", "lib.models.Commit"),
        ("lib.core.Repo.tip", "lib.models.Commit"),
        ("lib.core.Repo.lazy", "lib.models.Commit"),
        ("lib.core.Repo.got", "lib.models.Commit"),
        ("lib.core.Repo.backend", "lib.backend.Backend"),
        ("lib.core.Repo.engine", "lib.backend.Backend"),
        ("lib.core.Repo.index", "lib.models.Index"),
        ("lib.core.Repo.owner", "lib.models.Commit"),
        ("lib.core.Repo.path", "str"),
        ("lib.core.Repo.set_later", "lib.backend.Backend"),
        ("lib.core.Repo.list", "list[lib.models.Commit]"),
        ("lib.core.Repo.names", "list[str]"),
        ("lib.core.Repo.open", "lib.core.Repo"),
        ("lib.core.Repo.here", "lib.core.Repo"),
        ("lib.core.default", "lib.core.Repo"),
        ("lib.models.Commit.short", "str"),
    ],
)
def test_read_when_the_source_tells_a_type_then_it_is_canonical(lib, name, returns):
    assert lib.objects[name].api.returns == returns


@pytest.mark.parametrize("name", ["either", "shadow", "walk", "late"])
def test_read_when_the_source_does_not_tell_a_type_then_none_is_guessed(lib, name):
    assert lib.objects[f"lib.core.Repo.{name}"].api.returns == ""


def test_read_when_a_static_method_returns_its_first_parameter_then_that_is_not_the_object(lib):
    made = lib.objects["lib.core.Repo.make"].api
    assert made.returns == "" and "staticmethod" in made.labels
    assert [p.name for p in made.parameters] == ["path"]


def test_read_when_properties_are_made_in_any_way_then_they_are_attributes(lib):
    for name in ("head", "tip", "lazy", "got"):
        found = lib.objects[f"lib.core.Repo.{name}"].api
        assert (found.kind, "property" in found.labels, found.parameters) == ("attribute", True, ())
    assert "writable" in lib.objects["lib.core.Repo.head"].api.labels


def test_read_when_names_are_imported_then_they_are_aliases_of_where_they_are_defined(lib):
    assert lib.aliases["lib.Repo"] == "lib.core.Repo"
    assert lib.aliases["lib.Tag"] == "lib.backend.Backend", "an alias of an alias leads to the end"
    assert lib.aliases["lib.core.Repo.Kind"] == "lib.backend.Backend"
    assert lib.aliases["lib.core.other_open"] == "lib.tools.open_repo"
    assert lib.exported == {"lib.Repo", "lib.Tag", "lib.Hidden"}
    assert not set(lib.aliases.values()) - lib.objects.keys()


def test_read_when_a_private_class_is_exported_then_it_is_there_with_its_private_base(lib):
    assert lib.objects["lib._private.Hidden"].api.bases == ("lib._private._Root",)
    assert lib.objects["lib._private._Root.inherited"].docstring == "From a private base."


def test_read_when_names_are_private_or_of_tests_then_they_are_left_out(lib):
    parts = {part for name in lib.objects for part in name.split(".")}
    left_out = {
        "_secret",
        "_hidden",
        "__private",
        "_get",
        "_vendor",
        "Vendored",
        "tests",
        "test_it",
        "__init__",
    }
    assert not parts & left_out


def test_read_when_one_assignment_makes_several_names_then_all_are_there(lib):
    assert {"lib.core.Repo.LOW", "lib.core.Repo.HIGH"} <= lib.objects.keys()


def test_read_when_classes_answer_any_name_then_they_are_dynamic(lib):
    assert lib.objects["lib.backend.Backend"].api.dynamic
    assert lib.objects["lib"].api.dynamic
    assert not lib.objects["lib.core.Repo"].api.dynamic


def test_read_when_a_member_forwards_then_docstring_and_origin_come_along(lib):
    push = lib.objects["lib.core.Repo.push"]
    assert (push.docstring, push.source) == ("Push it.", "lib.backend.Backend.push")
    assert "abstract" not in push.api.labels
    assert lib.objects["lib.core.Repo.odd"].api.kind == "attribute", "there is nothing it could forward to"


def test_read_when_nothing_says_that_it_forwards_then_it_does_not(tmp_path):
    plain = read_sample(tmp_path, Api())
    assert plain.objects["lib.core.Repo.push"].api.kind == "attribute"


def test_read_when_there_are_overloads_then_each_is_kept(lib):
    conv = lib.objects["lib.tools.conv"]
    assert conv.overloads == ("conv(x: int) -> int", "conv(x: str) -> str")
    assert conv.docstring == "Convert."


def test_read_when_a_class_declares_slots_then_they_are_attributes(lib):
    assert {"lib.models.Slotted.x", "lib.models.Slotted.y"} <= lib.objects.keys()


def test_read_when_modules_are_kept_or_skipped_then_only_the_rest_is_read(tmp_path):
    folder = write_package(tmp_path)
    kept = read([("lib", folder)], Api(keep=("lib.backend",)))
    assert {n for n, o in kept.objects.items() if o.api.kind == "module"} == {"lib", "lib.backend"}
    skipped = read([("lib", folder)], Api(skip=("lib.models", "lib.core.Repo.add"), forwards=FORWARDS))
    assert "lib.models.Commit" not in skipped.objects
    assert "lib.core.Repo.add" not in skipped.objects and "lib.core.Repo.push" in skipped.objects


def test_read_when_there_are_no_sources_then_import_error_names_the_package(tmp_path):
    with pytest.raises(ImportError, match="nowhere"):
        read([("nowhere", tmp_path)], Api())


def test_read_when_a_package_would_do_harm_on_import_then_nothing_of_it_runs(tmp_path):
    trap = tmp_path / "ran"
    code = f"open({str(trap)!r}, 'w')\nclass Safe:\n    'Read.'\nraise SystemExit(3)\n"
    (tmp_path / "evil").mkdir()
    (tmp_path / "evil" / "__init__.py").write_text(code)
    assert read([("evil", tmp_path)], Api()).objects["evil.Safe"].docstring == "Read."
    assert not trap.exists() and "evil" not in sys.modules


def test_read_when_run_twice_then_the_same_comes_out_and_the_collector_is_on_again(tmp_path):
    import gc

    assert gc.isenabled()
    assert read_sample(tmp_path) == read_sample(tmp_path)
    assert gc.isenabled()


def test_component_when_imported_then_griffe_is_not_loaded():
    code = "import sys, doctranslate.component; sys.exit('griffe' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
