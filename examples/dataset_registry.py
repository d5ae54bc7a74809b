"""A small registry of data sets: add files, name releases, look back, restore an old release."""

from pathlib import Path

from git import InvalidGitRepositoryError, Repo


class DatasetRegistry:
    """Data sets of one folder, versioned."""

    def __init__(self, root):
        self.root = Path(root)
        try:
            self.repo = Repo(root)
        except InvalidGitRepositoryError:
            self.repo = Repo.init(root)

    def add(self, message, *paths):
        self.repo.index.add(list(paths))
        self.repo.index.commit(message)

    def release(self, name, note):
        self.repo.create_tag(name, message=note)

    def releases(self):
        return [tag.name for tag in self.repo.tags]

    def history(self):
        return [commit.message for commit in self.repo.iter_commits()]

    def read(self, path, release):
        return (self.repo.commit(release).tree / path).data_stream.read()

    def restore(self, path, release):
        (self.root / path).write_bytes(self.read(path, release))
        self.add(f"Restore {path} from {release}", path)


def main():
    registry = DatasetRegistry(".")
    table = Path("data/prices.csv")

    registry.add("Add prices", "README.md", "data/prices.csv")
    registry.release("prices-1", "First delivery")

    table.write_text(table.read_text() + "pear,-1\n")
    registry.add("Add pears", "data/prices.csv")
    registry.release("prices-2", "With pears")

    # The second delivery has a negative price: go back.
    registry.restore("data/prices.csv", "prices-1")

    print("Releases:", ", ".join(registry.releases()))
    for message in registry.history():
        print("-", message)


if __name__ == "__main__":
    main()
