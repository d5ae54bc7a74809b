import os

from git import Repo

repo = Repo(".")
classes = ["cat", "dog"]


def take(label, numbers):
    folder = os.path.join("images", label)
    os.makedirs(folder, exist_ok=True)
    for n in numbers:
        with open(os.path.join(folder, "%02d.jpg" % n), "wb") as f:
            f.write(b"\xff\xd8" + label.encode() + bytes([n]))


for label in classes:
    take(label, range(3))
with open("images/labels.csv", "w") as f:
    f.writelines(f"{label}\n" for label in classes)
repo.git.add("images/")
repo.git.commit("-m", "First images")

take("dog", range(3, 5))
repo.git.add("images/dog")
repo.git.commit("-m", "More dogs")
repo.git.push()
print(sum(len(files) for _, _, files in os.walk("images") if files) >= 8)
