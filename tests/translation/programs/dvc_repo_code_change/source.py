from git import Repo

repo = Repo('.')
with open('train.py', 'a') as f:
    f.write('print("done")\n')
repo.git.add('train.py')
repo.git.commit('-m', 'Say when training is done')
repo.git.push()
print(repo.head.commit.hexsha != repo.head.commit.parents[0].hexsha)
