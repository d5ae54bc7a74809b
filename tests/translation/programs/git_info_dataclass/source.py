import os
import tempfile
from dataclasses import asdict, dataclass
from typing import Optional

import git
from git.exc import InvalidGitRepositoryError, NoSuchPathError


@dataclass
class GitInfo:
    """Where a result comes from; every field is None outside of a repository."""

    root: Optional[str] = None
    branch: Optional[str] = None
    sha: Optional[str] = None
    tag: Optional[str] = None

    @classmethod
    def of(cls, folder: str) -> "GitInfo":
        try:
            repo = git.Repo(folder, search_parent_directories=True)
        except InvalidGitRepositoryError:
            return cls()
        except NoSuchPathError:
            return cls(root="(no such folder)")
        head = repo.head.commit
        tags = [tag.name for tag in repo.tags if tag.commit == head]
        return cls(
            root=os.path.basename(repo.working_tree_dir),
            branch=repo.active_branch.name,
            sha=head.hexsha,
            tag=tags[0] if tags else None,
        )

    def __str__(self) -> str:
        if self.sha is None:
            return "not under version control"
        return f"{self.branch}@{self.sha[:7]} ({self.tag or 'untagged'})"


def main() -> None:
    print(GitInfo.of("."))
    print(GitInfo.of("src"))
    with tempfile.TemporaryDirectory() as outside:
        print(GitInfo.of(outside))
    print(asdict(GitInfo.of("no/such/place"))["root"])


main()
