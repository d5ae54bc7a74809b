import os
from git import Repo

repo = Repo('.')
listing = repo.git.lfs('ls-files')
for line in listing.splitlines():
    oid, mark, path = line.split(' ', 2)
    print(path, os.path.getsize(path))
