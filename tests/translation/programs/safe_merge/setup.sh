# Branches alike (merges cleanly) and clash (changes the line that main has changed, too).
git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
printf 'one\n' > a.txt
printf 'one\n' > b.txt
git add --all
git commit --quiet -m "Start"
git checkout --quiet -b alike
printf 'two\n' > b.txt
git commit --quiet --all -m "Change b"
git checkout --quiet -b clash main
printf 'three\n' > a.txt
git commit --quiet --all -m "Change a to three"
git checkout --quiet main
printf 'four\n' > a.txt
git commit --quiet --all -m "Change a to four"
