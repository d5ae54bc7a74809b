"""A made-up handbook as a site: guide pages that are served whole, and app pages that a script fills."""

from __future__ import annotations

import hashlib
import json

from tests.sites.server import NOT_FOUND, Reply, Request

_WORDS = [
    "crate",
    "shelf",
    "label",
    "lamp",
    "rotor",
    "valve",
    "anchor",
    "ledger",
    "beacon",
    "funnel",
    "hinge",
    "pulley",
    "tunnel",
    "meadow",
    "orchard",
]


class Handbook:
    """The site; a page can be changed while it is served.

    Args:
        n_guide: Pages that are served whole, at ``/guide/0``…
        n_app: Pages that a script fills, at ``/app/0``…
    """

    def __init__(self, *, n_guide: int, n_app: int = 0) -> None:
        self.texts = {f"/guide/{n}": _text(n) for n in range(n_guide)}
        self.texts |= {f"/app/{n}": _text(1_000 + n) for n in range(n_app)}

    @property
    def paths(self) -> list[str]:
        """Its pages."""
        return ["/", *self.texts]

    def __call__(self, request: Request) -> Reply:
        path = request.path
        if path == "/":
            links = "".join(f'<li><a href="{page}">{page}</a></li>' for page in self.texts)
            return _reply(_page("Handbook", f"<p>All parts of the handbook, one by one.</p><ul>{links}</ul>"))
        if path.startswith("/data/"):
            text = self.texts.get(path.removeprefix("/data"))
            return NOT_FOUND if text is None else _reply(json.dumps(_body(path, text)), "application/json")
        if path not in self.texts:
            return NOT_FOUND
        if path.startswith("/guide/"):
            return _reply(_page(f"Part {path}", _body(path, self.texts[path])))
        script = (
            "fetch('/data' + location.pathname).then(answer => answer.json())"
            ".then(html => { document.querySelector('main').innerHTML = html; })"
        )
        return _reply(f"<!doctype html><title>Handbook</title><main></main><script>{script}</script>")


def _text(n: int) -> str:
    some = [_WORDS[(n * step) % len(_WORDS)] for step in (1, 3, 7)]
    return f"How part{n} of the {some[0]} is moved to {some[1]}{n % 7} behind the {some[2]}, and back again."


def _body(path: str, text: str) -> str:
    name = path.removeprefix("/data").strip("/").replace("/", "_")
    code = f'<pre><code class="language-python">box.{name}(force=True)</code></pre>'
    return f"<h1>Part {name}</h1><p>{text}</p><h2>Use</h2><p>Call it like this, for {name}.</p>{code}"


def _page(title: str, body: str) -> str:
    return f"<!doctype html><html><head><title>{title}</title></head><body><main>{body}</main></body></html>"


def _reply(body: str, media_type: str = "text/html; charset=utf-8") -> Reply:
    return Reply(body, media_type=media_type, etag=f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"')
