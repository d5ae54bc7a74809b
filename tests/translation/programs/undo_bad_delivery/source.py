from git import Repo

repo = Repo(".")


def deliver(text, message):
    with open("stock.csv", "w") as f:
        f.write(text)
    repo.index.add(["stock.csv"])
    return repo.index.commit(message)


deliver("nut,1\n", "Good delivery")
deliver("nut,-1\n", "Bad delivery")
repo.head.reset("HEAD~1", index=True, working_tree=True)
print(open("stock.csv").read().strip(), "|", repo.head.commit.message)

deliver("nut,1\nbolt,-5\n", "Another bad delivery")
repo.git.revert("HEAD", no_edit=True)
print(open("stock.csv").read().strip(), "|", repo.head.commit.summary)
