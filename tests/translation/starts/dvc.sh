# A project whose data is with DVC already: two versions of data/train.csv and a model; pushed to origin and storage.
git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
git remote add origin "$ORIGIN"
dvc init --quiet
mkdir -p data models
printf '# Churn\n' > README.md
printf 'print("train")\n' > train.py
printf 'id,label\n1,0\n2,1\n' > data/train.csv
dvc add --quiet data/train.csv
git add .
git commit --quiet -m "Start with two customers"
printf '3,0\n' >> data/train.csv
printf 'tree: id > 1\n' > models/churn.pkl
dvc add --quiet data/train.csv models/churn.pkl
git add .
git commit --quiet -m "Add a customer and a model"
git push --quiet --set-upstream origin main
dvc push --quiet --all-commits
