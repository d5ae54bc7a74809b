"""Publish a new version of the training data and keep a record of it."""

import argparse
import io
import json
from pathlib import Path

import git
from git import Repo

ROOT = Path("datasets")


def open_or_clone(url: str, folder: Path) -> Repo:
    try:
        return Repo(folder)
    except (git.exc.InvalidGitRepositoryError, git.exc.NoSuchPathError):
        return Repo.clone_from(url, folder)


def previous_rows(repo: Repo, tag: str) -> int:
    if tag not in [str(known) for known in repo.tags]:
        return 0
    blob = repo.commit(tag).tree / "data" / "train.csv"
    return len(io.BytesIO(blob.data_stream.read()).readlines())


def publish(repo: Repo, source: Path, version: str) -> str:
    target = Path(repo.working_dir) / "data" / "train.csv"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(source.read_bytes())
    info = {"version": version, "rows": len(target.read_bytes().splitlines())}
    Path(repo.working_dir, "info.json").write_text(json.dumps(info))
    repo.index.add(["data/train.csv", "info.json"])
    repo.index.commit(f"Data {version}")
    repo.create_tag(f"data-{version}", message=f"Training data {version}")
    origin = repo.remote("origin")
    origin.push()
    origin.push(tags=True)
    return repo.head.commit.hexsha


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("version")
    parser.add_argument("--url", default="git@example.org:team/data.git")
    options = parser.parse_args()
    repo = open_or_clone(options.url, ROOT)
    if repo.is_dirty():
        raise SystemExit("there are uncommitted changes")
    repo.remotes.origin.pull()
    print("rows before:", previous_rows(repo, "data-1"))
    if options.version not in [head.name for head in repo.heads]:
        repo.create_head(f"release-{options.version}")
    print("published as", publish(repo, options.source, options.version))


if __name__ == "__main__":
    main()
