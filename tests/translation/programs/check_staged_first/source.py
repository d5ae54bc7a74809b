import git


def rewrite(path, text):
    with open(path, "w") as f:
        f.write(text)


def commit_if_staged(repo, message):
    staged = repo.git.diff("--staged", "--name-only").splitlines()
    if staged:
        repo.git.commit("-m", message)
        print(message, staged)
    else:
        print("nothing staged for", repr(message))


repo = git.Repo(".")
same = open("data/cities.csv").read()

rewrite("data/cities.csv", same)
repo.git.add("data/cities.csv")
commit_if_staged(repo, "Rewrite cities")

rewrite("src/paths.py", "CITIES = 'data/cities.csv'\n")
repo.git.add("src/paths.py")
commit_if_staged(repo, "Name the file of cities")

rewrite("data/cities.csv", same + "Graz,47.1,15.4\n")
repo.git.add("data/cities.csv")
if repo.index.diff("HEAD"):
    repo.index.commit("Add Graz")
print(repo.head.commit.message)
