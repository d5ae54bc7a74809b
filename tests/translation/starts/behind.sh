# A project that a colleague has worked on since: two commits of data and code at the remote that work/ does not have.
git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
git remote add origin "$ORIGIN"
mkdir -p data src
printf '# Traffic\n' > README.md
printf 'hour,cars\n0,12\n1,7\n' > data/counts.csv
printf 'def busiest(rows):\n    return max(rows, key=lambda row: int(row["cars"]))\n' > src/busiest.py
git add .
git commit --quiet -m "Count the first two hours"
git push --quiet --set-upstream origin main
git clone --quiet "$ORIGIN" "$WORLD/colleague"
(
    cd "$WORLD/colleague"
    git config user.name Grace
    git config user.email grace@example.com
    export GIT_AUTHOR_NAME=Grace GIT_AUTHOR_EMAIL=grace@example.com
    printf '2,31\n' >> data/counts.csv
    git commit --quiet -a -m "Count hour 2"
    printf '{"source": "camera 4"}\n' > src/source.json
    printf '3,9\n' >> data/counts.csv
    git add .
    git commit --quiet -m "Count hour 3 and name the camera"
    git push --quiet
)
rm -rf "$WORLD/colleague"
