from git import Repo

def open_at(path, name):
    """The repository with branch `name` checked out, and the branch it was on."""
    repo = Repo(path)
    home = repo.active_branch
    names = [b.name for b in repo.branches]
    branch = repo.branches[names.index(name)] if name in names else repo.create_head(name)
    branch.checkout()
    return repo, branch, home

def snapshot(target):
    lines = open("data/cities.csv").read().splitlines()
    with open(target, "w") as f:
        f.writelines(line.replace(",", "\t") + "\n" for line in lines)
    return target, len(lines)

repo, branch, home = open_at(".", "snapshots")
name, n = snapshot("data/snapshot.tsv")
repo.index.add([name])
commit = repo.index.commit(f"Snapshot of {n - 1} cities")
repo.remotes.origin.push(branch.name)
home.checkout()
print(branch.name, commit.message, "| now on", repo.active_branch.name)
print(commit.parents[0].message.strip())
