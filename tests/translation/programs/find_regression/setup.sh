# Twelve commits, each with metrics.json; from the eighth on the error is above 0.5.
git init --quiet --initial-branch=main
git config user.name Ada
git config user.email ada@example.com
for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
    if [ "$n" -lt 8 ]; then error=0.$((n + 10)); else error=0.$((n + 60)); fi
    printf '{"error": %s}' "$error" > metrics.json
    git add metrics.json
    GIT_COMMITTER_DATE="2025-01-${n}T00:00:00+0000" git commit --quiet -m "Train, round $n"
done
