from git import Repo

REPO_DIR = '.'
MESSAGE = 'Automatic update'


def git_push():
    try:
        repo = Repo(REPO_DIR)
        repo.git.add(update=True)
        repo.index.commit(MESSAGE)
        origin = repo.remote(name='origin')
        origin.push()
    except Exception:
        print('Could not push')


lines = open('data/cities.csv').read().splitlines()
lines.append('Kyiv,50.5,30.5')
open('data/cities.csv', 'w').write('\n'.join(lines) + '\n')
open('not-tracked.txt', 'w').write('stays here\n')
open('src/stats.py', 'a').write('\n# reviewed\n')

git_push()
