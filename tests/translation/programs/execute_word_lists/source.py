# was release.sh
import git

repo = git.Repo(".")
git = repo.git

last = git.execute(["git", "describe", "--tags", "--abbrev=0", "develop"])
count = git.execute(["git", "rev-list", "--count", f"{last}..develop"])
print(last, "+", count)

git.execute(["git", "checkout", "develop"])
with open("VERSION", "w") as f:
    f.write("1.1.0\n")
git.execute(["git", "add", "VERSION"])
git.execute(["git", "commit", "-m", "Release 1.1.0"])
git.execute(["git", "tag", "-a", "v1.1.0", "-m", "April"])
status, out, err = git.execute(["git", "rev-parse", "--verify", "--quiet", "v9"],
                               with_extended_output=True, with_exceptions=False)
print("v9:", status, repr(out))
git.execute(["git", "push", "origin", "develop", "v1.1.0"])
print(git.execute(["git", "log", "-1", "--format=%s (%an)"]))
