"""The functions that are copied into translated programs, on real repositories."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # DVC's dependencies deprecate things at import
    from dvc.exceptions import NotDvcRepoError
    from scmrepo.exceptions import SCMError

    from doctranslate.rules.gitpython_dvc import prelude

Git = Callable[..., str]
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def repo(committed: Path) -> Iterator[Any]:
    with closing(prelude.open_repo()) as opened:
        yield opened


def staged(git: Git) -> list[str]:
    return sorted(git("diff", "--cached", "--name-only").split())


def test_open_repo_opens_plain_git_and_leaves_it_clean(repo: Any, git: Git) -> None:
    assert repo.scm.root_dir == str(Path.cwd())
    assert git("status", "--porcelain") == ""


@pytest.mark.parametrize(("path", "error"), [(".", NotDvcRepoError), ("missing", FileNotFoundError)])
def test_open_repo_says_that_there_is_none(world: Path, path: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        prelude.open_repo(path)


def test_open_repo_searches_upwards_only_when_told(committed: Path) -> None:
    with pytest.raises(NotDvcRepoError):
        prelude.open_repo("data")
    with closing(prelude.open_repo("data", search_parent_directories=True)) as found:
        assert found.scm.root_dir == str(committed)


def test_init_repo_twice_keeps_what_is_there(world: Path) -> None:
    prelude.init_repo("new").close()
    (world / "new/.dvc/config").write_text("[core]\n    analytics = false\n")

    prelude.init_repo("new").close()

    assert "analytics" in (world / "new/.dvc/config").read_text()


def test_track_when_git_has_the_file_as_it_is_then_leaves_it_there(
    repo: Any, git: Git, committed: Path
) -> None:
    prelude.track(repo, "data/x.csv")

    assert staged(git) == []
    assert git("ls-files", "data") == "data/x.csv"


def test_track_when_git_has_the_file_and_it_changed_then_moves_it_to_dvc(
    repo: Any, git: Git, committed: Path
) -> None:
    (committed / "data/x.csv").write_text("b\n")

    prelude.track(repo, "data/x.csv")

    assert (committed / "data/x.csv").read_text() == "b\n"
    assert {"data/x.csv", "data/x.csv.dvc", "data/.gitignore"} <= set(staged(git))
    assert git("ls-files", "data") == "data/.gitignore\ndata/x.csv.dvc"


def test_track_from_another_folder_counts_from_the_repository(
    repo: Any, git: Git, committed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(committed.parent)

    prelude.track(repo, "data/x.csv", unchanged=True)

    assert "data/x.csv.dvc" in git("ls-files")


def test_add_tells_data_from_code_in_files_and_folders(repo: Any, git: Git, committed: Path) -> None:
    (committed / "data/y.bin").write_bytes(b"1")
    (committed / "data/note.py").write_text("1\n")
    (committed / "data/x.csv").write_text("b\n")

    prelude.add(repo, "data", "README.md")

    files = git("ls-files", "data").split()
    assert files == ["data/.gitignore", "data/note.py", "data/x.csv.dvc", "data/y.bin.dvc"]


def test_add_of_a_missing_file_is_an_error_and_of_a_deleted_one_is_not(
    repo: Any, git: Git, committed: Path
) -> None:
    (committed / "README.md").unlink()

    prelude.add(repo, "README.md")

    assert staged(git) == ["README.md"]
    with pytest.raises(FileNotFoundError):
        prelude.add(repo, "missing.txt")


def test_add_all_stages_changes_of_code_and_data(repo: Any, git: Git, committed: Path) -> None:
    prelude.track(repo, "data/x.csv", unchanged=True)
    repo.scm.commit("track")
    (committed / "data/x.csv").write_text("b\n")
    (committed / "new.txt").write_text("n\n")
    (committed / "README.md").unlink()

    prelude.add_all(repo)

    assert staged(git) == ["README.md", "data/x.csv.dvc", "new.txt"]


def test_add_updated_leaves_new_files_alone(repo: Any, git: Git, committed: Path) -> None:
    (committed / "new.txt").write_text("n\n")
    (committed / "README.md").write_text("two\n")

    prelude.add_updated(repo)

    assert staged(git) == ["README.md"]


def test_commit_staged_refuses_an_empty_commit(repo: Any, git: Git, committed: Path) -> None:
    with pytest.raises(SCMError):
        prelude.commit_staged(repo, "nothing")

    (committed / "README.md").write_text("two\n")
    repo.scm.add("README.md")
    prelude.commit_staged(repo, "second")
    assert git("log", "-1", "--format=%B") == "second"


def test_create_tag_refuses_one_that_exists(repo: Any, git: Git) -> None:
    prelude.create_tag(repo, "v1", message="one")
    prelude.create_tag(repo, "v2")

    with pytest.raises(SCMError):
        prelude.create_tag(repo, "v1")
    assert git("cat-file", "-t", "v1") == "tag"
    assert git("cat-file", "-t", "v2") == "commit"


def test_create_tag_moves_one_that_exists_when_told(repo: Any, git: Git) -> None:
    prelude.create_tag(repo, "v1", message="one")
    git("commit", "-q", "--allow-empty", "-m", "second")

    prelude.create_tag(repo, "v1", message="two", force=True)
    assert git("for-each-ref", "--format=%(contents:subject)", "refs/tags") == "two"
    prelude.create_tag(repo, "v1", force=True)
    assert git("rev-parse", "v1") == git("rev-parse", "HEAD")


def test_create_branch_keeps_one_that_exists_at_the_same_commit(repo: Any, git: Git) -> None:
    git("branch", "old")
    git("commit", "-q", "--allow-empty", "-m", "second")

    prelude.create_branch(repo, "old", "HEAD~1")
    prelude.create_branch(repo, "new", "HEAD~1")
    with pytest.raises(FileExistsError):  # as with GitPython, which raises an OSError
        prelude.create_branch(repo, "old")

    assert git("rev-parse", "old") == git("rev-parse", "new") == git("rev-parse", "HEAD~1")


def test_checkout_brings_the_data_along(repo: Any, git: Git, committed: Path) -> None:
    prelude.track(repo, "data/x.csv", unchanged=True)
    repo.scm.commit("track")
    git("branch", "old")
    (committed / "data/x.csv").write_text("b\n")
    prelude.track(repo, "data/x.csv")
    repo.scm.commit("change")

    prelude.checkout(repo, "old")

    assert (committed / "data/x.csv").read_text() == "a\n"
    assert not prelude.is_detached(repo)


def test_checkout_of_a_branch_of_the_remote_makes_it_here(repo: Any, git: Git) -> None:
    git("push", "-q", "origin", "main:side")
    git("fetch", "-q")

    prelude.checkout(repo, "side")

    assert git("symbolic-ref", "--short", "HEAD") == "side"


def test_checkout_of_a_commit_detaches(repo: Any) -> None:
    prelude.checkout(repo, repo.scm.get_rev())

    assert prelude.is_detached(repo)


def test_expect_remote_fails_where_there_is_none(repo: Any, committed: Path) -> None:
    prelude.expect_remote(repo, "origin")
    (committed / "up").mkdir()  # is none, though git could push there

    with pytest.raises(ValueError, match="'up' didn't exist"):
        prelude.expect_remote(repo, "up")
    with pytest.raises(IndexError):
        prelude.expect_remote(repo, "up", IndexError)


def test_push_sends_branch_tag_and_data(repo: Any, git: Git, committed: Path) -> None:
    prelude.track(repo, "data/x.csv", unchanged=True)
    repo.scm.commit("track")
    repo.scm.tag("v1")

    prelude.push(repo)
    prelude.push(repo, "origin", "v1")
    prelude.push_refspecs(repo, "origin", "main:copy")

    origin = committed.parent / "origin.git"
    assert git("rev-parse", "main", "v1", "copy", at=origin).split() == [git("rev-parse", "main")] * 3
    assert git("rev-parse", "origin/main") == git("rev-parse", "main")
    assert [path for path in (committed.parent / "storage").rglob("*") if path.is_file()]


def test_push_tags_sends_every_tag(repo: Any, git: Git, committed: Path) -> None:
    repo.scm.tag("v1")
    repo.scm.tag("v2", annotated=True, message="two")

    prelude.push_tags(repo)

    assert git("tag", at=committed.parent / "origin.git").split() == ["v1", "v2"]


def test_clone_repo_gets_the_data(repo: Any, git: Git, committed: Path) -> None:
    prelude.track(repo, "data/x.csv", unchanged=True)
    repo.scm.commit("track")
    prelude.push(repo)

    with closing(prelude.clone_repo("../origin.git", "../copy", rev="main")) as copy:
        assert copy.scm.active_branch() == "main"
    assert (committed.parent / "copy/data/x.csv").read_text() == "a\n"


def test_is_dirty_sees_changed_data(repo: Any, git: Git, committed: Path) -> None:
    prelude.track(repo, "data/x.csv", unchanged=True)
    repo.scm.commit("track")
    assert not prelude.is_dirty(repo)

    (committed / "data/x.csv").write_text("b\n")

    assert not repo.scm.is_dirty()
    assert prelude.is_dirty(repo)


def test_history_walks_merges_newest_first(repo: Any, git: Git) -> None:
    git("checkout", "-q", "-b", "side")
    git("commit", "-q", "--allow-empty", "-m", "side", "--date=2030-01-02")
    git("checkout", "-q", "main")
    git("commit", "-q", "--allow-empty", "-m", "main")
    git("merge", "-q", "--no-ff", "-m", "merge", "side")

    messages = [commit.message.strip() for commit in prelude.history(repo)]

    assert messages[0] == "merge"
    assert messages[-1] == "first"
    assert sorted(messages) == ["first", "main", "merge", "side"]
    assert len(list(prelude.history(repo, "main", max_count=2))) == 2
    assert list(prelude.history(repo, max_count=0)) == []


def test_git_errors_turns_foreign_errors_and_lets_its_own_through() -> None:
    with pytest.raises(SCMError, match="odd"), prelude.git_errors():
        raise ValueError("odd")
    own = SCMError("own")
    with pytest.raises(SCMError) as caught, prelude.git_errors():
        raise own
    assert caught.value is own


@pytest.mark.parametrize(
    ("path", "expected"), [("a.bin", True), ("data/x", True), ("data/x.py", False), ("./a.py", False)]
)
def test_is_data_goes_by_its_globs(path: str, expected: bool) -> None:
    assert prelude.is_data(path) is expected


def test_use_data_remote_keeps_one_that_is_set(repo: Any) -> None:
    prelude.use_data_remote(repo)

    assert repo.config["core"]["remote"] == "storage"
    assert "url = \n" not in Path(".dvc/config").read_text()


def test_add_when_a_folder_lost_files_then_stages_that(repo: Any, git: Git, committed: Path) -> None:
    (committed / "data/y.csv").write_text("1\n")
    prelude.add(repo, "data")
    repo.scm.commit("y")
    (committed / "data/y.csv").unlink()
    (committed / "data/x.csv").unlink()

    prelude.add(repo, "data")

    assert prelude.tracked_files(repo) == ["README.md"]
    assert not [name for name in git("ls-files").split() if name.endswith((".csv", ".csv.dvc"))]


def test_add_when_a_pattern_is_given_then_files_that_match_are_staged(
    repo: Any, git: Git, committed: Path
) -> None:
    (committed / "a.py").write_text("1\n")
    (committed / "data/y.csv").write_text("1\n")

    prelude.add(repo, "*.py", ["data/*.csv"])

    assert {"a.py", "data/y.csv.dvc"} <= set(staged(git))


def test_push_when_the_remote_has_moved_on_then_fails_if_asked_to(
    repo: Any, git: Git, committed: Path
) -> None:
    git("commit", "-q", "--allow-empty", "-m", "theirs")
    git("push", "-q")
    git("reset", "-q", "--hard", "HEAD~1")
    git("commit", "-q", "--allow-empty", "-m", "mine")

    prelude.push(repo, "origin", "main")
    with pytest.raises(SCMError, match="rejected"):
        prelude.push(repo, "origin", "main", check=True)


def test_push_when_a_branch_is_deleted_then_its_trace_goes_too(repo: Any, git: Git) -> None:
    git("push", "-q", "origin", "main:old")

    prelude.push_refspecs(repo, "origin", ":old")

    assert git("branch", "-r") == "origin/main"


def test_restore_when_a_file_was_changed_then_brings_back_what_was_staged(
    repo: Any, git: Git, committed: Path
) -> None:
    (committed / "data/y.csv").write_text("1\n")
    (committed / "README.md").write_text("staged\n")
    prelude.add(repo, "data/y.csv", "README.md")
    (committed / "data/y.csv").write_text("2\n")
    (committed / "README.md").write_text("changed\n")

    prelude.restore(repo, "data/y.csv", "README.md")

    assert (committed / "data/y.csv").read_text() == "1\n"
    assert (committed / "README.md").read_text() == "staged\n"


def test_restore_when_a_revision_is_given_then_stages_what_it_had(
    repo: Any, git: Git, committed: Path
) -> None:
    (committed / "data/x.csv").write_text("b\n")
    prelude.add(repo, "data/x.csv")
    repo.scm.commit("b")

    prelude.restore(repo, "data/x.csv", rev="HEAD~1")

    assert (committed / "data/x.csv").read_text() == "a\n"
    assert prelude.porcelain(repo) == "M  data/x.csv"


def test_move_and_remove_when_files_are_data_or_code_then_both_know_it(
    repo: Any, git: Git, committed: Path
) -> None:
    (committed / "data/y.csv").write_text("1\n")
    prelude.add(repo, "data/y.csv")
    repo.scm.commit("y")

    prelude.move(repo, "data/y.csv", "data/z.csv")
    prelude.move(repo, "data/x.csv", "data/w.csv")
    prelude.move(repo, "README.md", "READ.md")
    assert prelude.tracked_files(repo) == ["READ.md", "data/w.csv", "data/z.csv"]
    assert {"data/w.csv.dvc", "data/z.csv.dvc"} <= set(git("ls-files").split())

    prelude.remove(repo, "data/z.csv", "READ.md", cached=True)
    prelude.remove(repo, "data")
    assert prelude.tracked_files(repo) == []
    assert (committed / "READ.md").exists()
    assert (committed / "data/z.csv").exists()
    assert not (committed / "data/w.csv").exists()


def test_porcelain_when_data_and_code_changed_then_says_what_git_would(
    repo: Any, git: Git, committed: Path
) -> None:
    prelude.track(repo, "data/x.csv", unchanged=True)
    repo.scm.commit("track")
    (committed / "data/x.csv").write_text("b\n")
    (committed / "README.md").unlink()
    (committed / "new.py").write_text("1\n")

    assert prelude.porcelain(repo) == " D README.md\n M data/x.csv\n?? new.py"
    assert prelude.changed_files(repo) == ["README.md", "data/x.csv"]
    prelude.add_all(repo)
    assert prelude.porcelain(repo) == "D  README.md\nM  data/x.csv\nA  new.py"


def test_track_pattern_when_git_has_files_that_match_then_they_move(
    repo: Any, git: Git, committed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prelude, "DATA", prelude.DATA)
    assert not prelude.is_data("README.md")

    prelude.track_pattern(repo, "*.md")

    assert prelude.is_data("README.md")
    assert "README.md.dvc" in git("ls-files").split()


def test_record_data_when_a_stash_follows_then_the_change_is_put_aside_and_comes_back(
    repo: Any, git: Git, committed: Path
) -> None:
    prelude.track(repo, "data/x.csv", unchanged=True)
    repo.scm.commit("track")
    (committed / "data/x.csv").write_text("b\n")

    prelude.record_data(repo)
    git("stash")
    repo.checkout()
    assert (committed / "data/x.csv").read_text() == "a\n"
    git("stash", "pop")
    repo.checkout()
    assert (committed / "data/x.csv").read_text() == "b\n"


def test_own_gitignore_of_the_program_is_told_from_that_of_dvc(repo: Any, git: Git, committed: Path) -> None:
    for folder in ("dvc", "mixed", "empty"):
        (committed / folder).mkdir()
        (committed / folder / "my data [1].csv").write_text("1\n")
        prelude.track(repo, f"{folder}/my data [1].csv")
    with (committed / "mixed/.gitignore").open("a") as file:
        file.write("*.log\n")
    (committed / "empty/.gitignore").write_text("")
    repo.scm.add(["mixed/.gitignore", "empty/.gitignore"])
    repo.scm.commit("track")
    wanted = ["empty/.gitignore", "mixed/.gitignore"]

    def ignores(paths: list[str]) -> list[str]:
        return [path for path in paths if path.endswith(".gitignore")]

    assert ignores(prelude.tracked_files(repo)) == wanted
    assert ignores(prelude.files_at(repo, "HEAD")) == wanted
    assert ignores(prelude.changed_in(repo, repo.scm.resolve_commit("HEAD"))) == wanted
    tree = prelude.entry_at(repo)
    assert ignores([entry.path for entry in tree.walk()]) == wanted


def test_porcelain_when_data_moves_from_git_to_dvc_then_it_is_modified(
    repo: Any, git: Git, committed: Path
) -> None:
    (committed / "data/x.csv").write_text("b\n")

    prelude.track(repo, "data/x.csv")

    assert prelude.porcelain(repo) == "M  data/x.csv"
