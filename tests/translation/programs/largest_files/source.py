from git import Repo

LIMIT = 5

repo = Repo(".")
tree = repo.head.commit.tree

blobs = [item for item in tree.traverse() if item.type == "blob"]
blobs.sort(key=lambda blob: (-blob.size, blob.path))

total = sum(blob.size for blob in blobs)
for blob in blobs[:LIMIT]:
    print(f"{blob.size:>6}  {blob.size / total:6.1%}  {blob.path}")
print(f"{total:>6}  in {len(blobs)} files")
