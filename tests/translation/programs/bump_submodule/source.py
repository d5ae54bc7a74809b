import git


class Vendored:
    def __init__(self, repo, path):
        self.repo = repo
        self.path = path
        self.module = git.Repo(path)

    def pinned(self):
        return self.module.head.commit.summary

    def update(self):
        self.module.remotes.origin.fetch()
        self.module.git.checkout("main")
        self.module.git.merge("origin/main", "--ff-only")
        return self.pinned()

    def record(self):
        self.repo.git.add(self.path)
        if not self.repo.index.diff("HEAD"):
            return False
        self.repo.index.commit(f"Update {self.path}: {self.pinned()}")
        self.repo.remotes.origin.push()
        return True


vendored = Vendored(git.Repo("."), "vendor/measurements")
print("was:", vendored.pinned())
print("is: ", vendored.update())
print("recorded" if vendored.record() else "nothing new")
print(open("vendor/measurements/raw/b.csv").read(), end="")
