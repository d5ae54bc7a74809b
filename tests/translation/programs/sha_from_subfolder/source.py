import os

import git as gitpython

os.chdir("src")


def project():
    return gitpython.Repo(os.getcwd(), search_parent_directories=True)


me = os.path.join(os.getcwd(), "stats.py")
root = project().working_tree_dir
print(os.path.relpath(me, root))
print(sorted(e for e in os.listdir(root) if not e.startswith(".")))
print(project().head.object.hexsha)

with open(os.path.join(root, "run.txt"), "w") as out:
    print("commit:", project().head.object.hexsha, file=out)
    print("summary:", project().head.object.summary, file=out)
