import sys

import git


def first_that_works(urls, into):
    for url in urls:
        try:
            return git.Repo.clone_from(url, into)
        except git.exc.GitCommandError as err:
            print("cannot clone", url.rsplit("/", 1)[-1])
    return None


if first_that_works(sys.argv[1:], "dataset") is None:
    print("no mirror left")
    sys.exit(2)
