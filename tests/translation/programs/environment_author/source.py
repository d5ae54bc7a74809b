import git

repo = git.Repo(".")
with open("data/means.csv", "a") as f:
    f.write("Oulu,-9.0\n")

repo.git.add("data/means.csv")
with repo.git.custom_environment(GIT_AUTHOR_NAME="Night Job", GIT_AUTHOR_EMAIL="night@example.com"):
    repo.git.commit("-m", "Add Oulu")

with open("README.md", "a") as f:
    f.write("\nWith Oulu.\n")
repo.git.commit("-a", "-m", "Mention Oulu", author="Editor <editor@example.com>")

for commit in repo.iter_commits(max_count=3):
    print(commit.author.name, "-", commit.summary)
