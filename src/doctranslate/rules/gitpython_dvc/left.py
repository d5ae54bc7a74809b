"""What is left to GitPython, which scmrepo brings along: each with the reason."""

from __future__ import annotations

from doctranslate.rules.base import RuleBook
from doctranslate.rules.gitpython_dvc.symbols import BRANCH, COMMIT, REPO, SYMBOLIC

book = RuleBook()
_NATIVE = "repo.scm.gitpython.repo"

book.bridged(
    f"{REPO}.config_reader",
    f"{REPO}.config_writer",
    because="these are git's settings; DVC has settings of its own, for data (`repo.config.edit()`)",
    before='with repo.config_writer() as config:\n    config.set_value("user", "name", "Ada")',
    after=(f'with {_NATIVE}.config_writer() as config:\n    config.set_value("user", "name", "Ada")'),
    docs="cli:config",
)
book.bridged(
    f"{REPO}.submodules",
    f"{REPO}.submodule",
    f"{REPO}.iter_submodules",
    f"{REPO}.submodule_update",
    because="scmrepo lists the paths of submodules only",
    before="for submodule in repo.submodules:\n    print(submodule.name)",
    after=f"for submodule in {_NATIVE}.submodules:\n    print(submodule.name)",
)
book.bridged(
    f"{REPO}.create_submodule",
    because="a submodule is a whole repository; of data alone, `repo.imp(url, path)` would bring a version",
    before='repo.create_submodule("shared", "shared", url="https://example.org/x.git")',
    after=f'{_NATIVE}.create_submodule("shared", "shared", url="https://example.org/x.git")',
    docs="cli:import",
)
book.bridged(
    f"{REPO}.blame",
    because="scmrepo does not tell who wrote a line",
    before='for commit, lines in repo.blame("HEAD", "a.py"):\n    print(len(lines))',
    after=f'for commit, lines in {_NATIVE}.blame("HEAD", "a.py"):\n    print(len(lines))',
)
book.bridged(
    f"{REPO}.merge_base",
    f"{REPO}.is_ancestor",
    because="scmrepo does not look for common ancestors",
    before='print(repo.is_ancestor("v1", "main"))',
    after=f'print({_NATIVE}.is_ancestor("v1", "main"))',
)
book.bridged(
    "git.util.Stats.total",
    because="scmrepo counts no lines, and of data git counts those of the .dvc files",
    before="print(repo.head.commit.stats.total)",
    after=f"print({_NATIVE}.head.commit.stats.total)",
)
book.bridged(
    f"{COMMIT}.name_rev",
    f"{COMMIT}.iter_parents",
    f"{COMMIT}.iter_items",
    because="scmrepo has no such walk",
    before="print(repo.head.commit.name_rev)",
    after=f"print({_NATIVE}.head.commit.name_rev)",
)
book.bridged(
    f"{BRANCH}.tracking_branch",
    f"{BRANCH}.set_tracking_branch",
    because="scmrepo does not tell which branch of a remote another one follows",
    before="print(repo.active_branch.tracking_branch())",
    after=f"print({_NATIVE}.active_branch.tracking_branch())",
)
book.bridged(
    f"{BRANCH}.rename",
    because="scmrepo renames no branches",
    before='repo.heads["old"].rename("new")',
    after=f'{_NATIVE}.heads["old"].rename("new")',
)
book.bridged(
    f"{SYMBOLIC}.log",
    f"{SYMBOLIC}.log_entry",
    because="scmrepo does not read the log of a reference",
    before="print(len(repo.head.log()))",
    after=f"print(len({_NATIVE}.head.log()))",
)
book.bridged(
    f"{REPO}.bare",
    f"{REPO}.description",
    because="scmrepo does not tell it",
    before="print(repo.bare)",
    after=f"print({_NATIVE}.bare)",
)
book.bridged(
    f"{REPO}.refs",
    f"{REPO}.references",
    because="branches, tags and remote branches live on as names, each kind by itself",
    before="print([ref.path for ref in repo.refs])",
    after=f"print([ref.path for ref in {_NATIVE}.refs])",
)
