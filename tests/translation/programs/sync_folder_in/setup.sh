# A repository with an earlier delivery, and a new delivery beside it.
git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
git remote add origin "$ORIGIN"
mkdir -p data "$WORLD/delivery"
printf 'item,price\nnut,1\n' > data/prices.csv
printf 'item,reason\nbolt,rust\n' > data/returns.csv
printf '# Shop\n' > README.md
git add .
git commit --quiet -m "First delivery"
git push --quiet --set-upstream origin main
printf 'item,price\nnut,2\n' > "$WORLD/delivery/prices.csv"
printf 'item,n\nnut,70\n' > "$WORLD/delivery/stock.csv"
