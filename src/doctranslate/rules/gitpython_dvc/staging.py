"""Adding and committing: data goes to DVC, code stays with git."""

from __future__ import annotations

import libcst as cst

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.around import CodeOnly, command_rule
from doctranslate.rules.gitpython_dvc.data import Kind
from doctranslate.rules.gitpython_dvc.files import Files
from doctranslate.rules.gitpython_dvc.paths import Paths
from doctranslate.rules.gitpython_dvc.symbols import BLOB, DVC, GIT, INDEX, SCM
from doctranslate.rules.gitpython_dvc.words import Command, Word
from doctranslate.rules.site import Site, is_simple

book = RuleBook()
EVERYTHING = (".", "*", ":/", "./")
COMMIT_VALUES = (
    "-m", "--message", "-F", "--file", "-C", "-c", "--author", "--date", "--fixup", "--squash", "--trailer", "-t",
)  # fmt: skip
_PATTERN = frozenset("*?[")


@book.rule(
    f"{INDEX}.add",
    to=(f"{DVC}.add", f"{SCM}.add"),
    before=('repo.index.add(["data/x.csv"])\nrepo.index.add(["train.py"])'),
    after=('track(repo, "data/x.csv")\nrepo.scm.add("train.py")'),
    changes="a file that git ignores is left out unless force=True is given, where GitPython adds it in any case",
)
def index_add(site: Site) -> Rewrite:
    """``repo.index.add([...])`` is ``repo.add`` for data and ``repo.scm.add`` for code."""
    site.only("items", "force", ignore=("write", "write_extension_data", "fprogress"))
    force = site.truth("force")
    if site.gives_value:
        raise NoCounterpart("the entries that adding returns have no counterpart")
    node = site.node_of("items")
    if node is None:
        raise NoCounterpart("it is called without paths")
    if isinstance(node, cst.List | cst.Tuple | cst.Set):
        words = [_word(site, e.value, starred=isinstance(e, cst.StarredElement)) for e in node.elements]
    else:
        words = [_word(site, node, starred=_is_many(site, node))]
    return _add(site, words, force=force, expanded=[_expanded(site, word) for word in words])


def _word(site: Site, node: cst.BaseExpression, *, starred: bool = False) -> Word:
    if site.type_of(node) == BLOB:
        raise NoCounterpart("only files are added, and no blobs")
    text = site.constant(node)
    code = site.render(node)
    if isinstance(node, cst.GeneratorExp) and not code.startswith("("):
        code = f"({code})"
    return Word(code, text if isinstance(text, str) else None, node, starred)


def _expanded(site: Site, word: Word) -> Word:
    """GitPython expands patterns from the root of the repository; a star does not cross folders."""
    if word.text is None or not _PATTERN & set(word.text):
        return word
    where = "" if site.program.at_root else f", root_dir={site.repo}.root_dir"
    return Word(f"{site.module('glob')}.glob({word.code}{where})", starred=True)


def _is_many(site: Site, node: cst.BaseExpression) -> bool:
    """Whether an expression is surely a list of paths, and not one path, which GitPython takes as well."""
    if isinstance(node, cst.GeneratorExp | cst.ListComp | cst.SetComp):
        return True
    if isinstance(node, cst.Call):
        name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
        return isinstance(name, cst.Name) and name.value in _GIVES_MANY
    return site.type_of(node) in ("list", "tuple", "set", "dict", "generator")


_GIVES_MANY = (
    "glob", "iglob", "rglob", "list", "sorted", "set", "tuple", "map", "filter", "listdir", "splitlines", "split",
)  # fmt: skip


@book.rule(
    f"{GIT}.add",
    to=(f"{DVC}.add", f"{SCM}.add"),
    before='repo.git.add("data/x.csv", "train.py")',
    after=('track(repo, "data/x.csv")\nrepo.scm.add("train.py")'),
)
def git_add(site: Site) -> Rewrite:
    """``repo.git.add(...)`` is ``repo.add`` for data and ``repo.scm.add`` for code."""
    return command_rule(site, add_command)


