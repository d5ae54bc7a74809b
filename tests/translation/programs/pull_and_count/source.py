from git import Repo

before = len(open('data/counts.csv').readlines())
repo = Repo('.')
o = repo.remotes.origin
o.pull()
after = len(open('data/counts.csv').readlines())
print(f'{after - before} new rows')
