"""Remotes: git's for code, DVC's for data. A remote is kept as its name."""

from __future__ import annotations

import re

import libcst as cst

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.around import (
    command_rule,
    guarded,
    insist_on_plain_environment,
    push_data,
)
from doctranslate.rules.gitpython_dvc.symbols import DVC, GIT, LIST, REMOTE, REPO, SCM
from doctranslate.rules.gitpython_dvc.words import Command, Word
from doctranslate.rules.site import Site, is_simple, quoted

book = RuleBook()
_PUSHES = (f"{DVC}.push", f"{SCM}.push_refspecs")
_PULLS = (f"{SCM}.pull", f"{DVC}.pull")
_FETCHES = (f"{SCM}.fetch", f"{DVC}.fetch")


@book.rule(
    f"{REPO}.remote",
    to=f"{SCM}.get_remote_url",
    before='print(repo.remote("origin").url)',
    after='print(repo.scm.get_remote_url("origin"))',
)
def remote(site: Site) -> Rewrite:
    """``repo.remote(name)`` is the remote's name: DVC's git side takes names."""
    site.only("name")
    return _looked_for(site, site.arg("name") or '"origin"', "ValueError")


@book.rule(
    f"{LIST}[{REMOTE}]",
    to=f"{SCM}.get_remote_url",
    before="print(repo.remotes.origin.name)",
    after='print("origin")',
)
def remote_of_list(site: Site) -> Rewrite:
    """``repo.remotes.origin`` and ``repo.remotes["origin"]`` are the remote's name."""
    name = element_name(site)
    if name is None:
        raise NoCounterpart("remotes can be named, and not counted")
    return _looked_for(site, name, "AttributeError" if isinstance(site.node, cst.Attribute) else "IndexError")


def _looked_for(site: Site, name: str, error: str) -> Rewrite:
    """A remote's name; where the program is ready for one that is not there, that is an error."""
    if not site.is_expected_to_raise(error):
        return Rewrite(name)
    if not (is_simple(name) or name.startswith(("'", '"'))):
        raise NoCounterpart("the remote's name would have to be computed twice")
    kind = "" if error == "ValueError" else f", {error}"
    return Rewrite(name, (f"{site.prelude('expect_remote')}({site.repo}, {name}{kind})",))


def element_name(site: Site) -> str | None:
    """Code of the name that picks an element of a list of named things; None when a number or a slice picks."""
    node = site.node
    if isinstance(node, cst.Attribute):
        return f'"{node.attr.value}"'
    if (
        isinstance(node, cst.Subscript)
        and len(node.slice) == 1
        and isinstance(node.slice[0].slice, cst.Index)
    ):
        index = node.slice[0].slice.value
        if isinstance(index, cst.Integer | cst.UnaryOperation) or site.type_of(index) == "int":
            return None
        return site.render(index)
    return None


@book.rule(
    f"{REMOTE}.name",
    to=f"{SCM}.get_remote_url",
    before="print(repo.remotes.origin.name)",
    after='print("origin")',
)
def remote_name(site: Site) -> Rewrite:
    """``remote.name`` is the name itself."""
    return Rewrite(site.receiver)


@book.rule(
    f"{REMOTE}.url",
    to=f"{SCM}.get_remote_url",
    before="print(repo.remotes.origin.url)",
    after='print(repo.scm.get_remote_url("origin"))',
)
def remote_url(site: Site) -> Rewrite:
    """``remote.url`` is ``repo.scm.get_remote_url(name)``."""
    return Rewrite(f"{site.repo}.scm.get_remote_url({site.receiver})")


@book.rule(
    f"{REMOTE}.push",
    to=_PUSHES,
    before='repo.remotes.origin.push("main")',
    after=(
        "repo.push(all_commits=True)\n"
        'repo.scm.push_refspecs("origin", "refs/heads/main")\n'
        'repo.scm.fetch("origin")'
    ),
    changes="one push is two: data to DVC's remote, then commits to the git remote",
)
def remote_push(site: Site) -> Rewrite:
    """``remote.push()`` is two pushes: data to DVC's remote, then commits to the git remote."""
    data_first = push_data(site)
    try:
        return _remote_push(site)
    except NoCounterpart as exc:
        raise NoCounterpart(str(exc), before=data_first) from exc


