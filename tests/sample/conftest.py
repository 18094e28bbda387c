"""The borough of the committed seed, built once."""

import pytest

from ntgeo.sample.borough import build_borough, write_sample


@pytest.fixture(scope="session")
def borough():
    return build_borough(22)


@pytest.fixture(scope="session")
def town(borough):
    return borough.town


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder)
    return folder
