import git

repo = git.Repo(".")
repo.git.lfs("install", "--local")
repo.git.lfs("track", "*.bin")

with open("weights.bin", "wb") as f:
    f.write(bytes(range(64)))
with open("infer.py", "w") as f:
    f.write("WEIGHTS = 'weights.bin'\n")

repo.git.add(".gitattributes", "weights.bin", "infer.py")
repo.git.commit("-m", "Add weights")
repo.git.push("origin", "main")
print(repo.head.commit.message.strip())
