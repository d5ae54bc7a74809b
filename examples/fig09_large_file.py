from git import Repo

repo = Repo.init(".")
repo.git.execute(["git", "lfs", "install"])
repo.git.execute(["git", "lfs", "track", "data/large_file.bin"])
repo.git.add("dvc.py")
repo.git.commit("-m", "Add large file")
origin = repo.remote(name="origin")
origin.push()
