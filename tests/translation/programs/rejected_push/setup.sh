# A colleague has pushed a commit to another file meanwhile.
git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
git remote add origin "$ORIGIN"
printf 'first\n' > notes.txt
git add --all
git commit --quiet -m "Start"
git push --quiet --set-upstream origin main
git clone --quiet "$ORIGIN" "$WORLD/colleague"
cd "$WORLD/colleague"
printf 'theirs\n' > theirs.txt
git add --all
git commit --quiet -m "Write their note"
git push --quiet
rm -rf "$WORLD/colleague"
