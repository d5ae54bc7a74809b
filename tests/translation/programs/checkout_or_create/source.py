from pathlib import Path

from git import Repo


def switch(repo, name):
    if name in [head.name for head in repo.heads]:
        repo.heads[name].checkout()
        print("switched to", name)
    else:
        repo.create_head(name).checkout()
        print("created", name)


repo = Repo(".")
for name, text in [("develop", "from develop"), ("docs/how-to", "how to"), ("develop", "again")]:
    switch(repo, name)
    Path("NOTES.md").write_text(text + "\n")
    repo.index.add(["NOTES.md"])
    repo.index.commit(f"Note: {text}")
