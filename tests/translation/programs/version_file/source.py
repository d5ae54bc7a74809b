import os

from git import GitCommandError, InvalidGitRepositoryError, Repo

HERE = os.path.abspath(os.curdir)


def get_version():
    """Version from the tags, "0+unknown" outside of a repository."""
    try:
        repo = Repo(HERE)
    except InvalidGitRepositoryError:
        return "0+unknown"
    try:
        described = repo.git.describe(tags=True, long=True, dirty=True, match="v*")
    except GitCommandError:
        return "0+untagged"
    parts = described.split("-")
    version = parts[0].lstrip("v")
    if parts[1] != "0":
        version += f".post{parts[1]}"
    if parts[-1] == "dirty":
        version += "+dirty"
    return version


def write(path):
    version = get_version()
    with open(path, "w") as f:
        f.write('# written by the build, do not edit\n__version__ = "%s"\n' % version)
    return version


print(write("src/_version.py"))
repo = Repo(HERE)
with open("README.md", "a") as f:
    f.write("more\n")
print(get_version())
repo.git.add("README.md", "src/_version.py")
repo.git.commit("-q", "-m", "Say more")
print(get_version())
