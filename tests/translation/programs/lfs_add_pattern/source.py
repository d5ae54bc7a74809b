from pathlib import Path
import git

plots = Path("plots")
plots.mkdir()
for name in ["loss", "accuracy"]:
    (plots / f"{name}.png").write_bytes(b"\x89PNG" + name.encode())
(plots / "index.html").write_text("<img src=loss.png>\n")

git_cmd = git.Repo().git
git_cmd.lfs("track", "plots/*.png")
git_cmd.add(".gitattributes")
git_cmd.add("plots")
git_cmd.commit("-m", "Keep plots with LFS")
git_cmd.lfs("push", "origin", "main")
git_cmd.push("origin", "main")
print(git_cmd.log("-1", "--format=%s"))
