from datetime import date

import pytest
from roads.conftest import osm_text

from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import InputError
from ntgeo.roads import read_roads
from ntgeo.services.road_trust import refuse_pieces, road_notes

STREET = {"highway": "residential", "name": "High Street"}


@pytest.fixture
def pieces(tmp_path):
    """Two streets of 610 m and 390 m that do not meet, last edited at the start of 2024."""
    points = {1: (0, 0), 2: (610, 0), 3: (0, 900), 4: (390, 900)}
    text = osm_text(points, {1: ([1, 2], STREET), 2: ([3, 4], {**STREET, "maxspeed": "fast"})})
    path = tmp_path / "pieces.osm"
    path.write_text(text.replace("<way ", '<way timestamp="2024-01-02T00:00:00Z" '))
    return read_roads(path, mode=TravelMode.CAR)


def test_less_than_the_least_share_is_refused(pieces):
    for share in (0.0, 0.6):
        refuse_pieces(pieces, share, file="pieces.osm")
    with pytest.raises(
        InputError, match=r"pieces\.osm: only 61% .* and 90% is the least"
    ) as caught:
        refuse_pieces(pieces, 0.9, file="pieces.osm")
    assert "least_connected_share" in caught.value.faults[0].fix


@pytest.mark.parametrize(
    ("today", "says"),
    [
        (date(2024, 12, 1), "dated 2024-01-02"),
        (date(2026, 1, 1), "dated 2024-01-02, 730 days ago, so fetch them again"),
    ],
)
def test_age_is_told_before_what_was_cleaned(pieces, today, says):
    first, *cleaned = road_notes(pieces, today)
    assert first.startswith(says)
    assert ("ago" in first) == ("ago" in says)
    assert cleaned == list(pieces.notes)
    assert cleaned
