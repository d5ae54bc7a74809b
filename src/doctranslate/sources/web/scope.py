"""Which addresses belong to a site: where it begins, what it leaves out, and what can be no page at all."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from doctranslate.component_spec import DocSite
from doctranslate.errors import SpecError
from doctranslate.sources.web.urls import folder_of, normalise

# Files that are certainly no page: a request for them would only be in vain. What could as well be the name of a
# function (io.json, read.csv, Series.map) is asked for, and then judged by its media type.
_NO_PAGE = re.compile(
    r"\.(png|jpe?g|gif|svg|webp|avif|bmp|ico|tiff?|css|m?js|woff2?|ttf|otf|eot|mp[34]|m4[av]|webm|og[gv]|wav|avi|mov"
    r"|zip|t?gz|bz2|xz|zst|7z|rar|tar|whl|egg|deb|rpm|jar|dmg|iso|exe|msi|apk|pdf|e?ps|epub|mobi|docx?|xlsx?|pptx?|odt"
    r"|ipynb|npz|pkl|hdf5|wasm|dll)",
    re.IGNORECASE,
)
_N_REPEATS = 3
_LONGEST_RUN = 8
_MOST_FOLDERS = 40


class Scope:
    """Says of any address whether it is to be read.

    Args:
        site: The site's description.

    Attributes:
        starts: The normalised addresses that reading starts at.
        prefixes: The normalised addresses below which a page must lie.

    Raises:
        SpecError: One of the site's own addresses cannot be one of a page.
    """

    def __init__(self, site: DocSite) -> None:
        starts = (*_addresses("url", site.url), *_addresses("start", *site.start))
        self.starts = tuple(dict.fromkeys(starts))
        given = _addresses("prefixes", *site.prefixes)
        self.prefixes = tuple(dict.fromkeys(given or map(folder_of, self.starts)))
        self._folders = tuple(_place(prefix) for prefix in self.prefixes)
        self._skip = tuple(re.compile(pattern) for pattern in site.skip)
        self._include = tuple(re.compile(pattern) for pattern in site.include)

    def refusal(self, url: str) -> str:
        """Why an address is not read, for people; "" when it is.

        Args:
            url: Normalised.
        """
        if not self.is_within(url):
            return f"outside {' and '.join(self.prefixes)}"
        path = urlsplit(url).path
        suffix = PurePosixPath(path).suffix
        if _NO_PAGE.fullmatch(suffix) and not path.endswith("/"):
            return f"a file of type {suffix.lower()}"
        if pattern := next((p.pattern for p in self._skip if p.search(url)), None):
            return f"skipped by {pattern!r}"
        if self._include and not any(pattern.search(url) for pattern in self._include):
            return "matches no include pattern"
        return "a path that repeats itself" if _repeats(path) else ""

    def is_within(self, url: str) -> bool:
        """Whether an address lies below one of the prefixes, whatever else speaks against it.

        Args:
            url: Normalised, or "".
        """
        return self._prefix(url) is not None

    def path_within(self, url: str) -> str:
        """The path of an address below its prefix, without a slash before it; "" for the prefix itself.

        Args:
            url: Normalised.
        """
        return urlsplit(url).path[len(self._prefix(url) or "") :].lstrip("/")

    def _prefix(self, url: str) -> str | None:
        host, path = _place(url)
        # With the slash, /docs takes in /docs and /docs/x, and not /docs2.
        below = [f for h, f in self._folders if host == h and f"{path}/".startswith(f"{f}/")]
        return max(below, key=len, default=None)


def _addresses(field: str, *urls: str) -> tuple[str, ...]:
    found = []
    for url in urls:
        normal = normalise(url)
        if normal is None:  # left out, it would let in too much or too little
            raise SpecError(None, f"docs.{field}", f"{url!r} is not an address of a page")
        found.append(normal)
    return tuple(found)


def _place(url: str) -> tuple[str, str]:
    """Host with port, and path without its last slash. http and https of one host are one place."""
    parts = urlsplit(url)
    return parts.netloc, parts.path.removesuffix("/")


def _repeats(path: str) -> bool:
    """Whether a path is of the kind that broken relative links make without end: ``/a/b/a/b/a/b``."""
    segments = path.split("/")
    if len(segments) > _MOST_FOLDERS:
        return True
    for n in range(1, _LONGEST_RUN + 1):
        n_same = 0
        for left, right in zip(segments, segments[n:], strict=False):
            n_same = n_same + 1 if left == right else 0
            if n_same == n * (_N_REPEATS - 1):
                return True
    return False
