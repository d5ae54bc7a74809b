import pytest

from .samples import BOX, CRATE, write_library


@pytest.fixture(scope="session")
def crate(tmp_path_factory):
    return write_library(tmp_path_factory.mktemp("stores") / "crate@1", "crate", CRATE)


@pytest.fixture(scope="session")
def box(tmp_path_factory):
    return write_library(tmp_path_factory.mktemp("stores") / "box@1", "box", BOX)
