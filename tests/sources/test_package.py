"""The package source on the real GitPython, DVC and scmrepo, and on a wheel that is not installed."""

import importlib
import importlib.metadata
import inspect
import sys

import pytest

from doctranslate import wheels
from doctranslate.apis import ApiIndex
from doctranslate.component import Component, component, requirement
from doctranslate.errors import CrawlError, DistributionError
from doctranslate.sources.package import PackageSource, read_api


@pytest.mark.parametrize(
    ("path", "returns"),
    [
        ("git.Repo", "git.repo.base.Repo"),
        ("git.Repo.create_tag", "git.refs.tag.TagReference"),
        ("git.Repo.git", "git.cmd.Git"),
        ("git.Repo.index", "git.index.base.IndexFile"),
        ("git.Repo.remotes", "git.util.IterableList[git.remote.Remote]"),
        ("git.Repo.heads", "git.util.IterableList[git.refs.head.Head]"),
        ("git.Repo.tags", "git.util.IterableList[git.refs.tag.TagReference]"),
        ("git.Repo.active_branch", "git.refs.head.Head"),
        ("git.Repo.head", "git.refs.head.HEAD"),
        ("git.HEAD.commit", "git.objects.commit.Commit"),
        ("git.Head.commit", "git.objects.commit.Commit"),
        ("git.Commit.author", "git.util.Actor"),
        ("git.Commit.tree", "git.objects.tree.Tree"),
        ("git.Commit.message", "typing.Union[str, bytes]"),
        ("git.Commit.authored_date", "int"),
        ("git.Commit.hexsha", "str"),
        ("git.Repo.clone_from", "git.repo.base.Repo"),
    ],
)
def test_api_when_gitpython_is_read_then_types_lead_on(gitpython, path, returns):
    found = gitpython.api().get(path)
    assert found is not None and found.returns == returns


@pytest.mark.parametrize(
    "name",
    ["GitCommandError", "InvalidGitRepositoryError", "NoSuchPathError", "BadName", "BadObject", "ODBError"],
)
def test_api_when_an_exception_comes_from_another_package_then_it_is_known(gitpython, name):
    found = gitpython.api().get(f"git.exc.{name}")
    assert found is not None and found.kind == "class"
    assert gitpython.api().get(f"git.{name}") in (found, None)


def test_api_when_a_class_answers_any_command_then_it_is_dynamic(gitpython):
    found = gitpython.api().get("git.Git")
    assert found is not None and found.dynamic


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        (
            "dvc.repo.Repo.add",
            "targets no_commit glob out remote to_remote remote_jobs force relink",
        ),
        ("dvc.repo.Repo.ls", "url path rev recursive dvc_only config remote remote_config maxdepth"),
        ("dvc.repo.Repo.get_url", "url out fs_config jobs force config"),
        ("dvc.repo.Repo.init", "root_dir no_scm force subdir"),
        ("dvc.api.read", "path repo rev remote mode encoding config remote_config"),
        ("scmrepo.git.Git.tag", "tag target annotated message"),
        ("scmrepo.git.Git.add", "paths update force"),
        ("scmrepo.git.Git.checkout", "branch create_new force kwargs"),
        ("scmrepo.git.Git.add_commit", "paths message"),
    ],
)
def test_api_when_dvc_is_read_then_parameters_are_those_of_a_call(dvc, path, parameters):
    found = dvc.api().get(path)
    assert found is not None and found.kind == "function"
    assert " ".join(p.name for p in found.parameters) == parameters


@pytest.mark.parametrize(
    ("path", "returns"),
    [
        ("dvc.repo.Repo.add", "list[dvc.stage.Stage]"),
        ("dvc.repo.Repo.scm", "typing.Union[scmrepo.git.Git, scmrepo.noscm.NoSCM]"),
        ("dvc.repo.Repo.open", "dvc.repo.Repo"),
        ("dvc.repo.Repo.config", "dvc.config.Config"),
        ("dvc.repo.Repo.metrics", "dvc.repo.metrics.Metrics"),
        ("scmrepo.git.Git.stash", "scmrepo.git.stash.Stash"),
        ("scmrepo.git.Git.resolve_commit", "scmrepo.git.objects.GitCommit"),
        ("scmrepo.git.objects.GitCommit.message", "str"),
    ],
)
def test_api_when_dvc_is_read_then_types_lead_on(dvc, path, returns):
    found = dvc.api().get(path)
    assert found is not None and found.returns == returns


@pytest.mark.parametrize(
    "name", ["init", "add", "push", "pull", "ls", "get", "du", "status", "commit", "open", "imp"]
)
def test_api_when_compared_with_the_imported_class_then_parameters_agree(dvc, name):
    found = dvc.api().get(f"dvc.repo.Repo.{name}")
    repo = importlib.import_module("dvc.repo").Repo
    static = inspect.getattr_static(repo, name)
    real = list(inspect.signature(inspect.unwrap(getattr(repo, name))).parameters.values())
    real = real if isinstance(static, staticmethod) else real[1:]
    assert found is not None
    assert [p.name for p in found.parameters] == [p.name for p in real]
    assert [p.default is None for p in found.parameters] == [
        p.default is p.empty or p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL) for p in real
    ]


def test_api_when_a_file_system_inherits_then_its_methods_are_found(dvc):
    api = dvc.api()
    file_system = api.get("dvc.api.DVCFileSystem")
    assert file_system is not None
    found = api.member(file_system.name, "read_text")
    assert found is not None and found.parameters[0].name == "path"


def test_api_when_written_as_json_then_it_comes_back_equal(gitpython):
    api = gitpython.api()
    again = ApiIndex.from_json(api.to_json())
    assert again == api
    assert again.to_json() == read_api(component("gitpython")).to_json()


