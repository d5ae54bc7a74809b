"""Runs a program and its translation from the same start state, and compares what both leave."""

from __future__ import annotations

from doctranslate.verification.equivalence import Judge
from tests.rules.conftest import Rewrite

START = """
mkdir -p src data
printf '# hello\\n' > README.md
echo 'print(1)' > src/app.py
printf 'a\\n1\\n' > data/x.csv
git init -q -b main
git add -A
git commit -q -m "Initial commit"
git tag v1 -m first
git tag light
git branch feature
printf '# hello\\nmore\\n' > README.md
printf 'a\\n1\\n2\\n' > data/x.csv
git commit -q -a -m "second" -m "with a body"
git checkout -q -b topic
echo t > src/topic.py
git add -A
git commit -q -m "on topic"
git checkout -q main
echo 'print(2)' > src/app.py
git commit -q -a -m third
git merge -q --no-edit topic
git tag v2 -m "second tag"
git remote add origin "$ORIGIN"
git push -q -u origin main feature --tags
"""


def assert_translation_leaves_the_same(rewrite: Rewrite, program: str) -> None:
    """The program runs to its end, and its translation prints and leaves the same."""
    new = rewrite(program).code
    assert new != program
    with Judge(program, "gitpython", "dvc", setup=START, isolation="none") as judge:
        source = judge.source_outcome()
        assert source.run.returncode == 0, source.run.stderr
        for check in judge.check(new):
            assert check.outcome == "pass", f"{check.reason}\n{check.differences}\n{check.findings}"
