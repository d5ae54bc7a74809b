import git

repo = git.Repo(".")


def run(*words):
    return repo.git.execute(["git", *words])


with open("data/means.csv", "w") as out:
    out.write("city,mean\nOslo,-4.5\nRome,11.5\n")

repo.git.execute(["git", "add", "data/means.csv"])
repo.git.execute(["git", "commit", "-q", "-m", "Correct the means"])
repo.git.execute(["git", "push", "-q", "origin", "HEAD"])
print(run("log", "-1", "--format=%s"))
print(run("rev-parse", "--abbrev-ref", "HEAD"))
