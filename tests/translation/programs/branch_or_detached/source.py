import git


def experiment_label(repo):
    try:
        branch = repo.active_branch.name
    except TypeError:  # detached, as CI does it
        branch = "detached"
    return branch + "-" + repo.head.commit.hexsha[:10]


repo = git.Repo(".")
print(experiment_label(repo))
print(repo.head.is_detached)
repo.git.checkout("v0.2.0")
print(experiment_label(repo))
print(repo.head.is_detached)
print(open("VERSION").read().strip())
