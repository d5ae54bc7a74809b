import os
import sys
import tarfile

from git import Repo
from git.exc import InvalidGitRepositoryError

try:
    repo = Repo(".")
except InvalidGitRepositoryError as e:
    sys.exit("not here: %s" % e)

tag = max(repo.tags, key=lambda t: t.commit.committed_date)
name = "../prices-%s.tar" % tag.name
with open(name, "wb") as fp:
    repo.archive(fp, treeish=tag.name, prefix="prices/")

with tarfile.open(name) as tar:
    for member in tar.getmembers():
        if member.isfile():
            print(member.name, member.size)
os.remove(name)
