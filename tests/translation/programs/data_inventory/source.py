import os

import git

with open("data/means.csv", "a") as f:
    f.write("Bern,3.5\n")

repo = git.Repo(".")
repo.index.add(["data/means.csv"])
repo.index.commit("Add Bern")

for folder, _, files in sorted(os.walk("data")):
    for name in sorted(files):
        print(os.path.join(folder, name), os.path.getsize(os.path.join(folder, name)))
