# work/ is an empty folder beside a data registry, $WORLD/registry.git: releases 2024.1 and 2024.2, a branch next.
make() { git -C "$WORLD/make" "$@"; }
at() { export GIT_AUTHOR_DATE="2024-$1T12:00:00+0000" GIT_COMMITTER_DATE="2024-$1T12:00:00+0000"; }

git init --quiet --bare --initial-branch=main "$WORLD/registry.git"
git clone --quiet "$WORLD/registry.git" "$WORLD/make" 2>/dev/null
make checkout --quiet -b main
mkdir -p "$WORLD/make/stations" "$WORLD/make/meta"
at 01-05
printf '# Weather registry\n' > "$WORLD/make/README.md"
printf 'day,temp\n1,4.5\n2,3.0\n' > "$WORLD/make/stations/oslo.csv"
printf 'day,temp\n1,11.0\n2,12.5\n' > "$WORLD/make/stations/rome.csv"
printf '{"oslo": "Norway", "rome": "Italy"}\n' > "$WORLD/make/meta/countries.json"
make add --all
make commit --quiet -m "Publish January"
make tag -a 2024.1 -m "January"
at 02-05
printf 'day,temp\n1,4.5\n2,3.0\n3,1.5\n' > "$WORLD/make/stations/oslo.csv"
printf 'day,temp\n1,-2.0\n2,-4.0\n3,-8.0\n' > "$WORLD/make/stations/oulu.csv"
printf '{"oslo": "Norway", "oulu": "Finland", "rome": "Italy"}\n' > "$WORLD/make/meta/countries.json"
make add --all
make commit --quiet -m "Publish February"
make tag -a 2024.2 -m "February"
make checkout --quiet -b next
at 03-01
printf 'day,temp\n1,4.5\n2,3.0\n3,1.5\n4,0.0\n' > "$WORLD/make/stations/oslo.csv"
make commit --quiet --all -m "Prepare March"
make push --quiet --tags origin main next
rm -rf "$WORLD/make"
