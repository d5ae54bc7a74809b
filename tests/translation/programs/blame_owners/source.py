"""CODEOWNERS draft: for every tracked text file, the person who wrote most of its lines."""
from collections import Counter
from pathlib import Path

from git import Repo


def tracked_files(repo: Repo) -> list[str]:
    return [line for line in repo.git.ls_files().splitlines() if line.endswith((".py", ".md", ".yaml"))]


def owners(repo: Repo, path: str) -> Counter:
    lines: Counter = Counter()
    for commit, content in repo.blame("HEAD", path):
        lines[commit.author.email] += len(content)
    return lines


def main() -> None:
    repo = Repo(Path.cwd())
    draft = []
    for path in tracked_files(repo):
        ranking = owners(repo, path).most_common()
        if not ranking:
            continue
        email, n = ranking[0]
        draft.append(f"{path} {email}")
        print(path, dict(ranking))
    Path("CODEOWNERS").write_text("\n".join(draft) + "\n")
    repo.index.add(["CODEOWNERS"])
    repo.index.commit("Draft the code owners")


if __name__ == "__main__":
    main()
