import git

with open("prices.csv", "w") as f:
    f.write("item,price\napple,3\npear,4\n")
open("fetch_prices.py", "w").write("print('prices')\n")

repo = git.Repo(".")
repo.git.add(A=True)
repo.git.commit(m="Update prices")
repo.git.push()
