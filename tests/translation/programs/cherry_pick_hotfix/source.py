# hot fix: the export is needed on main now, the rest of the branch is not
import git

repo = git.Repo("."); git_cmd = repo.git

fix = repo.heads["feature/export"].commit
print("picking:", fix.message.strip())

git_cmd.checkout("main")
git_cmd.cherry_pick("-x", fix.hexsha)
git_cmd.push()

head = repo.head.commit
print(head.message.splitlines()[0], "|", "cherry picked from" in head.message)
print(head.parents[0].message.strip())
