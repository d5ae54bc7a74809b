import git


def listing(repo: git.Repo, rev: str):
    """Names at the top of a revision; folders with the number of their files."""
    tree = repo.tree(rev)
    names = [f"{sub.name}/ ({len(sub.blobs)})" for sub in tree.trees]
    names += [blob.name for blob in tree.blobs]
    return sorted(names)


repo = git.Repo(search_parent_directories=True)
before = set()
for tag in sorted(repo.tags, key=lambda t: t.commit.committed_date):
    now = listing(repo, tag.name)
    new = [name for name in now if name not in before]
    print(tag.name, "|", ", ".join(now))
    print("   new:", ", ".join(new) or "-")
    before = set(now)
