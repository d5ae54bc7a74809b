import shutil
import sys
from os.path import join
import git

target = "wanted"
repo = git.Repo.clone_from(sys.argv[1], target, no_checkout=True)
repo.git.checkout("2026.1", "--", "iris/iris.csv")

shutil.copy(join(target, "iris", "iris.csv"), "iris.csv")
repo.close()
shutil.rmtree(target)
print(open("iris.csv").read(), end="")