def _remote_push(site: Site) -> Rewrite:
    if site.gives_value:
        raise NoCounterpart("PushInfo has no counterpart: push_refspecs gives a SyncStatus per branch")
    insist_on_plain_environment(site)
    site.only("refspec", "tags", "force", ignore=("progress", "verbose", "kill_after_timeout"))
    force = site.truth("force")
    node = site.node_of("refspec")
    if site.literal("refspec") == "--tags":
        return _push_tags(site, site.receiver, [], force=force, check=False)
    names = [] if node is None else _refspecs(site, node)
    if site.truth("tags"):
        return _push_tags(site, site.receiver, names, force=force, check=False)
    return _push(site, site.receiver, names, force=force)


def _refspecs(site: Site, node: cst.BaseExpression) -> list[Word]:
    nodes = [e.value for e in node.elements] if isinstance(node, cst.List | cst.Tuple) else [node]
    words = [Word(site.argument(n), _text(site, n), n, starred=site.type_of(n) == "list") for n in nodes]
    if any((word.text or "").startswith("-") for word in words):
        raise NoCounterpart("an option in place of a branch has no counterpart")
    return words


def _text(site: Site, node: cst.BaseExpression) -> str | None:
    text = site.constant(node)
    return text if isinstance(text, str) else None


@book.rule(
    f"{GIT}.push",
    to=_PUSHES,
    before='repo.git.push("origin", "main")',
    after='push(repo, "origin", "main", check=True)',
    changes="one push is two: data to DVC's remote, then commits to the git remote",
)
def git_push(site: Site) -> Rewrite:
    """``repo.git.push(...)`` is two pushes: data to DVC's remote, then commits to the git remote."""
    return command_rule(site, push_command)


def push_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git push``, which fails where the remote has moved on."""
    if site.gives_value:
        raise NoCounterpart("what git prints has no counterpart")
    if command.has("-u", "--set-upstream") or command.option("-u", "--set-upstream"):
        raise NoCounterpart("push_refspecs does not set the upstream branch")
    command.only("--tags", "-f", "--force", "-q", "--quiet", "-v", "--verbose")
    remote_code, *names = [*command.words] or [Word('"origin"', "origin")]
    if command.is_open:
        raise NoCounterpart("which remote is pushed to is known only at run time")
    force = command.has("-f", "--force")
    if command.has("--tags"):
        return _push_tags(site, remote_code.code, names, force=force, check=True)
    return _push_checked(site, remote_code.code, names, force=force, check=True)


def _push(site: Site, remote_code: str, names: list[Word], *, force: bool) -> Rewrite:
    refs = _plain_refs(site, names)
    if refs is not None and not force and not site.value_is_used:
        pushed = f"{site.repo}.scm.push_refspecs({remote_code}, {refs})"
        # scmrepo leaves the remote-tracking branches as they were; git moves them.
        lines = (*push_data(site), pushed, f"{site.repo}.scm.fetch({remote_code})")
        return Rewrite(lines=guarded(site, lines), note=_data_remote_note(site))
    return _push_checked(site, remote_code, names, force=force, check=False)


def _push_checked(site: Site, remote_code: str, names: list[Word], *, force: bool, check: bool) -> Rewrite:
    for text in (word.text or "" for word in names):
        if text.startswith("+"):
            raise NoCounterpart("push_refspecs forces all that it pushes, or nothing")
        if text in site.program.tags or "refs/tags/" in text:
            _insist_on_gentle_push(force=force)
    parts = [site.repo]
    if names or remote_code not in ('"origin"', "'origin'"):
        parts.append(remote_code)
    parts += [("*" if word.starred else "") + word.code for word in names]
    parts += ["force=True"] if force else []
    parts += ["check=True"] if check else []
    line = f"{_pusher(site, names)}({', '.join(parts)})"
    return Rewrite(lines=(site.guarded(line),), note=_data_remote_note(site))


def _insist_on_gentle_push(*, force: bool) -> None:
    """``push_refspecs`` takes what the remote has for commits, and fails on an annotated tag."""
    if force:
        raise NoCounterpart("push_refspecs cannot move an annotated tag of a remote")


def _pusher(site: Site, names: list[Word]) -> str:
    """The function that pushes: one for names of branches and tags, another for what may be more than a name."""
    plain = all(_is_name(word) for word in names)
    return site.prelude("push" if plain else "push_refspecs")


def _is_name(word: Word) -> bool:
    """Whether the program's text shows that a word is no refspec."""
    if word.text is None:
        return not word.starred and re.fullmatch(r"[\w.]+\.scm\.active_branch\(\)", word.code) is not None
    return not word.starred and word.text != "HEAD" and not re.search(r"^\+|^refs/|:", word.text)


