from pathlib import Path
import git


def save(repo, message):
    repo.git.add('.')
    try:
        repo.git.commit('-m', message)
    except git.GitCommandError:
        print('nothing to commit for', message)
        return
    repo.git.push('origin', 'main')
    print('saved', message)


folder = Path('measurements')
folder.mkdir()
(folder / 'm1.csv').write_text('t,v\n0,1.5\n')
(folder / 'README.md').write_text('t in s, v in V\n')

repo = git.Repo('.')
save(repo, 'first')
save(repo, 'second')
(folder / 'm1.csv').write_text('t,v\n0,1.5\n1,1.4\n')
save(repo, 'third')
