from pathlib import Path
from git import Repo

Path('features').mkdir()
Path('features/train.npy').write_bytes(b'\x93NUMPY\x01\x00train')
Path('features/names.csv').write_text('name\nmean\nspread\n')
Path('features/make.py').write_text('print("features")\n')
Path('.gitignore').write_text('*.log\n')
Path('features/make.log').write_text('took long\n')

repo = Repo('.')
new = repo.untracked_files
if new:
    repo.index.add(new)
    repo.index.commit('Add {}'.format(', '.join(sorted(new))))
print(repo.head.commit.message)
print('left:', repo.untracked_files)
