import sys
import tempfile
from pathlib import Path

from git import Repo


def read_edition(url: str, edition: str) -> str:
    with tempfile.TemporaryDirectory(prefix="registry-") as tmp:
        Repo.clone_from(url, tmp, branch=edition, depth=1)
        return (Path(tmp) / "iris" / "iris.csv").read_text()


url, edition = sys.argv[1:]
text = read_edition(url, edition)
Path("data").mkdir(exist_ok=True)
Path("data", f"iris-{edition}.csv").write_text(text)
print(edition, "has", text.count("\n") - 1, "flowers")
