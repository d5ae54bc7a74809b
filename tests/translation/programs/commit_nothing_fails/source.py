import git

repo = git.Repo(".")
repo.git.add("data/means.csv")
print("added what did not change")
repo.git.commit("-m", "Nothing")
print("never printed")
