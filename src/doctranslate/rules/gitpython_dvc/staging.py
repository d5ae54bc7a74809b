"""Adding and committing: data goes to DVC, code stays with git."""

from __future__ import annotations

import libcst as cst

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.symbols import DVC, GIT, INDEX, SCM
from doctranslate.rules.gitpython_dvc.words import Command, Word, read_command
from doctranslate.rules.site import Site, quoted

book = RuleBook()
EVERYTHING = (".", "*", ":/")


@book.rule(
    f"{INDEX}.add",
    to=(f"{DVC}.add", f"{SCM}.add"),
    before=('repo.index.add(["data/x.csv"])\nrepo.index.add(["train.py"])'),
    after=('track(repo, "data/x.csv")\nrepo.scm.add("train.py")'),
)
def index_add(site: Site) -> Rewrite:
    """``repo.index.add([...])`` is ``repo.add`` for data and ``repo.scm.add`` for code."""
    site.only("items", ignore=("force", "write", "write_extension_data"))
    node = site.node_of("items")
    if node is None:
        raise NoCounterpart("it is called without paths")
    if isinstance(node, cst.List | cst.Tuple | cst.Set):
        words = [_word(site, e.value, starred=isinstance(e, cst.StarredElement)) for e in node.elements]
    else:
        words = [_word(site, node, starred=_is_many(site, node))]
    return _add(site, words)


def _word(site: Site, node: cst.BaseExpression, *, starred: bool = False) -> Word:
    text = site.constant(node)
    return Word(site.render(node), text if isinstance(text, str) else None, node, starred)


def _is_many(site: Site, node: cst.BaseExpression) -> bool:
    """Whether an expression is a list of paths and not one path, which GitPython takes as well."""
    if site.type_of(node):
        return site.type_of(node) != "str"
    if isinstance(node, cst.Call):
        name = node.func.attr.value if isinstance(node.func, cst.Attribute) else ""
        plain = node.func.value if isinstance(node.func, cst.Name) else name
        return plain not in (
            "str",
            "join",
            "fspath",
            "relpath",
            "abspath",
            "format",
            "relative_to",
            "as_posix",
        )
    return True


@book.rule(
    f"{GIT}.add",
    to=(f"{DVC}.add", f"{SCM}.add"),
    before='repo.git.add("data/x.csv", "train.py")',
    after=('track(repo, "data/x.csv")\nrepo.scm.add("train.py")'),
)
def git_add(site: Site) -> Rewrite:
    """``repo.git.add(...)`` is ``repo.add`` for data and ``repo.scm.add`` for code."""
    return add_command(site, read_command(site))


