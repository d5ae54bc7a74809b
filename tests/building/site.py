"""A documentation site on this machine, whose pages can be changed."""

from __future__ import annotations

import functools
import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class _Quiet(http.server.SimpleHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        time.sleep(self.server.delay_s)  # type: ignore[attr-defined]
        super().do_GET()

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path, *, delay_s: float = 0.0) -> Iterator[tuple[str, list[str]]]:
    """Address of a site with these files, and the paths that it is asked for."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))
    )
    server.asked, server.delay_s = [], delay_s  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", server.asked  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def write_site(folder: Path, n_pages: int = 12) -> None:
    """A page that leads to ``n_pages`` others, each about something else."""
    folder.mkdir(exist_ok=True)
    links = "".join(f'<li><a href="p{n}.html">Part {n}</a></li>' for n in range(n_pages))
    (folder / "index.html").write_text(
        _page("Handbook", f"<p>All parts of the handbook.</p><ul>{links}</ul>")
    )
    for n in range(n_pages):
        write_page(folder, n, f"How part{n} of the crate is moved to shelf{n % 5}.")


def write_page(folder: Path, n: int, text: str) -> None:
    """One of the other pages."""
    code = f"<pre><code class='language-python'>box.do_{n}(force=True)</code></pre>"
    (folder / f"p{n}.html").write_text(_page(f"Part {n}", f"<p>{text}</p>{code}"))


def _page(title: str, body: str) -> str:
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><nav>Menu of the site</nav>"
        f"<main><h1>{title}</h1>{body}</main></body></html>"
    )
