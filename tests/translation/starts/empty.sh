# A new project: one commit with a README on branch main, pushed.
git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
git remote add origin "$ORIGIN"
printf '# Notes\n\nNothing here yet.\n' > README.md
git add README.md
git commit --quiet -m "Start the project"
git push --quiet --set-upstream origin main
