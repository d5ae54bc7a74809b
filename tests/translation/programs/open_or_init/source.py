import os

from git import InvalidGitRepositoryError, NoSuchPathError, Repo


def open_repo(path):
    try:
        return Repo(path), "opened"
    except NoSuchPathError:
        os.makedirs(path)
        return Repo.init(path), "made folder and repository"
    except InvalidGitRepositoryError:
        return Repo.init(path), "made repository"


for path in ["project", "plain", "missing"]:
    repo, what = open_repo(path)
    print(path + ":", what)
    if not repo.head.is_valid():
        with open(os.path.join(path, "README.md"), "w") as f:
            f.write(f"# {path}\n")
        repo.index.add(["README.md"])
        repo.index.commit("First commit")
    print("   ", repo.head.commit.message, "|", repo.active_branch)
