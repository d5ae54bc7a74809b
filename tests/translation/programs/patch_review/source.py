"""A plain-text review mail: what did the last commits change?"""
from git import NULL_TREE, Repo


def patches(commit):
    if commit.parents:
        return commit.parents[0].diff(commit, create_patch=True)
    return commit.diff(NULL_TREE, create_patch=True)


def lines(diff):
    text = diff.diff.decode("utf-8", "replace")
    return [line for line in text.splitlines() if line[:1] in "+-"]


repo = Repo(".")
for commit in list(repo.iter_commits("main", max_count=3)) + [repo.commit("v0.1").parents[0]]:
    print("##", commit.summary)
    for diff in patches(commit):
        state = "new" if diff.new_file else "gone" if diff.deleted_file else "changed"
        print(f"{diff.b_path or diff.a_path} [{state}]")
        for line in lines(diff):
            print("   ", line)
