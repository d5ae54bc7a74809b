# A repository whose pre-commit hook refuses every commit.
git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
printf '# Strict\n' > README.md
git add README.md
git commit --quiet -m "Start"
mkdir -p .git/hooks
printf '#!/bin/sh\necho no >&2\nexit 1\n' > .git/hooks/pre-commit
chmod +x .git/hooks/pre-commit