def _data_remote_note(site: Site) -> str:
    if not site.program.tracks_data or site.program.data_remote:
        return ""
    return (
        "one push is two: data to DVC's default remote, which 'dvc remote add -d NAME URL' names once for the "
        "repository, then commits to the git remote"
    )


def _plain_refs(site: Site, names: list[Word]) -> str | None:
    """The references to push, where the program text says what each one is; None where that shows at run time."""
    if not site.program.at_root:  # a remote's relative address counts from the working directory
        return None
    if not names:
        return f'f"refs/heads/{{{site.repo}.scm.active_branch()}}"'
    refs = []
    for word in names:
        if word.text in site.program.tags:
            refs.append(quoted(f"refs/tags/{word.text}") if word.is_literal else _built("tags", word.code))
        elif word.text in site.program.branches:
            refs.append(quoted(f"refs/heads/{word.text}") if word.is_literal else _built("heads", word.code))
        else:
            return None
    return refs[0] if len(refs) == 1 else f"[{', '.join(refs)}]"


def _built(kind: str, code: str) -> str:
    return 'f"refs/' + kind + "/{" + code + '}"'


def _push_tags(site: Site, remote_code: str, names: list[Word], *, force: bool, check: bool) -> Rewrite:
    _insist_on_gentle_push(force=force)
    option = ", check=True" if check else ""
    also = "".join(f", {'*' if word.starred else ''}{word.code}" for word in names)
    lines = [f"{_pusher(site, names)}({site.repo}, {remote_code}{also}{option})"] if also else []
    remote_part = "" if remote_code in ('"origin"', "'origin'") else f", {remote_code}"
    lines.append(f"{site.prelude('push_tags')}({site.repo}{remote_part}{option})")
    return Rewrite(lines=guarded(site, tuple(lines)), note=_data_remote_note(site))


@book.rule(
    f"{REMOTE}.pull",
    to=_PULLS,
    before="repo.remotes.origin.pull()",
    after=("repo.scm.pull()\nrepo.pull()"),
    changes="one pull is two: commits with git, then their data with DVC",
)
def remote_pull(site: Site) -> Rewrite:
    """``remote.pull()`` is two pulls: commits with git, then the data they point to with DVC."""
    data_after = (f"{site.repo}.pull()",)
    try:
        insist_on_plain_environment(site)
        site.only("refspec", ignore=("progress",))
        _insist_on_origin(site)
    except NoCounterpart as exc:
        raise NoCounterpart(str(exc), after=data_after) from exc
    if site.gives_value:
        raise NoCounterpart("FetchInfo has no counterpart", after=data_after)
    return _pull(site, site.arg("refspec"))


def _insist_on_origin(site: Site) -> None:
    """``scm.pull`` pulls from origin only: any other remote, and one that shows at run time, stays with git."""
    node = site.definition(site.receiver_node) if site.receiver_node is not None else None
    name: object = None
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        if node.func.attr.value == "remote" and site.type_of(node.func.value) == REPO:
            name = site.constant(node.args[0].value) if node.args else "origin"
    elif isinstance(node, cst.Attribute | cst.Subscript) and site.type_of(node.value) == LIST:
        if isinstance(node, cst.Attribute):
            name = node.attr.value
        elif len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
            name = site.constant(node.slice[0].slice.value)
    if name != "origin":
        raise NoCounterpart("repo.scm.pull() pulls from 'origin' only")


