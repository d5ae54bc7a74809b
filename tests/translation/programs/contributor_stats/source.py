from collections import Counter

import git


def count_authors(repo):
    counts = Counter()
    for commit in repo.iter_commits():
        counts[commit.author.name] += 1
    return counts


def first_and_last(repo, author):
    """Days of an author's first and last commit."""
    days = sorted(c.committed_datetime.date() for c in repo.iter_commits() if c.author.name == author)
    return days[0], days[-1]


def main():
    repo = git.Repo(search_parent_directories=True)
    counts = count_authors(repo)
    total = sum(counts.values())
    print(f"{total} commits by {len(counts)} people")
    for author, n in counts.most_common():
        start, end = first_and_last(repo, author)
        print(f"{author:<8} {n:>3}  {100 * n / total:5.1f} %  {start} .. {end}")


main()
