import os
import git

os.chdir("src")

git_repo = git.Repo(os.getcwd(), search_parent_directories=True)
git_root = git_repo.git.rev_parse("--show-toplevel")

DATA = os.path.join(git_root, "data")
print(sorted(os.listdir(DATA)))
with open(os.path.join(DATA, "means.csv")) as f:
    print(f.read(), end="")