@book.rule(
    f"{GIT}.pull",
    to=_PULLS,
    before='repo.git.pull("origin", "main")',
    after=('repo.scm.pull(refspec="main")\nrepo.pull()'),
    changes="one pull is two: commits with git, then their data with DVC",
)
def git_pull(site: Site) -> Rewrite:
    """``repo.git.pull()`` is two pulls: commits with git, then the data they point to with DVC."""
    return command_rule(site, pull_command)


def pull_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git pull``."""
    words = command.words
    command.only("-q", "--quiet", "--ff-only")
    if site.gives_value:
        raise NoCounterpart("what git prints has no counterpart")
    if words and words[0].text != "origin":
        raise NoCounterpart("repo.scm.pull() pulls from 'origin' only")
    if len(words) > 2 or command.is_open:
        raise NoCounterpart("several branches at once have no counterpart")
    return _pull(site, words[1].code if len(words) == 2 else None)


def _pull(site: Site, branch: str | None) -> Rewrite:
    repo = site.repo
    if site.value_is_used:  # the body of a lambda: one expression
        line = f"{site.prelude('pull')}({repo}{f', {branch}' if branch else ''})"
        return Rewrite(
            lines=(site.guarded(line),), note="one pull is two: commits with git, then their data with DVC"
        )
    refspec = f"refspec={branch}" if branch else ""
    lines = (f"{repo}.scm.pull({refspec})", f"{repo}.pull()")
    return Rewrite(
        lines=guarded(site, lines), note="one pull is two: commits with git, then their data with DVC"
    )


@book.rule(
    f"{REMOTE}.fetch",
    to=_FETCHES,
    before="repo.remotes.origin.fetch()",
    after=('repo.scm.fetch("origin")\nrepo.fetch()'),
)
def remote_fetch(site: Site) -> Rewrite:
    """``remote.fetch()`` is ``scm.fetch`` for commits and ``repo.fetch`` for the data of the working tree."""
    site.only("force", ignore=("progress", "verbose", "tags"))
    if site.value_is_used:
        raise NoCounterpart("FetchInfo has no counterpart")
    return _fetch(site, site.receiver)


@book.rule(
    f"{GIT}.fetch",
    to=_FETCHES,
    before='repo.git.fetch("origin")',
    after=('repo.scm.fetch("origin")\nrepo.fetch()'),
)
def git_fetch(site: Site) -> Rewrite:
    """``repo.git.fetch()`` is ``scm.fetch`` for commits and ``repo.fetch`` for the data of the working tree."""
    return command_rule(site, fetch_command)


def fetch_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git fetch``."""
    command.only("--tags", "-q", "--quiet", "-t", "-v", "--verbose")
    if site.value_is_used:
        raise NoCounterpart("what git prints has no counterpart")
    if len(command.words) > 1 or command.is_open:
        raise NoCounterpart("one remote is fetched at a time, with all its branches")
    return _fetch(site, command.words[0].code if command.words else '"origin"')


def _fetch(site: Site, remote_code: str) -> Rewrite:
    repo = site.repo
    return Rewrite(lines=guarded(site, (f"{repo}.scm.fetch({remote_code})", f"{repo}.fetch()")))


book.bridged(
    f"{REPO}.create_remote",
    f"{REPO}.delete_remote",
    f"{REMOTE}.exists",
    f"{REMOTE}.urls",
    f"{REMOTE}.set_url",
    f"{REMOTE}.add_url",
    f"{REMOTE}.rename",
    f"{REMOTE}.create",
    f"{REMOTE}.remove",
    because="scmrepo tells the address of a git remote, and changes nothing about it; data remotes are in repo.config",
    before="print(repo.remotes.origin.exists())",
    after="print(repo.scm.gitpython.repo.remotes.origin.exists())",
)
