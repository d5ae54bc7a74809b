import os
import git

FILES = {
    "data/june 2025.csv": "day;rain\n1;0\n",
    "data/été.csv": "jour;pluie\n1;0\n",
    "data/set (copy).csv": "day\n1\n",
    "Mes données.xlsx": "PK sheet",
    "notes – draft.md": "# Draft\n",
}

os.mkdir("data")
for name, text in FILES.items():
    with open(name, "w", encoding="utf-8") as f:
        f.write(text)

repo = git.Repo(".")
repo.index.add(list(FILES))
repo.index.commit("Add files with odd names")
repo.remote().push()
print(len(repo.untracked_files), "left")
