import git

repo = git.Repo(".")

with open("README.md", "a") as readme:
    readme.write("\nUnfinished thoughts.\n")

dirty = repo.is_dirty()
if dirty:
    repo.git.stash("push", "-m", "wip")
    print("stashed")

repo.git.checkout("develop")
with open("VERSION", "w") as f:
    f.write("1.0.1\n")
repo.git.commit("-a", "-m", "Fix the version")
repo.git.checkout("main")

if dirty:
    repo.git.stash("pop")
print(repo.git.status("--short"))
print(open("README.md").read())
