import os
import sys

import git


class Quiet(git.RemoteProgress):
    """Counts the messages and shows none, for cron."""

    calls = 0

    def update(self, op_code, cur_count, max_count=None, message=""):
        Quiet.calls += 1


def mirror(url, to_path):
    return git.Repo.clone_from(
        url=url,
        to_path=to_path,
        progress=Quiet(),
        multi_options=["--single-branch", "--branch main"],
    )


repo = mirror(sys.argv[1], "../mirror")
for folder, dirs, files in os.walk(repo.working_dir):
    dirs[:] = sorted(d for d in dirs if not d.startswith("."))
    for name in sorted(files):
        print(os.path.relpath(os.path.join(folder, name), repo.working_dir))
print("on", repo.active_branch.name)
