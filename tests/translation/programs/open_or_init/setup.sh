# Two folders in work/: project is a repository, plain is not.
mkdir project plain
git init --quiet --initial-branch=main project
printf 'x\n' > project/x.txt
git -C project add --all
git -C project commit --quiet -m "Start"
