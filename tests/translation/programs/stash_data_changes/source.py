from pathlib import Path
from git import Repo

repo = Repo(".")
table = Path("data/stock.csv")
table.parent.mkdir()
table.write_text("item,n\nnut,3\n")
repo.index.add([str(table)])
repo.index.commit("Count the stock")

# half-done work on the table ...
table.write_text("item,n\nnut,3\nbolt,?\n")
repo.git.stash()
print("stashed:", table.read_text().splitlines()[-1])

# ... the urgent fix ...
Path("README.md").write_text("# Stock\n\nCall Ada.\n")
repo.index.add(["README.md"])
repo.index.commit("Say whom to call")

# ... and on we go
repo.git.stash("pop")
print("back:", table.read_text().splitlines()[-1])
table.write_text("item,n\nnut,3\nbolt,8\n")
repo.git.commit("-am", "Count the bolts")
repo.remotes.origin.push()
print(repo.is_dirty())
