import sys
import tempfile
from git import Repo

with tempfile.TemporaryDirectory() as folder:
    clone = Repo.clone_from(sys.argv[1], folder)
    for remote in clone.remotes:
        remote.fetch(prune=True)
    names = [ref.name for ref in clone.remotes.origin.refs if ref.remote_head != "HEAD"]
    for name in sorted(names):
        table = clone.git.show(f"{name}:data/sales.csv")
        print(f"{name:24}", table.splitlines()[-1])
    clone.close()
