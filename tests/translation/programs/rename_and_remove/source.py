"""Tidy up: src/ becomes a package, docs go."""
import os
from git import Repo

repo = Repo(".")
index = repo.index

os.makedirs("src/prices")
index.move(["src/train.py", "src/plot.py", "src/prices"])
with open("src/prices/__init__.py", "w") as f:
    f.write('"""Prices."""\n')
index.add(["src/prices/__init__.py"])
index.remove(["docs/data.md"], working_tree=True)
index.commit("Make a package")
repo.remotes.origin.push()

for (path, stage), entry in sorted(index.entries.items()):
    print(stage, path)
print(os.path.exists("docs/data.md"), repo.is_dirty())