def add_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git add`` in any of its styles."""
    command.only("-A", "--all", "-u", "--update", "-f", "--force", "-v", "--verbose", "--")
    if site.gives_value:
        raise NoCounterpart("what git prints has no counterpart")
    words = [*command.words, *command.after_dashes]
    joined = command.all_options("-A", "--all", "-u", "--update")  # add(A="data") is "-A data" to git
    if any(word.text is None for word in joined):
        raise NoCounterpart("whether everything is added is known only at run time")
    words += joined
    everything = not words or any(word.text in EVERYTHING for word in words)
    if command.has("-u", "--update"):
        if not everything:
            raise NoCounterpart("git add --update of single paths has no counterpart")
        return Rewrite(lines=(site.guarded(f"{site.prelude('add_updated')}({site.repo})"),))
    if everything:
        return Rewrite(lines=(site.guarded(f"{site.prelude('add_all')}({site.repo})"),))
    rewrite = _add(site, words, force=command.has("-f", "--force"))
    return Rewrite(lines=tuple(site.guarded(line) for line in rewrite.lines)) if site.is_guarded else rewrite


def _add(
    site: Site, words: list[Word], *, force: bool = False, expanded: list[Word] | None = None
) -> Rewrite:
    """Stage words: those of which the text says what they are, are told apart here, the rest by the translated program.

    Args:
        site: The call.
        words: What is added.
        force: What git ignores, too.
        expanded: The same, each pattern as a call that finds its files.
    """
    if site.program.sets_up_lfs:  # which writes its patterns there; DVC has none
        left = [n for n, word in enumerate(words) if word.text != ".gitattributes"]
        expanded = [expanded[n] for n in left] if expanded is not None else None
        words = [words[n] for n in left]
    kinds = [_kind(site, word, expands=expanded is not None) for word in words]
    words = expanded if expanded is not None else words
    if not words:
        return Rewrite()
    if site.program.policy.globs == () or not site.program.tracks_data:
        return _add_code(site, words, force=force)
    if not all(kinds):
        parts = ", ".join(("*" if word.starred else "") + word.code for word in words)
        return Rewrite(lines=(f"{site.prelude('add')}({site.repo}, {parts})",))
    lines = [
        _track(site, word) if kind == "data" else _told_apart(site, word, kind)
        for word, kind in zip(words, kinds, strict=True)
        if kind is not None and kind != "code"
    ]
    code = [word for word, kind in zip(words, kinds, strict=True) if kind == "code"]
    lines += _add_code(site, code, force=force).lines if code else ()
    return Rewrite(lines=tuple(lines))


def _kind(site: Site, word: Word, *, expands: bool) -> Kind | tuple[str, ...] | None:
    """What a word is for sure, or suffixes that tell its data from its code.

    Empty or None where the translated program has to look: at a folder, or a file that may be gone. A handler of
    errors may wait for what adding a missing file raises, which differs between the two.
    """
    files: Files = site.program.files
    if word.node is None:
        known = word.text is not None and _is_file(word.text)
        return files.kind_of_text(word.text) if known and word.text is not None else None
    if word.text is not None and _is_file(word.text):
        return None if files.is_deleted(word.node) else files.kind(word.node)
    if site.is_tried or files.may_be_gone(word.node):
        return None
    if word.text is not None:  # a pattern
        return files.kind_of_pattern(word.node) if expands else None
    many = _is_list(site, word)
    kind = files.kind_inside(word.node) if many else files.kind(word.node)
    if site.value_is_used and (many or kind is None):
        return None  # only an expression can stand there
    if kind is not None or site.program.has_submodules:
        return kind
    if not many and not is_simple(word.code):
        return None
    return files.data_suffixes(files.paths.inside(word.node) if many else files.paths.of(word.node))


def _is_list(site: Site, word: Word) -> bool:
    """Whether a word stands for several paths: as its type says, or what is known to be in it."""
    paths: Paths = site.program.files.paths
    return word.starred or (paths.of(word.node) is None and paths.inside(word.node) is not None)


def _told_apart(site: Site, word: Word, suffixes: tuple[str, ...]) -> str:
    """Paths of which each is data or code, as its suffix says."""
    files: Files = site.program.files
    many = _is_list(site, word)
    path = site.fresh("path") if many else word.code
    is_text = files.holds_text(word.node) if many and word.node is not None else site.is_text(word.node)
    asked = ", ".join(f'"{suffix}"' for suffix in suffixes)
    asked = f"({asked})" if len(suffixes) > 1 else asked
    staged = path if is_text else f"[{path}]"
    if not site.program.at_root:
        staged = f"{site.name('os')}.path.join({site.repo}.scm.root_dir, {path})"
    lines = [
        f"if {path if is_text else f'str({path})'}.endswith({asked}):",
        f"    {site.prelude('track')}({site.repo}, {path})",
        "else:",
        f"    {site.repo}.scm.add({staged})",
    ]
    if many:
        lines = [f"for {path} in {word.code}:", *(f"    {line}" for line in lines)]
    return "\n".join(lines)


def _track(site: Site, word: Word) -> str:
    """One data file, or each of several."""
    track = site.prelude("track")
    if not _is_list(site, word):
        return f"{track}({site.repo}, {word.code})"
    path = site.fresh("path")
    return f"for {path} in {word.code}:\n    {track}({site.repo}, {path})"


def _is_file(text: str) -> bool:
    """Whether a word names a file, and not a folder or a pattern that may hold both: a suffix tells."""
    return "." in text.rpartition("/")[2] and not _PATTERN & set(text)


def _add_code(site: Site, words: list[Word], *, force: bool) -> Rewrite:
    """``scm.add`` counts paths from the working directory, GitPython from the repository; it skips what is missing."""
    single = len(words) == 1 and not words[0].starred
    node = words[0].node
    known = single and node is not None and site.program.files.kind(node) is not None
    unclear = single and not known and words[0].text is None and not site.is_text(node)
    if site.is_tried or site.program.has_submodules or (unclear and not site.program.at_root):
        parts = ", ".join(("*" if word.starred else "") + word.code for word in words)
        return Rewrite(lines=(f"{site.prelude('stage')}({site.repo}, {parts})",))
    if site.program.at_root:
        codes = [("*" if word.starred else "") + word.code for word in words]
    else:
        join = f"{site.name('os')}.path.join({site.repo}.scm.root_dir, "
        codes = [
            f"*({join}path) for path in {word.code})" if word.starred else f"{join}{word.code})"
            for word in words
        ]
    if known and words[0].text is None and not site.is_text(node):
        plain = not site.program.at_root  # joined, it is a string; as it stands it may be a path object
    else:
        plain = single and not (isinstance(node, cst.BinaryOperation | cst.Call) and unclear)
    listed = codes[0] if plain else "[" + ", ".join(codes) + "]"
    return Rewrite(lines=(f"{site.repo}.scm.add({listed}{', force=True' if force else ''})",))


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
    if site.gives_value:
        return Rewrite(f'{site.repo}.scm.resolve_commit("HEAD")', (line,))
    return Rewrite(lines=(line,))


@book.rule(
    f"{GIT}.commit",
    to=f"{SCM}.commit",
    before='repo.git.commit("-m", "Add data")',
    after='commit_staged(repo, "Add data")',
    changes="a commit of single files takes along what else is staged",
)
def git_commit(site: Site) -> Rewrite:
    """``repo.git.commit("-m", message)`` is ``repo.scm.commit``, which does not refuse an empty commit by itself."""
    return command_rule(site, commit_command, values=COMMIT_VALUES)


def commit_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git commit``."""
    command.only(
        "-m", "--message", "-a", "--all", "-q", "--quiet", "--allow-empty", "--no-verify", "-n", "--", "-v", "--verbose"
    )  # fmt: skip
    if site.gives_value:
        raise NoCounterpart("what git prints has no counterpart")
    messages = command.all_options("-m", "--message")
    paths = [*command.words, *command.after_dashes]
    if not messages:
        raise NoCounterpart("without a message git opens an editor")
    lines = []
    if command.has("-a", "--all"):
        lines.append(f"{site.prelude('add_updated')}({site.repo})")
    note = ""
    if paths:
        lines += _add(site, paths).lines
        note = "what else is staged is committed too, where git commits the named files only"
    arguments = [site.repo, _one_message(messages)]
    arguments += ["allow_empty=True"] if command.has("--allow-empty") else []
    arguments += ["no_verify=True"] if command.has("--no-verify", "-n") else []
    lines.append(f"{site.prelude('commit_staged')}({', '.join(arguments)})")
    return Rewrite(lines=tuple(site.guarded(line) for line in lines), note=note)


