import contextlib
import json

import git


class Journal:
    """Steps of a pipeline with the commits between which each of them ran."""

    def __init__(self, repo_path):
        self._repo = git.Repo(repo_path)
        self.entries = []

    @property
    def head(self):
        return self._repo.head.commit.hexsha

    @contextlib.contextmanager
    def step(self, name):
        entry = {"step": name, "before": self._repo.head.commit.summary}
        try:
            yield entry
            entry["state"] = "done"
        except ValueError as error:
            entry["state"] = f"failed: {error}"
        finally:
            entry["after"] = self._repo.head.commit.summary
            entry["moved"] = self._repo.is_dirty()
            self.entries.append(entry)

    def commit_code(self, path, text, message):
        with open(path, "w") as f:
            f.write(text)
        self._repo.index.add([path])
        return self._repo.index.commit(message)

    def close(self):
        for entry in self.entries:
            print(json.dumps(entry, sort_keys=True))
        self._repo.close()


journal = Journal(".")
with journal.step("fit"):
    journal.commit_code("src/fit.py", "DEGREE = 2\n", "Fit a parabola")
with journal.step("check") as entry:
    entry["rows"] = len(open("data/means.csv").readlines()) - 1
    raise ValueError("too few rows")
with journal.step("tune"):
    open("params.yaml", "a").write("degree: 2\n")
journal.close()
