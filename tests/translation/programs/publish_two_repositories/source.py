"""Export a table: the rows go to both places, the note on the version to the project only."""
import os
import shutil
import sys
import tempfile

from git import Repo

ROWS = ["sepal,petal", "5.0,1.3", "5.4,1.7"]


def write_rows(folder, name):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write("\n".join(ROWS) + "\n")
    return path


def commit_and_push(repo, files, message):
    repo.index.add(files)
    commit = repo.index.commit(message)
    repo.remote("origin").push()
    return commit


def main(url):
    checkout = tempfile.mkdtemp()
    registry = Repo.clone_from(url, checkout)
    project = Repo(".")

    write_rows(checkout, "iris/notes.txt")
    commit_and_push(registry, ["iris/notes.txt"], "Add notes on iris")
    print("registry:", len(list(registry.iter_commits())), "commits")
    registry.close()
    shutil.rmtree(checkout)

    write_rows(".", "exports/flowers.csv")
    with open("config.yaml", "a") as f:
        f.write(f"rows: {len(ROWS) - 1}\n")
    commit_and_push(project, ["exports/flowers.csv", "config.yaml"], "Export flowers")
    print("project:", project.head.commit.message)

    again = Repo.clone_from(url, checkout)
    print("in the registry:", again.head.commit.message, os.path.exists(os.path.join(checkout, "iris/notes.txt")))


main(sys.argv[1])
