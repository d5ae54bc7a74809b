# A project whose data comes as the submodule vendor/measurements, from $WORLD/measurements.git (by the relative address ../measurements.git); pushed.
git init --quiet --bare --initial-branch=main "$WORLD/measurements.git"
git init --quiet --initial-branch=main "$WORLD/make"
mkdir "$WORLD/make/raw"
printf 'x,y\n1,2\n3,4\n' > "$WORLD/make/raw/a.csv"
printf 'x,y\n5,6\n' > "$WORLD/make/raw/b.csv"
git -C "$WORLD/make" add --all
git -C "$WORLD/make" commit --quiet -m "Measure"
git -C "$WORLD/make" tag -a m1 -m "First series"
git -C "$WORLD/make" push --quiet "$WORLD/measurements.git" main --tags

git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
git remote add origin "$ORIGIN"
printf '# Analysis\n' > README.md
printf 'print("fit")\n' > fit.py
git -c protocol.file.allow=always submodule --quiet add ../measurements.git vendor/measurements
git add --all
git commit --quiet -m "Start with the first series"
git push --quiet --set-upstream origin main

printf 'x,y\n5,6\n7,8\n' > "$WORLD/make/raw/b.csv"
git -C "$WORLD/make" commit --quiet --all -m "Measure more"
git -C "$WORLD/make" push --quiet "$WORLD/measurements.git" main
rm -rf "$WORLD/make"
