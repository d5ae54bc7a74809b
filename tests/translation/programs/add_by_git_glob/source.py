import git

for letter in "ab":
    with open(f"data/{letter}.csv", "w") as f:
        f.write(f"{letter}\n1\n")
with open("src/a.py", "w") as f:
    f.write("A = 1\n")

repo = git.Repo(".")
index = repo.index
index.add(["data/[ab].csv", "src/*.py"])
index.commit("Add a and b")
repo.remote().push()
print(repo.untracked_files)
