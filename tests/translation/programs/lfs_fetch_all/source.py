import git

repo = git.Repo(search_parent_directories=True)
repo.git.lfs("fetch", "--all")
repo.git.lfs("checkout")
print(open("models/acoustic.bin").read(), end="")
