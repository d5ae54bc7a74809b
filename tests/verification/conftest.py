"""What DVC and GitPython really offer, read from the installed distributions once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from doctranslate.apis import ApiIndex
from doctranslate.component import component
from doctranslate.records import Report, Unresolved
from doctranslate.sources.package import read_api
from doctranslate.verification.static import check_static

SOURCE = 'import git\nfrom git import Repo\n\nrepo = Repo(".")\nprint(git.__version__)\n'

Check = Callable[..., Report]


@pytest.fixture(scope="session")
def dvc_api() -> ApiIndex:
    return read_api(component("dvc"))


@pytest.fixture(scope="session")
def git_api() -> ApiIndex:
    return read_api(component("gitpython"))


@pytest.fixture(scope="session")
def check(dvc_api: ApiIndex, git_api: ApiIndex) -> Check:
    """Checks a translation from GitPython to DVC."""

    def run(code: str, *, source: str = SOURCE, unresolved: Sequence[Unresolved] = ()) -> Report:
        return check_static(code, source=source, src_api=git_api, dst_api=dvc_api, unresolved=unresolved)

    return run
