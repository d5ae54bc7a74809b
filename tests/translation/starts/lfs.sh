# A project that keeps *.bin and *.parquet with Git LFS: a model and a table, code in git, pushed.
git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
git remote add origin "$ORIGIN"
git lfs install --local >/dev/null
mkdir -p assets models
git lfs track "*.bin" "*.parquet" >/dev/null
printf '# Speech\n' > README.md
printf 'import sys\n\nprint(len(sys.argv))\n' > train.py
printf 'acoustic weights, version 1\n' > models/acoustic.bin
printf 'PAR1 id,text 1,hello PAR1\n' > assets/utterances.parquet
git add .
git commit --quiet -m "Start with the acoustic model"
printf 'acoustic weights, version 2\n' > models/acoustic.bin
git commit --quiet -a -m "Train longer"
git push --quiet --set-upstream origin main >/dev/null
