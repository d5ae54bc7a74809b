"""Put the report where the web server looks: on branch feature/export."""
import csv
import os
import shutil
import sys
import tempfile

import git

BRANCH = "feature/export"


def totals(path):
    with open(path) as f:
        rows = list(csv.DictReader(f))
    return sum(int(row["units"]) for row in rows), len(rows)


def render(folder, total, months):
    with open(os.path.join(folder, "report.md"), "w") as f:
        f.write(f"# Sales\n\n{total} units in {months} months\n")
    os.makedirs(os.path.join(folder, "charts"), exist_ok=True)
    with open(os.path.join(folder, "charts", "units.png"), "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + bytes([total]))


def publish(url, total, months):
    checkout = tempfile.mkdtemp(prefix="pages-")
    try:
        pages = git.Repo.clone_from(url, checkout, branch=BRANCH)
        render(checkout, total, months)
        pages.git.add("report.md", "charts/units.png")
        pages.git.commit("-m", f"Report: {total} units")
        pages.git.push("origin", BRANCH)
        return pages.head.commit.summary
    finally:
        shutil.rmtree(checkout)


print(publish(sys.argv[1], *totals("data/sales.csv")))
