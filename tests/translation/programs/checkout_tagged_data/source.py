"""Does the model get better with more data?  Check out each release and see."""
from pathlib import Path

import git

TABLE = Path("datasets/words.tsv")
repo = git.Repo(".")


def release(version, words):
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("".join(f"{word}\t{len(word)}\n" for word in words))
    repo.git.add(str(TABLE))
    repo.git.commit(m=f"Release {version}")
    repo.git.tag("-a", version, "-m", f"{len(words)} words")


def mean_length():
    lengths = [int(line.split("\t")[1]) for line in TABLE.read_text().splitlines()]
    return sum(lengths) / len(lengths)


release("words-1", ["ant", "bee"])
release("words-2", ["ant", "bee", "caterpillar"])

branch = repo.active_branch.name
scores = {}
for tag in repo.tags:
    repo.git.checkout(tag.name)
    scores[tag.name] = mean_length()
repo.git.checkout(branch)

for name, score in scores.items():
    print(name, round(score, 3))
repo.git.push("--tags", "origin", branch)
