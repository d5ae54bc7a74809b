# A project with releases: five commits on main, tags v0.1.0 (lightweight), v0.2.0 and v1.0.0 (annotated),
# branches develop (one commit ahead) and feature/export (one commit off v0.2.0), all pushed.
git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
git remote add origin "$ORIGIN"
mkdir -p data src
at() { export GIT_AUTHOR_DATE="2026-01-0$1T10:00:00 +0000" GIT_COMMITTER_DATE="2026-01-0$1T10:00:00 +0000"; }
at 2
printf '# Sales\n' > README.md
printf '0.1.0\n' > VERSION
printf 'month,units\njan,10\n' > data/sales.csv
git add .
git commit --quiet -m "feat: start with January"
git tag v0.1.0
at 3
printf 'feb,14\n' >> data/sales.csv
printf 'TOTAL = "units"\n' > src/columns.py
git add .
git commit --quiet -m "feat: add February"
at 4
printf '0.2.0\n' > VERSION
printf '# Changes\n\n- 0.2.0: February\n' > CHANGELOG.md
git add .
git commit --quiet -m "Release 0.2.0"
git tag -a v0.2.0 -m "Sales until February"
git branch feature/export
at 5
printf 'mar,9\n' >> data/sales.csv
git add .
git commit --quiet -m "fix: add March, which was late"
at 6
printf '1.0.0\n' > VERSION
printf '# Changes\n\n- 1.0.0: March\n- 0.2.0: February\n' > CHANGELOG.md
git add .
git commit --quiet -m "Release 1.0.0"
git tag -a v1.0.0 -m "The first quarter"
git checkout --quiet feature/export
at 7
printf 'def export(rows):\n    return "\\n".join(rows)\n' > src/export.py
git add .
git commit --quiet -m "feat: export rows"
git checkout --quiet -b develop main
at 8
printf 'apr,21\n' >> data/sales.csv
git add .
git commit --quiet -m "feat: add April"
git checkout --quiet main
git push --quiet --set-upstream origin main
git push --quiet origin develop feature/export --tags
