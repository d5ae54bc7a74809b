# A project with eight commits of two people over some months, a merge, three tags and a branch in progress; all pushed.
at() { export GIT_AUTHOR_DATE="2025-$1T09:00:00+0000" GIT_COMMITTER_DATE="2025-$1T09:00:00+0000"; }
as() { export GIT_AUTHOR_NAME="$1" GIT_AUTHOR_EMAIL="$2" GIT_COMMITTER_NAME="$1" GIT_COMMITTER_EMAIL="$2"; }
save() { git add --all; git commit --quiet -m "$1"; }

git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
git remote add origin "$ORIGIN"
mkdir -p src data docs

as Ada ada@example.com
at 01-10
printf '# Prices\n\nForecasts of fruit prices.\n' > README.md
printf 'rate: 0.1\nepochs: 5\n' > params.yaml
printf 'import sys\n\n\ndef train(rate):\n    return rate * 2\n' > src/train.py
save "Start the project"

at 02-03
printf 'day,price\n1,10\n2,12\n' > data/prices.csv
printf '{"rmse": 0.91}\n' > metrics.json
save "feat: add the first prices"
git tag -a v0.1 -m "First look"

as Grace grace@example.com
at 03-14
printf 'rate: 0.05\nepochs: 20\n' > params.yaml
printf '{"rmse": 0.74}\n' > metrics.json
save "fix: train longer, more slowly

The rate was too high for the few rows that there are."

at 04-01
printf 'day,price\n1,10\n2,12\n3,11\n4,15\n' > data/prices.csv
printf 'Notes about the data.\n' > docs/data.md
save "feat: add days 3 and 4"
git tag v0.2

git checkout --quiet -b plots
at 04-20
printf 'def plot(rows):\n    return len(rows)\n' > src/plot.py
save "feat: plot the prices"
git checkout --quiet main
as Ada ada@example.com
at 05-02
printf 'Old thoughts.\n' > docs/scratch.md
save "docs: keep some thoughts"
at 05-09
git merge --quiet --no-ff -m "Merge branch 'plots'" plots
git branch --quiet -d plots

at 06-30
git rm --quiet docs/scratch.md
printf 'rate: 0.05\nepochs: 40\n' > params.yaml
printf '{"rmse": 0.62}\n' > metrics.json
save "docs: drop the scratch file, train on"
git tag -a v1.0 -m "Good enough for the market

Errors are below 0.65 everywhere."

git checkout --quiet -b seasonal
as Grace grace@example.com
at 07-15
printf 'def season(day):\n    return day %% 7\n' > src/season.py
printf 'rate: 0.02\nepochs: 40\n' > params.yaml
save "feat: know the seasons"
git checkout --quiet main
git push --quiet --set-upstream origin main seasonal --tags
