import sys

import git


def draw(tree, depth=0):
    size = 0
    for item in tree:
        if item.type == "tree":
            print("  " * depth + item.name + "/")
            size += draw(item, depth + 1)
        else:
            print("  " * depth + f"{item.name} {item.size}")
            size += item.size
    print("  " * depth + f"= {size}")
    return size


repo = git.Repo(".")
draw(repo.tree(sys.argv[1]))
print("data/cities.csv" in repo.tree(), "models" in [t.name for t in repo.tree("HEAD~1").trees])
