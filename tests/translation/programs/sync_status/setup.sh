# A colleague has pushed two commits that work/ does not have.
git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
git remote add origin "$ORIGIN"
mkdir data
printf 't,v\n1,5\n' > data/log.csv
git add --all
git commit --quiet -m "Start the log"
git push --quiet --set-upstream origin main
git clone --quiet "$ORIGIN" "$WORLD/colleague"
cd "$WORLD/colleague"
for n in 2 3; do
    printf '%s,%s\n' "$n" "$((n * 4))" >> data/log.csv
    git commit --quiet --all -m "Log hour $n"
done
git push --quiet
rm -rf "$WORLD/colleague"
