from git import Repo

repo = Repo(".")

for t in repo.tags:
    if t.tag is None:
        print(f"{t.name}: lightweight, at '{t.commit.summary}'")
        continue
    title, _, body = t.tag.message.partition("\n")
    print(f"{t.name}: {title} ({t.tag.tagger.name})")
    if body.strip():
        print("    " + body.strip())
