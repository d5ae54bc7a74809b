"""Vault: a thin layer over a repository with errors that say what to do."""
from __future__ import annotations

import git.exc
from git import Repo


class VaultError(Exception):
    hint = ""

    def __str__(self):
        return f"{super().__str__()} ({self.hint})"


class NoVault(VaultError):
    hint = "run vault init"


class NoSuchVersion(VaultError):
    hint = "run vault list"


class Busy(VaultError):
    hint = "save your work first"


class Vault:
    def __init__(self, path: str):
        try:
            self.repo = Repo(path)
        except git.exc.NoSuchPathError as e:
            raise NoVault(f"{path} is not there") from e
        except git.exc.InvalidGitRepositoryError as e:
            raise NoVault(f"{path} is no repository") from e

    def switch(self, version: str) -> None:
        if self.repo.is_dirty():
            raise Busy("uncommitted changes")
        try:
            self.repo.git.checkout(version)
        except git.exc.GitCommandError as e:
            raise NoSuchVersion(version) from e

    def create(self, version: str) -> None:
        try:
            self.repo.git.checkout("-b", version)
        except git.exc.GitError:
            raise Busy(f"{version} exists") from None


def attempt(what, *args):
    try:
        what(*args)
    except VaultError as error:
        print(type(error).__name__, "|", error)
    else:
        print("ok |", *args)


attempt(Vault, "nowhere")
attempt(Vault, "..")
vault = Vault(".")
attempt(vault.switch, "develop")
attempt(vault.switch, "v7.7.7")
attempt(vault.create, "main")
attempt(vault.create, "ideas")
with open("README.md", "a") as f:
    f.write("draft\n")
attempt(vault.switch, "main")
print(vault.repo.active_branch.name, [h.name for h in vault.repo.heads])
