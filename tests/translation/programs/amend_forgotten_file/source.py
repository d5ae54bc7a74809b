from git import Repo

repo = Repo(".")

with open("data/days.csv", "w") as f:
    f.write("day,name\n1,Mon\n2,Tue\n")
repo.git.add("data/days.csv")
repo.git.commit("-m", "Name the days")

# ... and the sentence about it
with open("README.md", "a") as f:
    f.write("\n`data/days.csv` names the days.\n")
repo.git.add("README.md")
repo.git.commit("--amend", "--no-edit")

print(repo.git.log("--format=%s", "-2"))
