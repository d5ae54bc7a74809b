"""Documentation sites that a caller names by their address."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import ValidationError

from doctranslate.component import DocSite
from doctranslate.errors import UsageError

DEPTH = 3
"""Links from the address that was named, where nothing else is said."""


def named_site(url: str, fields: Mapping[str, object] | None = None) -> DocSite:
    """The site at an address.

    Whoever writes down an address of this machine, or of a private network, means it: such a site may be read. A
    name that only leads to one may not.

    Args:
        url: Where reading starts.
        fields: More fields of `DocSite`.

    Raises:
        UsageError: It is not an address, or a field has a wrong value.
    """
    if not re.match(r"https?://[^/?#]", url):
        raise UsageError(
            f"{url!r} is not the address of a documentation site: it begins with https:// and a host"
        )
    try:
        return DocSite.model_validate(
            {"url": url, "depth": DEPTH, "allow_private": _is_private(url), **(fields or {})}
        )
    except ValidationError as exc:
        first = exc.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise UsageError(
            f"{url!r} cannot be read as a documentation site: {field}: {first['msg']}, not {first['input']!r}"
        ) from exc


def _is_private(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
