"""One branch per learning rate, each with its own results; main stays as it is."""
import os

from git import Repo

repo = Repo(".")
main = repo.active_branch

for rate in (0.1, 0.01):
    branch = repo.create_head(f"exp/rate-{rate}")
    branch.checkout()
    os.makedirs("results", exist_ok=True)
    with open("results/run.csv", "w") as out:
        out.write("epoch,loss\n")
        loss = 1.0
        for epoch in range(3):
            loss *= 1 - rate
            out.write(f"{epoch},{loss:.4f}\n")
    repo.index.add(["results/run.csv"])
    repo.index.commit(f"Run with rate {rate}")
    main.checkout()

print("on", repo.active_branch.name)
print([b.name for b in repo.branches])
