"""A folder of built HTML as a web server hands it out."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from urllib.parse import quote, unquote

from tests.sites.server import NOT_FOUND, Reply, Request

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".rst": "text/x-rst; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".inv": "application/octet-stream",
}


class StaticSite:
    """Answers with the files of a folder; a folder's own page is its ``index.html``.

    Args:
        folder: The files.
        base: Path that the site lies below, without a slash at the end.
        sitemap: Whether there is a ``sitemap.xml`` that lists every file of HTML.
    """

    def __init__(self, folder: Path, *, base: str = "", sitemap: bool = False) -> None:
        self.folder = folder.resolve()
        self.base = base
        self.sitemap = sitemap

    def __call__(self, request: Request) -> Reply:
        if self.sitemap and request.path == f"{self.base}/sitemap.xml":
            return self._sitemap(f"http://{request.headers.get('host', '')}")
        file = self.file(request.path)
        if file is None:
            return NOT_FOUND
        if file.name == "index.html" and not request.path.endswith(("/", "index.html")):
            return Reply(status=301, headers={"Location": request.path + "/"})
        about = file.stat()
        guessed = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return Reply(
            file.read_bytes(),
            media_type=_TYPES.get(file.suffix, guessed),
            etag=f'"{about.st_mtime_ns:x}-{about.st_size:x}"',
            modified=float(int(about.st_mtime)),
        )

    def file(self, path: str) -> Path | None:
        """The file behind a path, or None."""
        if not path.startswith(f"{self.base}/"):
            return None
        file = self.folder / unquote(path.removeprefix(f"{self.base}/"))
        if file.is_dir():
            file /= "index.html"
        # Debian's packages link scripts of other packages: such a link may lead nowhere, or out of the folder.
        return file if file.is_file() and file.resolve().is_relative_to(self.folder) else None

    def path(self, file: Path) -> str:
        """The path that a file is served at; of an ``index.html``, its folder's."""
        name = file.relative_to(self.folder).as_posix()
        return f"{self.base}/" + quote(name.removesuffix("index.html") if file.name == "index.html" else name)

    def paths(self) -> list[str]:
        """The paths of all files of HTML, sorted."""
        return sorted(self.path(file) for file in self.folder.rglob("*.html"))

    def _sitemap(self, host: str) -> Reply:
        places = "".join(f"<url><loc>{host}{path}</loc></url>" for path in self.paths())
        body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'
        return Reply(body, media_type="application/xml")
