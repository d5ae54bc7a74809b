# Four folders in work/: alpha (clean, with a remote), beta (dirty, on a branch), gamma (no commit), notes (no repository).
make() { git init --quiet --initial-branch=main "$1"; printf '%s\n' "$1" > "$1/file.txt"; git -C "$1" add --all; GIT_COMMITTER_DATE="$2" git -C "$1" commit --quiet -m "Make $1"; }
make alpha 2025-03-01T00:00:00+0000
make beta 2025-04-01T00:00:00+0000
git init --quiet --initial-branch=main gamma
mkdir notes
git -C alpha remote add origin "$ORIGIN"
git -C beta checkout --quiet -b trial
printf 'changed\n' > beta/file.txt
