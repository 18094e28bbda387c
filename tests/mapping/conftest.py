"""Pages drawn once for all tests, and one browser."""

import pytest
from browser import browser
from mapping_rounds import rounds_content
from mapping_town import siting_content

from ntgeo.mapping import draw_rounds_map, draw_siting_map


@pytest.fixture(scope="session")
def siting_page(tmp_path_factory):
    path = tmp_path_factory.mktemp("maps") / "map.html"
    draw_siting_map(siting_content(), path)
    return path


@pytest.fixture(scope="session")
def rounds_page(tmp_path_factory):
    path = tmp_path_factory.mktemp("maps") / "rounds.html"
    draw_rounds_map(rounds_content(), path)
    return path


@pytest.fixture(scope="session")
def chromium():
    with browser() as opened:
        yield opened
