import sys
from git import Repo

steps = int(sys.argv[1])
repo = Repo(".")

for temperature in (280, 300):
    with open("state.sim", "w") as f:
        for step in range(steps):
            f.write(f"{step} {temperature + step * 0.5}\n")
    with open("run.txt", "w") as f:
        f.write(f"T={temperature}\n")
    repo.index.add(["state.sim", "run.txt"])
    repo.index.commit(f"Simulate at {temperature} K")
    repo.create_tag(f"T{temperature}", message=f"{steps} steps at {temperature} K")

repo.remote().push()
repo.remote().push(tags=True)
for tag in repo.tags:
    print(tag.name, (tag.commit.tree / "run.txt").data_stream.read().decode().strip())
