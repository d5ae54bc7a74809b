"""@committed("message"): run a step of the pipeline, then commit its files."""
import functools
from typing import Callable, List

import git

REPO = git.Repo(".")


def committed(message: str) -> Callable:
    def decorate(step: Callable[..., List[str]]) -> Callable[..., List[str]]:
        @functools.wraps(step)
        def wrapper(*args, **kwargs) -> List[str]:
            before = REPO.head.commit
            files = step(*args, **kwargs)
            REPO.index.add(files)
            if REPO.is_dirty():
                REPO.index.commit(message.format(*args, **kwargs))
            n = len(list(REPO.iter_commits(f"{before.hexsha}..HEAD")))
            print(f"{step.__name__}: {n} commit(s)")
            return files
        return wrapper
    return decorate


@committed("Scale the readings by {0}")
def scale(factor):
    with open("data/raw/readings.csv") as f, open("data/scaled.csv", "w") as out:
        out.write(next(f))
        for line in f:
            day, city, celsius = line.strip().split(",")
            out.write(f"{day},{city},{int(celsius) * factor}\n")
    return ["data/scaled.csv"]


@committed("Write the settings")
def settings(factor):
    with open("params.yaml", "w") as f:
        f.write(f"factor: {factor}\n")
    return ["params.yaml"]


scale(10)
settings(10)
settings(10)
print([c.summary for c in REPO.iter_commits(max_count=2)])
