import csv
import shutil
import sys

from git import Repo

url, release = sys.argv[1], sys.argv[2]

repo = Repo.clone_from(url, "registry")
repo.git.checkout(release)

for city in ("oslo", "rome"):
    with open(f"registry/stations/{city}.csv") as f:
        temps = [float(row["temp"]) for row in csv.DictReader(f)]
    print(f"{release} {city}: {len(temps)} days, mean {sum(temps) / len(temps):.2f}")

repo.close()
shutil.rmtree("registry")
