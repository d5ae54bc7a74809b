import os
import sys

import git

url = sys.argv[1]
os.environ["GIT_LFS_SKIP_SMUDGE"] = "1"

repo = git.Repo.clone_from(url, "../checkout")
with repo.git.custom_environment(GIT_LFS_SKIP_SMUDGE="0"):
    repo.git.lfs("install", "--local")
    repo.git.lfs("pull", "--include", "models/*.bin")

with open("../checkout/models/acoustic.bin") as f:
    print(f.read().strip())
with open("../checkout/train.py") as f:
    print(len(f.readlines()), "lines of code")
