"""Import an old log book: each entry becomes a commit by the person who wrote it."""
import git
from git import Actor

ENTRIES = [
    ("Grace", "grace@example.com", "2024-02-01T10:00:00+0000", "Calibrated the scale"),
    ("Ada", "ada@example.com", "2024-02-03T16:30:00+0000", "Weighed twelve samples"),
]

repo = git.Repo(".")
for name, email, date, text in ENTRIES:
    with open("logbook.txt", "a") as book:
        book.write(f"{date} {name}: {text}\n")
    repo.index.add(["logbook.txt"])
    author = Actor(name, email)
    repo.index.commit(text, author=author, committer=author, author_date=date, commit_date=date)

with open("logbook.txt", "a") as book:
    book.write("-- end --\n")
repo.git.add("logbook.txt")
with repo.git.custom_environment(GIT_AUTHOR_NAME="Archive", GIT_AUTHOR_EMAIL="archive@example.com"):
    repo.git.commit("-m", "Close the log book")

for commit in repo.iter_commits():
    old = commit.authored_datetime.year < 2025
    print(commit.author.name, "|", commit.summary, "|", "imported" if old else "new")
