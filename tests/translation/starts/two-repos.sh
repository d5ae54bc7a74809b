# A project, and a data registry beside it at $WORLD/registry.git: two commits, tag 2026.1 on the first.
git init --quiet --bare --initial-branch=main "$WORLD/registry.git"
git clone --quiet "$WORLD/registry.git" "$WORLD/registry-work" 2>/dev/null
(
    cd "$WORLD/registry-work"
    git checkout --quiet -B main
    git config user.name Ada
    git config user.email ada@example.com
    mkdir -p iris mnist
    printf '# Registry\n' > README.md
    printf 'sepal,petal\n5.1,1.4\n' > iris/iris.csv
    printf 'label,pixels\n7,0\n' > mnist/train.csv
    printf 'name: iris\nlicense: CC0\n' > iris/card.yaml
    git add .
    git commit --quiet -m "Register iris and mnist"
    git tag -a 2026.1 -m "First edition"
    printf '4.9,1.5\n' >> iris/iris.csv
    git add .
    git commit --quiet -m "Add a flower"
    git push --quiet origin main --tags
)
rm -rf "$WORLD/registry-work"
git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
git remote add origin "$ORIGIN"
mkdir -p src
printf '# Consumer\n' > README.md
printf 'registry: ../registry.git\n' > config.yaml
printf 'def rows(text):\n    return text.splitlines()[1:]\n' > src/rows.py
git add .
git commit --quiet -m "Start the consumer"
git push --quiet --set-upstream origin main
