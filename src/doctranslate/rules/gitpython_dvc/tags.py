"""Tags. A tag is kept as its name; what an annotated one says is asked for by that name."""

from __future__ import annotations

from doctranslate.rules.base import NoCounterpart, Rewrite, RuleBook
from doctranslate.rules.gitpython_dvc.refs import of_list, ref_code
from doctranslate.rules.gitpython_dvc.symbols import GIT_TAG, LIST, REPO, SCM, TAG, TAG_OBJECT
from doctranslate.rules.site import Site, is_simple

book = RuleBook()
_MOVED = "a tag that exists already is moved, where git refuses"
_GET_TAG = f"{SCM}.get_tag"


@book.rule(
    f"{REPO}.tags",
    to=f"{SCM}.list_tags",
    before="names = [tag.name for tag in repo.tags]",
    after="names = repo.scm.list_tags()",
    changes="a list of tags is printed as a list of names",
)
def tags(site: Site) -> Rewrite:
    """``repo.tags`` is ``repo.scm.list_tags()``, a list of names."""
    note = "a list of tags is printed as a list of names" if site.is_printed else ""
    return Rewrite(f"{site.repo}.scm.list_tags()", note=note)


@book.rule(
    f"{LIST}[{TAG}]",
    to=f"{SCM}.list_tags",
    before='tag = repo.tags["v1"]\nprint(tag.commit.message)\nprint(repo.tags[-1].name)',
    after='tag = "v1"\nprint(repo.scm.resolve_commit(tag).message)\nprint(repo.scm.list_tags()[-1])',
)
def tag_of_list(site: Site) -> Rewrite:
    """``repo.tags["v1"]`` is the tag's name; a number or a slice picks from the list of names."""
    return of_list(site, f"{site.repo}.scm.list_tags()")


@book.rule(
    f"{REPO}.create_tag",
    f"{TAG}.create",
    to=(f"{SCM}.tag", f"{SCM}.set_ref"),
    before='repo.create_tag("v1", message="First")\nrepo.create_tag("v2")',
    after=(
        'repo.scm.tag("v1", annotated=True, message="First")\n'
        'repo.scm.set_ref("refs/tags/v2", repo.scm.get_rev())'
    ),
    changes=_MOVED,
)
def create_tag(site: Site) -> Rewrite:
    """``repo.create_tag(name, ref, message)`` is ``repo.scm.tag``, which would move a tag that exists."""
    site.only("repo", "path", "ref", "reference", "message", "logmsg", "force", "m")
    name = site.arg("path") or ""
    message = site.node_of("message") or site.node_of("m") or site.node_of("logmsg")
    node = site.node_of("ref") or site.node_of("reference")
    parts = [name] if node is None else [name, f"target={site.argument(node)}"]
    may_be_none = message is not None and site.may_be_none(message)
    repo = site.arg("repo") if site.symbol.startswith(TAG) else None  # TagReference.create(repo, name)
    text = site.render(message) if message is not None else None
    return write_tag(site, name, parts, text, force=site.truth("force"), may_be_none=may_be_none, repo=repo)


def write_tag(
    site: Site,
    name: str,
    parts: list[str],
    message: str | None,
    *,
    force: bool,
    may_be_none: bool = False,
    repo: str | None = None,
) -> Rewrite:
    """Create a tag; where the program handles errors, one that exists is an error."""
    note, owner = "", repo or site.repo
    if may_be_none or (site.is_guarded and not force):
        parts = [owner, *parts] + ([f"message={message}"] if message else [])
        parts += ["force=True"] if force else []
        line = f"{site.prelude('create_tag')}({', '.join(parts)})"
    elif message is None:
        # scm.tag annotates it all the same where libgit2 is the backend that answered last.
        if len(parts) > 1:  # a tag of a tag points at that, and not at its commit
            line = f"{owner}.scm.dulwich.tag({', '.join(parts)})"
        else:
            line = f"{owner}.scm.set_ref({ref_code('tags', _text(name), name)}, {owner}.scm.get_rev())"
        note = "" if force else _MOVED
    else:
        # libgit2, where it answered last, moves no tag
        scm = f"{owner}.scm.dulwich" if force else f"{owner}.scm"
        line = f"{scm}.tag({', '.join([*parts, 'annotated=True', f'message={message}'])})"
        note = "" if force else _MOVED
    if not site.value_is_used:
        return Rewrite(lines=(line,), note=note)
    if not (is_simple(name) or name.startswith(("'", '"'))):
        raise NoCounterpart("the tag's name would have to be computed twice")
    return Rewrite(name, (line,), note)


def _text(code: str) -> str | None:
    """What a string literal says; None for other code, and for what would have to be escaped again."""
    plain = code[1:-1]
    literal = code[:1] in ("'", '"') and code[-1:] == code[:1] and not set(plain) & {"\\", "'", '"'}
    return plain if literal else None


# ---------------------------------------------------------------------- what an annotated tag says
@book.rule(
    f"{TAG}.tag",
    to=_GET_TAG,
    before='tag = repo.tags["v1"]\nif tag.tag:\n    print(tag.tag.message)',
    after=(
        'tag = "v1"\nif not isinstance(repo.scm.get_tag(tag), str):\n'
        '    print(repo.scm.get_tag(tag).message.removesuffix("\\n"))'
    ),
)
def annotation(site: Site) -> Rewrite:
    """``tag.tag`` is ``repo.scm.get_tag(name)``, which gives a hash for a tag without annotation."""
    found = f"{site.repo}.scm.get_tag({site.receiver})"
    if site.is_asked_whether:
        return Rewrite(f"not isinstance({found}, str)")
    if site.has_member_read:
        return Rewrite(found)
    return Rewrite(f"{site.prelude('annotation')}({site.repo}, {site.receiver})")


@book.rule(
    f"{TAG_OBJECT}.message",
    to=(_GET_TAG, GIT_TAG),
    before='print(repo.tags["v1"].tag.message)',
    after='print(repo.scm.get_tag("v1").message.removesuffix("\\n"))',
)
def tag_message(site: Site) -> Rewrite:
    """``tag.tag.message`` is ``message`` without the newline that git keeps at its end."""
    return Rewrite(f'{site.receiver}.message.removesuffix("\\n")')


@book.rule(
    f"{TAG_OBJECT}.tagged_date",
    f"{TAG_OBJECT}.tag",
    to=(_GET_TAG, GIT_TAG),
    before='print(repo.tags["v1"].tag.tagged_date)',
    after='print(repo.scm.get_tag("v1").tag_time)',
)
def tag_field(site: Site) -> Rewrite:
    """``tag.tag.tagged_date`` is ``tag_time``, seconds since 1970, and ``tag.tag.tag`` is ``name``."""
    field = "name" if site.symbol.endswith(".tag") else "tag_time"
    return Rewrite(f"{site.receiver}.{field}")


@book.rule(
    f"{TAG_OBJECT}.object",
    to=(_GET_TAG, f"{SCM}.resolve_commit"),
    before='print(repo.tags["v1"].tag.object.hexsha)',
    after='print(repo.scm.resolve_commit(repo.scm.get_tag("v1").target).hexsha)',
)
def tagged(site: Site) -> Rewrite:
    """``tag.tag.object`` is the commit that ``target`` names."""
    return Rewrite(f"{site.repo}.scm.resolve_commit({site.receiver}.target)")
