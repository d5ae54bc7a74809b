"""The real distributions, read once for all tests of the sources."""

import importlib.metadata

import pytest

from doctranslate.component import component
from doctranslate.sources.package import PackageSource


def source(name: str, distribution: str) -> PackageSource:
    try:
        importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"{distribution} is not installed: make .make/dev installs it")
    return PackageSource(component(name))


@pytest.fixture(scope="session")
def gitpython() -> PackageSource:
    return source("gitpython", "GitPython")


@pytest.fixture(scope="session")
def dvc() -> PackageSource:
    return source("dvc", "dvc")


@pytest.fixture(scope="session")
def gitpython_pages(gitpython):
    return list(gitpython.pages())


@pytest.fixture(scope="session")
def dvc_pages(dvc):
    return list(dvc.pages())
