import git

repo = git.Repo(".")
with open("a.txt", "w") as f:
    f.write("a\n")
repo.index.add(["a.txt"])

try:
    repo.index.commit("With hooks")
except git.HookExecutionError:
    print("the hook said no")
repo.index.commit("Without hooks", skip_hooks=True)

with open("big.dat", "wb") as f:
    f.write(bytes(2048))
repo.git.add("big.dat")
try:
    repo.git.commit("-m", "With hooks, by git")
except git.GitCommandError:
    print("the hook said no again")
repo.git.commit("--no-verify", "-m", "Without hooks, by git")
print([c.message.strip() for c in repo.iter_commits()])
