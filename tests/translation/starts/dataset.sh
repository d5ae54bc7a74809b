# A small analysis project: code, CSV files and a model, all in git; three commits on main, pushed.
git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
git remote add origin "$ORIGIN"
mkdir -p data/raw models src
printf '# Weather\n\nDaily readings and a model of them.\n' > README.md
printf 'numpy>=1.26\npandas>=2.1\n' > requirements.txt
printf 'alpha: 0.1\nepochs: 5\n' > params.yaml
printf 'def mean(values):\n    return sum(values) / len(values)\n' > src/stats.py
printf 'day,city,celsius\n1,Oslo,-3\n1,Rome,11\n' > data/raw/readings.csv
printf 'city,lat,lon\nOslo,59.9,10.8\nRome,41.9,12.5\n' > data/cities.csv
git add .
git commit --quiet -m "Start with readings of day 1"
printf '2,Oslo,-5\n2,Rome,13\n' >> data/raw/readings.csv
printf 'city,mean\nOslo,-4.0\nRome,12.0\n' > data/means.csv
git add .
git commit --quiet -m "Add readings of day 2"
printf 'weights 0.25 0.75\n' > models/model.bin
printf 'def mean(values):\n    values = list(values)\n    return sum(values) / len(values)\n' > src/stats.py
git add .
git commit --quiet -m "Train the first model"
git push --quiet --set-upstream origin main