def _one_message(messages: list[Word]) -> str:
    """Several ``-m`` are the paragraphs of one message."""
    if len(messages) == 1:
        return messages[0].code
    if all(word.text is not None for word in messages):
        return repr("\n\n".join(str(word.text) for word in messages))
    return r'"\n\n".join([' + ", ".join(word.code for word in messages) + "])"


@book.rule(
    f"{INDEX}.remove",
    to=(f"{DVC}.remove", f"{SCM}.add"),
    before='repo.index.remove(["data/x.csv"], working_tree=True)\nrepo.index.remove([name])',
    after='untrack(repo, "data/x.csv", outs=True)\nremove(repo, name, cached=True)',
)
def index_remove(site: Site) -> Rewrite:
    """``repo.index.remove([data])`` is ``repo.remove`` of the ``.dvc`` file; code leaves git's index."""
    site.only("items", "working_tree", "r")
    if site.gives_value:
        raise NoCounterpart("the paths that removing returns have no counterpart")
    node = site.node_of("items")
    if node is None:
        raise NoCounterpart("it is called without paths")
    nodes = [e.value for e in node.elements] if isinstance(node, cst.List | cst.Tuple) else [node]
    words = [_word(site, n, starred=_is_many(site, n)) for n in nodes]
    return _remove(site, words, cached=not site.truth("working_tree"))


