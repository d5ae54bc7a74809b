"""A folder of Markdown as a site with client-side navigation, or the same pages as plain HTML.

As a single-page application every address answers with one shell and one script. The script fetches a page's
content as JSON, builds the navigation a little later, and turns clicks into ``history.pushState``.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from markdown_it import MarkdownIt

from tests.sites.server import NOT_FOUND, Reply, Request
from tests.sites.truth import hrefs

CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "dvc"
"""DVC's documentation, beside the checkout; not part of it."""

SELECTOR = "main article"

_SCRIPT = """
'use strict';
const NAV_DELAY_MS = 150;
async function show(path) {
  const answer = await fetch('/content' + (path === '/' ? '/index' : path.replace(/\\/$/, '')) + '.json');
  const page = answer.ok ? await answer.json() : {title: 'Not found', html: '<p>There is no such page.'};
  document.title = page.title;
  const article = document.createElement('article');
  article.innerHTML = page.html;
  document.querySelector('main').replaceChildren(article);
}
function list(entries, path) {
  const ul = document.createElement('ul');
  for (const entry of entries) {
    const li = document.createElement('li'), a = document.createElement('a');
    a.href = entry.path; a.textContent = entry.title; li.append(a);
    if (entry.children.length && (path + '/').startsWith(entry.path + '/')) li.append(list(entry.children, path));
    ul.append(li);
  }
  return ul;
}
async function navigate(path) {
  const tree = await (await fetch('/nav.json')).json();
  document.querySelector('nav').replaceChildren(list(tree, path));
}
addEventListener('click', event => {
  const a = event.target.closest('a');
  if (!a || a.origin !== location.origin) return;
  event.preventDefault();
  history.pushState({}, '', a.href);
  show(location.pathname); navigate(location.pathname);
});
addEventListener('popstate', () => { show(location.pathname); navigate(location.pathname); });
show(location.pathname);
setTimeout(() => navigate(location.pathname), NAV_DELAY_MS);
"""

_SHELL = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>%s</title>%s</head>
<body><nav>%s</nav><main>%s</main></body></html>
"""


class MarkdownSite:
    """A folder of Markdown files as a site: ``a/b.md`` is at ``/a/b``, ``a/index.md`` at ``/a``.

    Args:
        folder: The files.
        mode: ``spa`` renders in the browser, ``static`` on the server.
    """

    def __init__(self, folder: Path, *, mode: Literal["spa", "static"] = "spa") -> None:
        self.mode = mode
        self.pages: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        self._tree: list[dict[str, Any]] | None = None
        convert = MarkdownIt("commonmark", {"html": True}).enable("table")
        for file in sorted(folder.rglob("*.md")):
            path = _path(file.relative_to(folder).with_suffix("").as_posix())
            self.put(
                path, convert.render(re.sub(r"\A---\n.*?\n---\n", "", file.read_text(), flags=re.DOTALL))
            )

    def put(self, path: str, content: str) -> None:
        """Add a page, or replace it: its content is HTML."""
        found = re.search(r"<h1[^>]*>(.*?)</h1>", content, re.DOTALL)
        name = path.rsplit("/", 1)[-1] or "Home"
        self._tree = None
        self.pages[path] = content
        self.titles[path] = html.unescape(re.sub(r"<[^>]+>", "", found[1])) if found else name

    def __call__(self, request: Request) -> Reply:
        path = request.path
        if self.mode == "spa" and path in ("/app.js", "/nav.json"):
            kind = "text/javascript" if path == "/app.js" else "application/json"
            return self._reply(
                _SCRIPT if path == "/app.js" else json.dumps(self.tree()), f"{kind}; charset=utf-8"
            )
        if self.mode == "spa" and path.startswith("/content/"):
            path = _path(path.removeprefix("/content/").removesuffix(".json"))
            if path not in self.pages:
                return NOT_FOUND
            content = {"title": self.titles[path], "html": self.pages[path]}
            return self._reply(json.dumps(content), "application/json")
        path = path.rstrip("/") or "/"
        if path not in self.pages:
            return NOT_FOUND
        if self.mode == "spa":
            return self._reply(_SHELL % ("…", '<script src="/app.js" defer></script>', "", ""))
        nav = _list(self.tree(), path)
        article = f"<article>{self.pages[path]}</article>"
        return self._reply(_SHELL % (html.escape(self.titles[path]), "", nav, article))

    def tree(self) -> list[dict[str, Any]]:
        """The navigation: pages below pages, by path."""
        if self._tree is None:
            self._tree = self._below("/")
        return self._tree

    def links(self, path: str) -> Collection[str] | None:
        """The paths of this site that a page leads to, by its content and its navigation; None for no page."""
        path = path.rstrip("/") or "/"
        if path not in self.pages:
            return None
        found = {urlsplit(urljoin(f"http://site{path}", href)) for href in hrefs(self.pages[path])}
        inside = {
            one.path.rstrip("/") or "/" for one in found if one.scheme == "http" and one.netloc == "site"
        }
        return inside | set(hrefs(_list(self.tree(), path)))

    def _below(self, path: str) -> list[dict[str, Any]]:
        prefix = path.rstrip("/") + "/"
        # A folder without a page of its own does not hide the pages in it.
        inside = [p for p in self.pages if p.startswith(prefix) and p != path]
        children = [p for p in inside if not any(p.startswith(f"{other}/") for other in inside)]
        return [{"path": p, "title": self.titles[p], "children": self._below(p)} for p in sorted(children)]

    def _reply(self, body: str, media_type: str = "text/html; charset=utf-8") -> Reply:
        return Reply(body, media_type=media_type, etag=f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"')


def _path(name: str) -> str:
    return f"/{name}".removesuffix("/index") or "/"


def _list(entries: list[dict[str, Any]], path: str) -> str:
    """The navigation as the script builds it: of a page's own branch, also what lies below."""
    items = []
    for entry in entries:
        is_open = entry["children"] and f"{path}/".startswith(f"{entry['path']}/")
        below = _list(entry["children"], path) if is_open else ""
        items.append(f'<li><a href="{entry["path"]}">{html.escape(entry["title"])}</a>{below}</li>')
    return f"<ul>{''.join(items)}</ul>"
