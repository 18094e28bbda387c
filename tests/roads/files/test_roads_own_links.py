import sqlite3

import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import InputError
from ntgeo.roads import RoadChange, change_roads, read_roads, travel_times, write_links
from ntgeo.roads.files.own_links import OWN_COLUMNS

CAR = TravelMode.CAR
STREET = {"highway": "residential", "name": "High Street"}
POINTS = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (100, 90), 5: (300, 0)}
WAYS = {
    11: ([1, 2], STREET),
    12: ([2, 3], {**STREET, "maxspeed": "20 mph"}),
    13: ([2, 4], {"highway": "primary", "oneway": "yes"}),
    14: ([4, 3], {"highway": "primary", "name": "Back"}),
    15: ([3, 5], STREET),
}
STOPS = {3: {"highway": "traffic_signals"}, 2: {"barrier": "bollard"}}


@pytest.fixture
def network(small_town):
    return read_roads(small_town(POINTS, WAYS), mode=CAR)


@pytest.fixture
def path(network, tmp_path):
    path = tmp_path / "links.gpkg"
    write_links(network, path)
    return path


def edit(path, statement):
    """Change the layer as QGIS would, by SQL; triggers of the index want functions of GDAL."""
    database = sqlite3.connect(path)
    for function in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
        database.create_function(function, 1, lambda _: 0)
    database.execute(statement)
    database.commit()
    database.close()


def arcs_of(network):
    arcs, osm = network.arcs, network.junctions.osm
    return sorted(
        zip(
            osm[arcs.tail].tolist(),
            osm[arcs.head].tolist(),
            arcs.time_ms.tolist(),
            arcs.delay_ms.tolist(),
            arcs.length_cm.tolist(),
            strict=True,
        )
    )


def test_a_network_comes_back_with_the_same_times(network, path):
    back = read_roads(path, mode=CAR)
    assert arcs_of(back) == arcs_of(network)
    assert back.names == network.names
    assert back.classes == network.classes
    assert back.links.way.tolist() == network.links.way.tolist()
    assert back.links.way_start.tolist() == network.links.way_start.tolist()
    assert np.allclose(back.links.xy_m, network.links.xy_m, atol=1e-6)
    assert sorted(back.turns.delay_ms) == sorted(network.turns.delay_ms)
    assert back.notes == ("1 × layer without turn restrictions",)


def test_two_sides_of_a_barrier_stay_apart(small_town, tmp_path):
    network = read_roads(small_town(POINTS, WAYS, STOPS), mode=CAR)
    path = tmp_path / "links.gpkg"
    write_links(network, path)
    back = read_roads(path, mode=CAR)
    assert back.junction_count == network.junction_count
    assert sorted(row[2:] for row in arcs_of(back)) == sorted(row[2:] for row in arcs_of(network))


@pytest.mark.shared_data
def test_cambridge_comes_back_exactly(real_roads, tmp_path, at):
    network = real_roads("cambridge/cambridge_drive.osm.pbf", CAR).without_turns()
    path = tmp_path / "links.gpkg"
    write_links(network, path)
    back = read_roads(path, mode=CAR).without_turns()
    rng = np.random.default_rng(3)
    places = {
        str(number): at(*pair) for number, pair in enumerate(rng.uniform(-2_000, 2_000, (40, 2)))
    }
    one, other = travel_times(network, places, places), travel_times(back, places, places)
    assert np.array_equal(one.time_s, other.time_s, equal_nan=True)
    assert np.array_equal(one.distance_m, other.distance_m, equal_nan=True)


def test_a_closed_link_is_written_as_closed(network, tmp_path):
    link = int(np.flatnonzero(network.links.first_way == 15)[0])
    path = tmp_path / "links.gpkg"
    write_links(change_roads(network, [RoadChange(links=(link,), is_closed=True)]), path)
    assert read_roads(path, mode=CAR).arc_count == network.arc_count - 2


def test_what_an_analyst_edits_counts(path):
    edit(path, "UPDATE links SET time_s = 99.5, delay_s = 0 WHERE way_ids = '15'")
    edit(path, "UPDATE links SET back_time_s = NULL WHERE way_ids = '15'")
    found = {row[:2]: row[2] for row in arcs_of(read_roads(path, mode=CAR))}
    assert found[3, 5] == 99_500
    assert (5, 3) not in found


def test_a_link_drawn_without_ids_joins_where_it_ends(network, path):
    edit(path, "UPDATE links SET from_id = NULL, to_id = NULL WHERE way_ids = '15'")
    back = read_roads(path, mode=CAR)
    assert back.junction_count == network.junction_count
    assert {row[:2] for row in arcs_of(back) if row[0] < 0 or row[1] < 0} == {(-1, 3), (3, -1)}


def test_another_mode_is_refused(path):
    with pytest.raises(InputError, match="its times are for car, not for foot"):
        read_roads(path, mode=TravelMode.FOOT)


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("time_s", "-1", 'value "-1.0": a time is a number of seconds >= 0'),
        ("time_s", "9e999", "a time is a number of seconds"),
        ("back_length_m", "-4", "a length is metres"),
        ("length_m", "NULL", "a length is metres"),
        ("delay_s", "500", "waiting is from 0 to the whole time"),
    ],
)
def test_bad_values_are_told_with_their_feature(path, column, value, told):
    edit(path, f"UPDATE links SET {column} = {value} WHERE way_ids = '15'")  # noqa: S608 - ours
    with pytest.raises(InputError, match=rf"links\.gpkg feature \d, column {column}.*{told}"):
        read_roads(path, mode=CAR)


def test_the_columns_are_as_told(path):
    database = sqlite3.connect(path)
    names = {row[1] for row in database.execute("PRAGMA table_info(links)")}
    database.close()
    assert names - {"fid", "geom"} == OWN_COLUMNS | {
        "class",
        "name",
        "way_ids",
        "delay_s",
        "back_delay_s",
        "from_id",
        "to_id",
    }
