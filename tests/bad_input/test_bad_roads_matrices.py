"""Matrices of travel times, which come from the roads or, in VROOM's JSON, from the user."""

import json

import pytest
from asking import refused, warned
from test_bad_roads_network import times
from tiny_borough import CODES, osm_text

TIMES = [[0, 300, 600], [300, 0, 300], [600, 300, 0]]


def plan(tell, folder, durations, **more):
    """Answer a day of two jobs by a matrix."""
    day = {
        "vehicles": [{"id": 1, "start_index": 0, "end_index": 0}],
        "jobs": [{"id": n, "location_index": n, "service": 300} for n in (1, 2)],
        "matrices": {"car": {"durations": durations, **more}},
    }
    path = folder / "day.json"
    path.write_text(json.dumps(day))
    options = ("--format", "vroom", "--time-limit", "0.5", "--folder", folder)
    return tell(folder, "route", path, *options)


def changed(row, column, value):
    return [
        [value if (i, j) == (row, column) else found for j, found in enumerate(line)]
        for i, line in enumerate(TIMES)
    ]


def told_by_key(told, key, *says, **where):
    told.checked.append("E")
    assert told.code == 2
    value = f', value "{where["value"]}"' if "value" in where else ""
    assert f"day.json, key {key}{value}: " in told.err, told.err
    assert all(part in told.err for part in says), told.err


def test_a_sound_matrix(tmp_path, tell):
    told = plan(tell, tmp_path, TIMES)
    assert told.code == 0, told.words
    assert "matrices" not in told.err
    assert told.json["summary"]["duration"] == 1200


@pytest.mark.bad_input("R54")
@pytest.mark.parametrize(
    ("durations", "says"),
    [
        ([[0, 300, 600], [300], [600, 300, 0]], "row 2 has 1 of 3 entries"),
        ([[0, 300, 600], [300, 0, 300]], "row 1 has 3 of 2 entries"),
        ([], "it has 0 places, but index 2 is asked for"),
    ],
)
def test_a_matrix_that_is_not_square(tmp_path, tell, durations, says):
    told_by_key(plan(tell, tmp_path, durations), "matrices.car", says)


@pytest.mark.bad_input("R54")
def test_tables_of_several_sizes(tmp_path, tell):
    told = plan(tell, tmp_path, TIMES, distances=[[0, 1], [1, 0]])
    told_by_key(told, "matrices.car", "its tables have 3 and 2 rows")


@pytest.mark.bad_input("R55")
@pytest.mark.parametrize(
    ("value", "says"),
    [
        (300.5, "input should be a valid integer"),
        (2**31, "less than 2147483648"),
        (10**30, "less than 2147483648"),
        (-1, "greater than or equal to 0"),
    ],
)
def test_times_that_are_not_whole_or_beyond_measure(tmp_path, tell, value, says):
    told = plan(tell, tmp_path, changed(0, 1, value))
    told_by_key(told, "matrices.car.durations.0.1", says, "Fix: ", value=value)


@pytest.mark.bad_input("R55")
@pytest.mark.parametrize("value", ["300", None, "NaN", [3]])
def test_times_that_are_no_numbers(tmp_path, tell, value):
    told = plan(tell, tmp_path, changed(0, 1, value))
    if value == "300":
        assert told.code == 0
        told.checked.append("E")
    else:
        told_by_key(told, "matrices.car.durations.0.1")


@pytest.mark.bad_input("R55")
def test_times_that_are_not_finite(tmp_path, tell):
    told = plan(tell, tmp_path, changed(0, 1, float("inf")))
    told_by_key(told, "matrices.car.durations.0.1", "finite", value="inf")


@pytest.mark.bad_input("R56")
def test_a_way_from_a_place_to_itself(tmp_path, tell):
    told = plan(tell, tmp_path, changed(1, 1, 40))
    warned(told, "1 places are not 0 from themselves (place 1: 40); set to 0", file="matrices.car")
    assert told.json["summary"]["duration"] == 1200


@pytest.mark.bad_input("R57")
def test_a_pair_that_takes_longer_than_the_way_by_a_third_place(tmp_path, tell):
    told = plan(tell, tmp_path, changed(0, 2, 900))
    says = "1 pairs take longer than the way by a third place (from 0 to 2 900 s, by 1 600 s)"
    warned(told, says, file="matrices.car.durations")


def test_a_detour_of_less_than_one_per_cent_is_rounding(tmp_path, tell):
    assert "third place" not in plan(tell, tmp_path, changed(0, 2, 605)).err


@pytest.mark.bad_input("R58")
def test_one_way_streets_make_two_times_of_a_pair(borough, ask):
    (borough / "roads.osm").write_text(osm_text(tags={"oneway": "yes"}))
    edit = borough / "scenario.toml"
    edit.write_text(edit.read_text().replace("[roads]\n", "[roads]\nleast_connected_share = 0\n"))
    found = times(ask(borough, "matrix"))
    south_west, south_east = CODES[0], CODES[3]  # S1 stands in the one, S2 in the other
    assert (south_west, "S2") in found
    assert (south_east, "S1") not in found


@pytest.mark.bad_input("R61")
def test_times_of_other_roads_are_never_taken(borough, ask):
    """The cache knows a matrix by the hash of all that it depends on, the road file first."""
    first = times(ask(borough, "matrix"))
    assert times(ask(borough, "matrix")) == first
    (borough / "roads.osm").write_text(osm_text(tags={"maxspeed": "10 mph"}))
    slower = times(ask(borough, "matrix"))
    assert all(slower[pair] >= seconds for pair, seconds in first.items())
    assert slower != first
    (borough / "roads.osm").write_text(osm_text())
    assert times(ask(borough, "matrix")) == first


@pytest.mark.bad_input("R61")
def test_a_kept_matrix_that_somebody_changed_is_reckoned_again(borough, ask):
    first = times(ask(borough, "matrix"))
    (kept,) = (borough / "data" / "cache" / "travel").glob("*.npz")
    kept.write_bytes(kept.read_bytes()[:-200])
    told = ask(borough, "matrix")
    assert times(told) == first
    assert "A kept travel-time matrix was damaged; it is built again." in told.err


def test_refusals_name_the_file_first(tmp_path, tell):
    refused(plan(tell, tmp_path, []), "it has 0 places", file="day.json, key matrices.car")