def add_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git add`` in any of its styles."""
    command.only("-A", "--all", "-u", "--update", "-f", "--force", "--")
    words = [*command.words, *command.after_dashes]
    if command.has("-u", "--update"):
        return Rewrite(f"{site.prelude('add_updated')}({site.repo})")
    if command.has("-A", "--all") and not words:
        return Rewrite(f"{site.prelude('add_all')}({site.repo})")
    if any(word.text in EVERYTHING for word in words):
        return Rewrite(f"{site.prelude('add_all')}({site.repo})")
    return _add(site, words)


def _add(site: Site, words: list[Word]) -> Rewrite:
    """Stage words: literal ones are told apart here, the rest by the translated program."""
    if site.value_is_used:
        raise NoCounterpart("the entries that adding returns have no counterpart")
    if site.program.policy.globs == () or not site.program.tracks_data:
        return _add_code(site, words)
    if all(word.text is not None for word in words) and _is_small(words):
        lines = []
        code = [word for word in words if not site.program.policy.is_data(str(word.text))]
        for word in words:
            if word not in code:
                lines.append(f"{site.prelude('track')}({site.repo}, {word.code})")
        lines += _add_code(site, code).lines if code else ()
        return Rewrite(lines=tuple(lines))
    parts = ", ".join(("*" if word.starred else "") + word.code for word in words)
    return Rewrite(f"{site.prelude('add')}({site.repo}, {parts})")


def _is_small(words: list[Word]) -> bool:
    """Whether the words name files, not folders that may hold both: a suffix tells."""
    return all("." in str(word.text).rpartition("/")[2] for word in words)


def _add_code(site: Site, words: list[Word]) -> Rewrite:
    """``scm.add`` counts paths from the working directory, GitPython from the repository."""
    if site.program.at_root:
        parts = [("*" if word.starred else "") + word.code for word in words]
    else:
        join = f"{site.name('os')}.path.join({site.repo}.scm.root_dir, "
        parts = [
            f"*({join}path) for path in {word.code})" if word.starred else f"{join}{word.code})"
            for word in words
        ]
    alone = len(words) == 1 and not words[0].starred
    listed = parts[0] if alone else "[" + ", ".join(parts) + "]"
    return Rewrite(lines=(f"{site.repo}.scm.add({listed})",))


@book.rule(
    f"{INDEX}.commit",
    to=f"{SCM}.commit",
    before='commit = repo.index.commit("Add data")',
    after=('repo.scm.commit("Add data")\ncommit = repo.scm.resolve_commit("HEAD")'),
)
def index_commit(site: Site) -> Rewrite:
    """``repo.index.commit(message)`` is ``repo.scm.commit(message)``, which gives no commit back."""
    site.only("message", "skip_hooks")
    message = site.arg("message")
    if message is None:
        raise NoCounterpart("it is called without a message")
    hooks = ", no_verify=True" if site.truth("skip_hooks") else ""
    line = f"{site.repo}.scm.commit({message}{hooks})"
    if site.value_is_used:
        return Rewrite(f'{site.repo}.scm.resolve_commit("HEAD")', (line,))
    return Rewrite(lines=(line,))


@book.rule(
    f"{GIT}.commit",
    to=f"{SCM}.commit",
    before='repo.git.commit("-m", "Add data")',
    after='commit_staged(repo, "Add data")',
)
def git_commit(site: Site) -> Rewrite:
    """``repo.git.commit("-m", message)`` is ``repo.scm.commit``, which does not refuse an empty commit by itself."""
    return commit_command(site, read_command(site, values=("-m", "--message")))


def commit_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git commit``."""
    flags = ("-m", "--message", "-am", "-a", "--all", "-q", "--quiet", "--allow-empty", "--no-verify", "-n")
    command.only(*flags)
    message = command.option("-m", "--message")
    if "-am" in command.flags and command.words:
        message = command.words.pop(0)
    if message is None or command.words:
        raise NoCounterpart("git commit without a message, or with paths, has no counterpart")
    if site.value_is_used:
        raise NoCounterpart("what git prints has no counterpart")
    lines = []
    if command.has("-a", "--all", "-am"):
        lines.append(f"{site.prelude('add_updated')}({site.repo})")
    if command.has("--allow-empty"):
        lines.append(f"{site.repo}.scm.commit({message.code})")
    else:
        lines.append(f"{site.prelude('commit_staged')}({site.repo}, {message.code})")
    return Rewrite(lines=tuple(lines))


@book.rule(
    f"{INDEX}.remove",
    to=f"{DVC}.remove",
    before='repo.index.remove(["data/x.csv"], working_tree=True)',
    after='untrack(repo, "data/x.csv", outs=True)',
)
def index_remove(site: Site) -> Rewrite:
    """``repo.index.remove([data])`` is ``repo.remove`` of the ``.dvc`` file; for code git has the only way."""
    site.only("items", "working_tree")
    paths = _data_only(site, site.node_of("items"))
    outs = ", outs=True" if site.truth("working_tree") else ""
    return Rewrite(lines=tuple(_untrack(site, quoted(path), outs) for path in paths))


def _untrack(site: Site, path: str, outs: str) -> str:
    return f"{site.prelude('untrack')}({site.repo}, {path}{outs})"


def _data_only(site: Site, node: cst.BaseExpression | None) -> list[str]:
    given = site.constant(node) if node is not None else None
    paths = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    if not paths or not all(isinstance(path, str) and site.program.policy.is_data(path) for path in paths):
        raise NoCounterpart("scmrepo has no way to take a file out of git's index")
    return [str(path) for path in paths]


@book.rule(
    f"{GIT}.rm",
    to=f"{DVC}.remove",
    before='repo.git.rm("--cached", "data/x.csv")',
    after='untrack(repo, "data/x.csv")',
)
def git_rm(site: Site) -> Rewrite:
    """``repo.git.rm(data)`` is ``repo.remove`` of the ``.dvc`` file."""
    command = read_command(site)
    command.only("--", "-f", "--cached", "-r")
    words = [*command.words, *command.after_dashes]
    if not all(word.text and site.program.policy.is_data(word.text) for word in words):
        raise NoCounterpart("scmrepo has no way to take a file out of git's index")
    outs = "" if command.has("--cached") else ", outs=True"
    return Rewrite(lines=tuple(_untrack(site, word.code, outs) for word in words))
