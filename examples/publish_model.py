"""Train a tiny classifier and publish its weights together with a model card."""

import os
import struct

import git

WEIGHTS = "models/classifier.bin"
CARD = "MODEL_CARD.md"


def train(samples):
    """Return one weight per class: the mean of its samples."""
    return [sum(values) / len(values) for values in samples]


def save(weights):
    os.makedirs("models", exist_ok=True)
    with open(WEIGHTS, "wb") as f:
        f.write(struct.pack(f"<{len(weights)}d", *weights))
    with open(CARD, "w") as f:
        f.write(f"# Classifier\n\nClasses: {len(weights)}\n")


def record(repo, message):
    repo.git.add(WEIGHTS)
    repo.git.add(CARD)
    repo.git.commit("-m", message)


def publish(repo, remote="origin"):
    repo.remote(remote).push()


def main():
    repo = git.Repo(os.getcwd())
    save(train([(1.0, 2.0, 3.0), (4.0, 5.0, 6.0)]))
    record(repo, "Publish the classifier")
    publish(repo)
    print("Published", WEIGHTS, "from", repo.active_branch.name)


if __name__ == "__main__":
    main()
