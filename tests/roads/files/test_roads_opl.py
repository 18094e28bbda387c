import math

import pytest

from ntgeo.roads.building.extract import ExtractDraft
from ntgeo.roads.files.opl import add_opl_ways


@pytest.fixture
def draft_of(tmp_path):
    def read(*lines):
        path = tmp_path / "ways.opl"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        draft = ExtractDraft()
        return draft, add_opl_ways(draft, path)

    return read


def test_ids_tags_and_places_are_read(draft_of):
    draft, newest = draft_of(
        "w7 dV t2020-01-02T03:04:05Z Thighway=residential,name=Caf%e9%%20%Row%2c%%20%Tŷ,lit=yes "
        "Nn1x0.1y52.2,n-5xy,n9000000000x-1.5y55.0000001",
        "w8 dV t2021-01-02T03:04:05Z Thighway=service N",
        "w9 dV t2022-01-02T03:04:05Z Tbuilding=yes Nn1x0.1y52.2",
    )
    assert newest == "2021-01-02T03:04:05+00:00"
    assert draft.way_osm == [7, 8]
    assert draft.way_length == [3, 0]
    assert draft.point_osm == [1, -5, 9000000000]
    assert draft.lon_lat.tolist()[:2] == [0.1, 52.2]
    assert all(math.isnan(part) for part in draft.lon_lat[2:4])
    assert draft.lon_lat.tolist()[4:] == [-1.5, 55.0000001]
    assert dict(next(iter(draft.number_of))) == {
        "highway": "residential",
        "name": "Café Row, Tŷ",
    }


def test_an_id_that_would_lose_digits_is_refused(draft_of):
    with pytest.raises(ValueError, match=r"beyond 2\*\*53"):
        draft_of("w1 Thighway=road Nn9007199254740993x0.0y52.0,n2x0.0y52.1")


def test_no_ways_are_no_ways(draft_of):
    draft, newest = draft_of()
    assert (draft.way_osm, draft.point_osm, newest) == ([], [], "")
