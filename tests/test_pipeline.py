"""`translate`, `open_store` and `build_store` from the outside: good input, bad input, and nothing lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from doctranslate import ScriptedEngine, Translation, open_store, translate, verify
from doctranslate.errors import (
    IsolationError,
    MalformedReplyError,
    SourceCodeError,
    StoreCorruptError,
    StoreMissingError,
    UnknownComponentError,
    UsageError,
)
from doctranslate.records import VerifyLevel

PROGRAM = """\
import git

repo = git.Repo(".")
repo.index.add(["data/train.csv", "train.py"])
repo.index.commit("Add the data")
"""


def offline(code: str, **settings: object) -> Translation:
    return translate(code, "gitpython", "dvc", engine="offline", **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("strategy", ["none", "docs", "llm", "llm-docs"])
def test_translate_when_each_strategy_is_asked_for_then_the_code_is_the_same_and_checked(
    strategy: str,
) -> None:
    found = offline(PROGRAM, strategy=strategy)
    assert found.report.ok
    assert [check.outcome for check in found.report.checks] == ["pass"] * 4
    assert "import git" not in found.code
    assert found.strategy == found.retrieved.strategy == strategy
    assert found.engine == "offline"
    assert found.dst.startswith("dvc==")


@pytest.mark.parametrize("strategy", ["docs", "llm-docs"])
def test_translate_when_documents_are_retrieved_then_they_come_from_both_stores(strategy: str) -> None:
    found = offline(PROGRAM, strategy=strategy)
    assert {d.component for d in found.retrieved.docs_src} == {"gitpython"}
    assert {d.component for d in found.retrieved.docs_dst} == {"dvc"}
    assert found.prompt is not None
    assert PROGRAM.splitlines()[3] in found.prompt.messages[-1].content


def test_translate_when_no_retrieval_is_asked_for_then_none_is_done() -> None:
    found = offline(PROGRAM, strategy="none")
    assert (found.retrieved.docs_src, found.retrieved.docs_dst, found.retrieved.queries) == ((), (), ())
    assert not any(citation.retrieved for citation in found.citations)


def test_citations_when_calls_are_new_then_each_names_its_document_line_and_version() -> None:
    found = offline(PROGRAM)
    by_symbol = {citation.symbol: citation for citation in found.citations}
    add = by_symbol["dvc.repo.Repo.add"]
    assert "repo.add(" in found.code.splitlines()[add.line - 1]
    assert any(uri.endswith("#dvc.repo.Repo.add") for uri in add.uris)
    assert found.dst == f"dvc=={add.version}"
    assert by_symbol["scmrepo.git.Git.commit"].chunk_ids


@pytest.mark.parametrize("query", ["calls", "code"])
def test_translate_when_the_query_mode_changes_then_the_queries_do(query: str) -> None:
    found = offline(PROGRAM, strategy="docs", query=query)
    assert bool(found.retrieved.docs_dst)
    assert (len(found.retrieved.queries) > 1) == (query == "calls")


def test_translate_when_the_engine_is_a_model_then_its_code_is_checked_too() -> None:
    invented = 'from dvc.repo import Repo\n\nrepo = Repo()\nrepo.add_remote_storage("s3")\nrepo.push(branch="main")\nimport git\ngit.Repo()\n'
    found = translate(
        PROGRAM, "gitpython", "dvc", "docs", engine=ScriptedEngine([f"```python\n{invented}```"]), repair=0
    )
    assert found.engine == "scripted"
    assert not found.report.ok
    lines = {(check.name, finding.line) for check in found.report.checks for finding in check.findings}
    assert {("calls-exist", 4), ("calls-exist", 5), ("no-source-imports", 6)} <= lines


def test_translate_when_the_reply_is_no_program_then_the_error_keeps_it() -> None:
    with pytest.raises(MalformedReplyError) as caught:
        translate(PROGRAM, "gitpython", "dvc", "docs", engine=ScriptedEngine(["I cannot do that, sorry."]))
    assert "I cannot do that" in caught.value.reply


def test_translate_when_data_is_given_then_it_decides() -> None:
    nothing = offline(PROGRAM, data=[])
    assert "track(" not in nothing.code
    assert 'repo.scm.add(["data/train.csv", "train.py"])' in nothing.code
    everything = offline(PROGRAM, data=["*"])
    assert 'track(repo, "train.py")' in everything.code


def test_translate_when_a_data_remote_is_given_then_the_program_sets_it() -> None:
    assert "'/mnt/store'" in offline(PROGRAM, data_remote="/mnt/store").code
    assert "storage" not in offline(PROGRAM).code


def test_translate_when_data_is_one_glob_then_it_is_not_read_letter_by_letter() -> None:
    assert offline(PROGRAM, data="data/*").code == offline(PROGRAM, data=["data/*"]).code


def test_translation_when_shown_then_it_is_one_short_line() -> None:
    found = offline(PROGRAM)
    assert found.ok
    assert repr(found).startswith("<Translation gitpython → dvc==")
    assert len(repr(found)) < 200


def test_translate_when_a_path_is_given_for_code_then_it_says_so() -> None:
    with pytest.raises(UsageError, match="name of a file"):
        offline("examples/aliases.py")


def test_translate_when_no_rules_exist_then_offline_returns_it_and_says_what_it_needs() -> None:
    code = "import packaging.version\n\nprint(packaging.version.parse('1.0'))\n"
    found = translate(code, "packaging", "platformdirs", engine="offline")
    assert found.code == code
    assert not found.ok
    assert "OPENAI_API_KEY" in found.unresolved[0].reason
    assert found.unresolved[0].line == 3


# ---------------------------------------------------------------------- bad input
@pytest.mark.parametrize(
    ("code", "line"),
    [("def broken(:\n", 1), ("x = 1\n  y = 2\n", 2), ("import git\nprint 'x'\n", 2), ("a\0b", None)],
)
def test_translate_when_the_program_is_not_python_then_the_error_has_the_line(
    code: str, line: int | None
) -> None:
    with pytest.raises(SourceCodeError, match="not Python") as caught:
        offline(code)
    if line is not None:
        assert caught.value.line == line


@pytest.mark.parametrize(
    "code", ["", "\n", "# only a comment", "import os\r\nprint(os.getcwd())\r\n", "git = 1\ngit.add\n"]
)
def test_translate_when_the_library_is_not_used_then_the_program_comes_back_and_it_is_said(code: str) -> None:
    found = offline(code)
    assert found.code == code
    assert not found.changed
    assert found.diff() == ""
    assert "does not use gitpython" in found.notes[0].message


def test_translate_when_a_library_is_unknown_then_near_names_are_listed() -> None:
    with pytest.raises(UnknownComponentError) as caught:
        translate(PROGRAM, "gitpythn", "dvc")
    assert "gitpython" in caught.value.near


@pytest.mark.parametrize(
    ("src", "dst"), [("dvc", "dvc"), ("gitpython", "GitPython"), ("git", "gitpython==3.1.60")]
)
def test_translate_when_source_is_target_then_it_is_a_usage_error(src: str, dst: str) -> None:
    with pytest.raises(UsageError, match="same library"):
        translate(PROGRAM, src, dst)


@pytest.mark.parametrize(
    "settings", [{"strategy": "magic"}, {"query": "all"}, {"verify": "hope"}, {"k": 0}, {"engine": "magic"}]
)
def test_translate_when_a_setting_is_wrong_then_the_error_names_it(settings: dict[str, object]) -> None:
    with pytest.raises(UsageError) as caught:
        translate(PROGRAM, "gitpython", "dvc", **settings)  # type: ignore[arg-type]
    assert str(next(iter(settings.values()))) in str(caught.value)


def test_translate_when_code_is_bytes_then_it_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="bytes"):
        translate(b"import git", "gitpython", "dvc")  # type: ignore[arg-type]


def test_translate_when_lines_end_in_crlf_and_tabs_indent_then_both_are_kept() -> None:
    code = 'import git\r\n\r\ndef main():\r\n\trepo = git.Repo(".")\r\n\trepo.git.checkout("dev")  # switch\r\n\tprint("x\ty")\r\n\r\nmain()\r\n'
    found = offline(code)
    assert "\n" not in found.code.replace("\r\n", "")
    assert '\tprint("x\ty")\r\n\r\nmain()\r\n' in found.code
    assert "# switch" in found.code
    compile(found.code, "translated", "exec")


def test_translate_when_the_file_has_20_000_lines_then_it_is_translated() -> None:
    filler = "".join(f"def f{i}(x):\n    return x + {i}\n\n" for i in range(6_500))
    code = f"import git\n{filler}\nrepo = git.Repo('.')\nrepo.index.commit('x')\n"
    assert code.count("\n") > 19_000
    found = offline(code)
    assert filler in found.code
    assert found.prompt is None  # no model will read it, and none could
    assert found.report.ok


# ---------------------------------------------------------------------- stores
@pytest.fixture
def stores(tmp_path: Path) -> Path:
    """A folder with copies of the stores that can be broken."""
    for name in ("gitpython", "dvc"):
        store = open_store(name)
        shutil.copytree(store.path, tmp_path / "stores" / store.path.name)
        store.close()
    return tmp_path / "stores"


def broken(stores: Path, name: str) -> Path:
    return next(path for path in stores.glob("dvc@*") if path.is_dir()) / name


@pytest.mark.parametrize("name", ["docs.sqlite", "vectors.npy", "index.faiss", "api.json", "lsa.json"])
def test_translate_when_a_store_is_cut_off_then_the_error_says_what_to_run(stores: Path, name: str) -> None:
    path = broken(stores, name)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(StoreCorruptError, match="doctranslate build dvc"):
        offline(PROGRAM, stores=stores)
    assert path.exists()  # nothing is thrown away without being asked


def test_translate_when_a_manifest_was_edited_then_the_store_is_refused(stores: Path) -> None:
    path = broken(stores, "manifest.json")
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "n_chunks": 1}))
    with pytest.raises(StoreCorruptError):
        offline(PROGRAM, stores=stores)


def test_open_store_when_building_is_not_wanted_then_a_missing_store_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError):
        open_store("dvc", build=False, stores=tmp_path)
    assert list(tmp_path.glob("dvc@*")) == []


def test_open_store_when_it_is_missing_then_it_is_built_and_reports_progress(tmp_path: Path) -> None:
    stages = []
    store = open_store("packaging", stores=tmp_path, progress=lambda stage, done, total: stages.append(stage))
    assert {"pages", "condense", "write"} <= set(stages)
    assert store.search("parse a version", k=1)[0].chunk.symbol.startswith("packaging.")
    assert store.manifest.component == "packaging"
    again = open_store("packaging", build=False, stores=tmp_path)
    assert len(again) == len(store)


def test_translate_when_a_call_has_no_counterpart_then_it_is_bridged_and_the_result_is_ok() -> None:
    found = offline(PROGRAM + "repo.git.gc()\n")
    assert found.ok
    assert [each.code for each in found.bridged] == ["repo.git.gc()"]
    assert {each.symbol for each in found.translated} >= {
        "git.repo.base.Repo",
        "git.index.base.IndexFile.add",
    }
    assert all(each.targets for each in found.translated)
    assert "bridged: line" in found._repr_html_()
    plain = found.as_dict()
    assert [len(plain[name]) for name in ("translated", "bridged", "unresolved")] == [
        len(found.translated),
        1,
        0,
    ]


def test_translate_when_there_is_to_be_no_bridge_then_the_call_stays_and_the_result_is_not_ok() -> None:
    found = offline(PROGRAM + "repo.git.gc()\n", bridge=False)
    assert not found.ok
    assert found.bridged == ()
    assert [each.code for each in found.unresolved] == ["repo.git.gc()"]
    assert "\nrepo.git.gc()\n" in found.code


@pytest.mark.parametrize(
    "wrong",
    [
        {"workspace": "/no/such/folder"},
        {"setup": Path("/no/such/setup.sh")},
        {"argv": "one text"},
        {"argv": [1]},
        {"isolation": "some"},
    ],
)
def test_translate_when_it_could_not_be_run_then_no_model_is_asked(wrong: dict[str, object]) -> None:
    engine = ScriptedEngine([f"```python\n{PROGRAM}```"] * 4)

    with pytest.raises(UsageError):
        translate(PROGRAM, "gitpython", "dvc", engine=engine, verify="equivalence", **wrong)  # type: ignore[arg-type]

    assert not engine.prompts


@pytest.mark.parametrize("level", ["execute", "equivalence"])
def test_translate_when_nothing_can_isolate_then_no_model_is_asked(
    level: VerifyLevel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doctranslate.verification.sandbox.sandbox.why_not", lambda *_: "not here")
    engine = ScriptedEngine([f"```python\n{PROGRAM}```"] * 4)

    with pytest.raises(IsolationError):
        translate(PROGRAM, "gitpython", "dvc", engine=engine, verify=level)
    with pytest.raises(IsolationError):
        verify(PROGRAM, PROGRAM, "gitpython", "dvc", level=level, stores="/no/such/folder")

    assert not engine.prompts