def test_pages_when_dvc_is_read_then_each_symbol_is_in_the_api_and_each_address_once(dvc, dvc_pages):
    objects = dvc.api().objects
    api_pages = [page for page in dvc_pages if page.kind == "api"]
    assert len(api_pages) > 400
    assert not [page.symbol for page in api_pages if page.symbol not in objects]
    assert len({page.uri for page in dvc_pages}) == len(dvc_pages)
    for page in api_pages:
        assert page.signatures and all(line in page.text for line in page.signatures)


def test_pages_when_a_function_is_a_method_then_it_has_one_page_by_the_name_that_is_called(dvc_pages):
    symbols = [page.symbol for page in dvc_pages]
    assert symbols.count("dvc.repo.Repo.add") == 1
    assert "dvc.repo.add.add" not in symbols


def test_pages_when_scm_forwards_then_the_page_has_signature_and_address_of_scmrepo(dvc_pages):
    (page,) = [page for page in dvc_pages if page.symbol == "scmrepo.git.Git.tag"]
    version = importlib.metadata.version("scmrepo")
    assert page.uri == f"pypi:scmrepo@{version}#scmrepo.git.Git.tag"
    assert page.signatures[0].startswith(
        "tag(tag: str, target: Optional[str] = None, annotated: bool = False"
    )


def test_pages_when_a_method_has_no_docstring_then_the_one_it_overrides_speaks_for_it(dvc_pages):
    page = next(page for page in dvc_pages if page.symbol == "scmrepo.git.Git.list_tags")
    assert "list of available tags" in page.text


def test_pages_when_a_class_is_defined_elsewhere_then_title_and_signature_say_what_people_import(
    gitpython_pages, dvc_pages
):
    titles = {page.symbol: page.title for page in (*gitpython_pages, *dvc_pages)}
    assert titles["git.repo.base.Repo.create_tag"] == "git.Repo.create_tag"
    assert titles["dvc.fs.dvc._DVCFileSystem"] == "dvc.api.DVCFileSystem"
    (page,) = [page for page in dvc_pages if page.symbol == "dvc.fs.dvc._DVCFileSystem"]
    assert page.signatures[0].startswith("DVCFileSystem(")


def test_pages_when_a_class_has_bases_and_plain_attributes_then_its_page_tells_them(gitpython_pages):
    (commit,) = [page for page in gitpython_pages if page.symbol == "git.objects.commit.Commit"]
    assert "Bases: git.objects.base.Object" in commit.text
    assert "author: git.util.Actor" in commit.text
    assert "Inherited from git.Object: " in commit.text and "hexsha" in commit.text


def test_pages_when_there_is_a_readme_then_it_is_a_guide(gitpython, gitpython_pages):
    guide = gitpython_pages[-1]
    assert (guide.kind, guide.symbol, guide.uri) == (
        "guide",
        "",
        f"pypi:GitPython@{gitpython.version}#README",
    )
    assert guide.media_type in ("text/markdown", "text/x-rst") and len(guide.text) > 500


def test_pages_when_less_is_found_than_expected_then_it_is_an_error():
    broken = component("gitpython").model_copy(update={"expect": {"api": 100_000}})
    with pytest.raises(CrawlError, match="100000 or more are expected"):
        list(PackageSource(broken).pages())


def test_package_source_when_the_distribution_is_not_to_be_had_then_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCTRANSLATE_OFFLINE", "1")
    monkeypatch.setenv("DOCTRANSLATE_CACHE", str(tmp_path))
    missing = Component(name="zz", distribution="zz-not-there", imports=("zz",))
    with pytest.raises(DistributionError, match="zz-not-there"):
        PackageSource(missing)


def test_read_api_when_there_are_no_source_files_then_it_says_so():
    compiled = Component(name="x", distribution="PyYAML", imports=("not_there",))
    with pytest.raises(DistributionError, match="no source files"):
        read_api(compiled)


def test_read_api_when_it_reads_then_nothing_of_the_distribution_is_imported():
    # In this process other tests may have imported it: a fresh one tells.
    import subprocess

    code = (
        "import sys; from doctranslate.component import component\n"
        "from doctranslate.sources.package import read_api\n"
        "assert read_api(component('gitpython')).get('git.Repo')\n"
        "sys.exit(sum(m.split('.')[0] in ('git', 'gitdb') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture
def old_gitpython(tmp_path, monkeypatch):
    """A version that is not installed, fetched by pip in a process of its own."""
    monkeypatch.setenv("DOCTRANSLATE_CACHE", str(tmp_path))
    monkeypatch.delenv("DOCTRANSLATE_OFFLINE", raising=False)
    try:
        wheels.fetch("GitPython", version="3.1.40")
    except DistributionError as exc:
        pytest.skip(f"the package index cannot be reached: {exc}")
    return requirement("gitpython==3.1.40")


def test_package_source_when_a_version_is_pinned_then_that_one_is_read(old_gitpython):
    source = PackageSource(old_gitpython.component, old_gitpython.version)
    api = source.api()
    assert (source.version, api.version) == ("3.1.40", "3.1.40")
    # In this version they are assignments: commit = property(_get_commit, set_commit).
    found = api.get("git.Head.commit")
    assert found is not None and found.returns == "git.objects.commit.Commit"
    pages = list(source.pages())
    assert any(page.uri == "pypi:GitPython@3.1.40#git.repo.base.Repo.create_tag" for page in pages)
    with pytest.raises(DistributionError, match="cannot be downloaded as a wheel"):
        PackageSource(old_gitpython.component, "0.0.1")
