import os
import git

repo = git.Repo(".")

with open("data/raw/readings.csv", "a") as f:
    f.write("3,Oslo,0\n")
repo.git.add("data/raw/readings.csv")
repo.git.commit("-m", "Add day 3")

repo.git.rm("data/cities.csv")
repo.git.rm("--cached", "params.yaml")
repo.git.commit("-m", "Withdraw the cities, keep params local")
repo.git.push()

print(os.path.exists("data/cities.csv"), os.path.exists("params.yaml"), repo.untracked_files)