def _remove(site: Site, words: list[Word], *, cached: bool) -> Rewrite:
    policy = site.program.policy
    if all(word.text is not None and _is_file(word.text) and policy.is_data(word.text) for word in words):
        outs = "" if cached else ", outs=True"
        return Rewrite(
            lines=tuple(f"{site.prelude('untrack')}({site.repo}, {word.code}{outs})" for word in words)
        )
    if all(word.text is not None and _is_file(word.text) and not policy.is_data(word.text) for word in words):
        raise CodeOnly("scmrepo has no way to take a file out of git's index")
    parts = ", ".join(("*" if word.starred else "") + word.code for word in words)
    return Rewrite(
        lines=(f"{site.prelude('remove')}({site.repo}, {parts}{', cached=True' if cached else ''})",)
    )


@book.rule(
    f"{GIT}.rm",
    to=f"{DVC}.remove",
    before='repo.git.rm("--cached", "data/x.csv")',
    after='untrack(repo, "data/x.csv")',
)
def git_rm(site: Site) -> Rewrite:
    """``repo.git.rm(data)`` is ``repo.remove`` of the ``.dvc`` file; code leaves git's index."""
    return command_rule(site, rm_command)


def rm_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git rm``."""
    command.only("--", "-f", "--force", "--cached", "-r", "-q", "--quiet", "--ignore-unmatch")
    if site.gives_value:
        raise NoCounterpart("what git prints has no counterpart")
    words = [*command.words, *command.after_dashes]
    words += command.all_options(
        "--cached", "-r", "-f"
    )  # rm(cached="x") is "--cached=x" to git: it fails there too
    if not words or command.options:
        raise NoCounterpart("which files are removed cannot be told")
    if any(word.text is not None and not _is_file(word.text) for word in words) and command.has("-r"):
        return _removed_anyhow(site, words, cached=command.has("--cached"))
    return _remove(site, words, cached=command.has("--cached"))


def _removed_anyhow(site: Site, words: list[Word], *, cached: bool) -> Rewrite:
    parts = ", ".join(("*" if word.starred else "") + word.code for word in words)
    return Rewrite(
        lines=(f"{site.prelude('remove')}({site.repo}, {parts}{', cached=True' if cached else ''})",)
    )


@book.rule(
    f"{GIT}.mv",
    to=(f"{DVC}.move", f"{SCM}.add"),
    before='repo.git.mv("data/x.csv", "data/y.csv")',
    after='move(repo, "data/x.csv", "data/y.csv")',
)
def git_mv(site: Site) -> Rewrite:
    """``repo.git.mv(old, new)`` is ``repo.move`` for data; code is renamed and both names are staged."""
    return command_rule(site, mv_command)


def mv_command(site: Site, command: Command) -> Rewrite:
    """Translate ``git mv``."""
    command.only("-f", "--force", "-k", "-v", "--")
    words = [*command.words, *command.after_dashes]
    if site.gives_value:
        raise NoCounterpart("what git prints has no counterpart")
    return _move(site, words)


@book.rule(
    f"{INDEX}.move",
    to=(f"{DVC}.move", f"{SCM}.add"),
    before='repo.index.move(["data/x.csv", "data/y.csv"])',
    after='move(repo, "data/x.csv", "data/y.csv")',
)
def index_move(site: Site) -> Rewrite:
    """``repo.index.move([old, new])`` is ``repo.move`` for data; code is renamed and both names are staged."""
    site.only("items", "skip_errors")
    node = site.node_of("items")
    if site.gives_value or not isinstance(node, cst.List | cst.Tuple):
        raise NoCounterpart(
            "which files are moved must stand in the call, and what it returns has no counterpart"
        )
    return _move(site, [_word(site, element.value) for element in node.elements])


def _move(site: Site, words: list[Word]) -> Rewrite:
    if len(words) < 2 or any(word.starred for word in words):
        raise NoCounterpart("which files are moved shows only at run time")
    *sources, target = words
    if all(
        w.text is not None and _is_file(w.text) and not site.program.policy.is_data(w.text) for w in sources
    ):
        raise CodeOnly("scmrepo renames no files")
    lines = [f"{site.prelude('move')}({site.repo}, {source.code}, {target.code})" for source in sources]
    return Rewrite(lines=tuple(lines))


@book.rule(
    f"{INDEX}.checkout",
    to=(f"{DVC}.checkout", f"{DVC}.get"),
    before='repo.index.checkout(["data/x.csv"], force=True)',
    after='restore(repo, "data/x.csv")',
)
def index_checkout(site: Site) -> Rewrite:
    """``repo.index.checkout(paths)`` is ``repo.checkout`` of data files; code is left to git."""
    data_after = (f"{site.repo}.checkout(force=True)",)
    site.only("paths", "force", ignore=("fprogress",))
    node = site.node_of("paths")
    if node is None or site.gives_value:
        raise NoCounterpart("scmrepo brings no files back from git's index", after=data_after)
    nodes = [e.value for e in node.elements] if isinstance(node, cst.List | cst.Tuple) else [node]
    words = [_word(site, n, starred=_is_many(site, n)) for n in nodes]
    if all(word.text is not None and not site.program.policy.is_data(word.text) for word in words):
        raise NoCounterpart("scmrepo brings no files back from git's index")
    parts = ", ".join(("*" if word.starred else "") + word.code for word in words)
    return Rewrite(lines=(f"{site.prelude('restore')}({site.repo}, {parts})",))


@book.rule(
    f"{INDEX}.reset",
    to=(f"{SCM}.reset", f"{DVC}.checkout"),
    before="repo.index.reset()\nrepo.index.reset(working_tree=True)",
    after="repo.scm.reset()\nrepo.scm.reset(hard=True)\nrepo.checkout(force=True)",
)
def index_reset(site: Site) -> Rewrite:
    """``repo.index.reset()`` is ``repo.scm.reset()``; with the working tree the data files come back, too."""
    hard = site.truth("working_tree")
    data_after = (f"{site.repo}.checkout(force=True)",) if hard else ()
    node = site.node_of("commit")
    if (node is not None and site.constant(node) != "HEAD") or site.gives_value:
        raise NoCounterpart("scm.reset knows HEAD only", after=data_after)
    site.only("commit", "working_tree", ignore=("head",))
    if not hard:
        return Rewrite(lines=(f"{site.repo}.scm.reset()",))
    return Rewrite(lines=(f"{site.repo}.scm.reset(hard=True)", *data_after))


@book.rule(f"{INDEX}.write", to=f"{SCM}.add", before="repo.index.write()", after="")
def index_write(site: Site) -> Rewrite:
    """``repo.index.write()`` is not needed: ``repo.scm.add`` has written the index."""
    if site.value_is_used:
        raise NoCounterpart("it gives nothing")
    return Rewrite()
