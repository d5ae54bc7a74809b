"""Replace the requirements file by a lock file and add one city."""
import os
import git

os.remove("requirements.txt")
with open("requirements.lock", "w") as lock:
    lock.write("numpy==1.26.4\n")
with open("data/cities.csv", "a") as cities:
    cities.write("Bern,46.9,7.4\n")

repo = git.Repo()
repo.git.add(all=True)
repo.git.commit("--quiet", "-m", "Lock requirements, add Bern")
repo.git.push("origin", "main")
print("pushed", repo.head.commit.summary)
print("\n".join(sorted(repo.head.commit.stats.files)))
