import gzip
import os
import git


def upload_file(repo, filename):
    repo.index.add([filename])


def finish(repo, text):
    if not repo.index.diff(repo.head.commit):
        return False
    repo.index.commit(text)
    return bool(repo.remote().push("main"))


def connect(path=None):
    return git.Repo(path or os.getcwd())


os.mkdir("out")
with open("out/top.tsv", "w") as f:
    f.write("rank\tname\n1\tAda\n")
with open("out/raw.json.gz", "wb") as f:
    f.write(gzip.compress(b'{"rank": 1}', mtime=0))

REPO = connect()
for f in sorted(os.listdir("out")):
    upload_file(REPO, os.path.join("out", f))
print("published" if finish(REPO, "Publish the ranking") else "nothing new")
print("published" if finish(REPO, "Publish the ranking") else "nothing new")
