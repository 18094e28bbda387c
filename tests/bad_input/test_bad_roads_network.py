"""Networks that do not join, do not lie where the areas do, or say little of their streets."""

import csv
import io
import json

import pytest
from asking import noted, partial, refused, warned
from road_files import EDGES, NODES, STREET, add_roads, graphml, grid_point, osm
from tiny_borough import CODES, CORNER, csv_text, osm_text

ISLAND = {901: (5000, 5000), 902: (5000, 5900), 903: (5900, 5900)}
"""A street of 1,800 m that nothing joins; the borough has 40 km."""


def edit(borough, old, new):
    path = borough / "scenario.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def put_visit(borough, visit, x, y):
    """Put a visit elsewhere, in metres from the borough's corner."""
    path = borough / "visits.csv"
    with path.open(newline="") as stream:
        headings, *rows = csv.reader(stream)
    for row in rows:
        if row[0] == visit:
            row[-2:] = [CORNER[0] + x, CORNER[1] + y]
    path.write_text(csv_text(",".join(headings), rows))


def times(told):
    """Return (origin, destination) → seconds of the pairs that `ntgeo matrix` prints."""
    return {
        (row["origin_id"], row["destination_id"]): float(row["time_s"])
        for row in csv.DictReader(io.StringIO(told.out))
    }


def route(borough, ask):
    return ask(borough, "route", "--no-explain")


@pytest.mark.bad_input("R04")
def test_roads_in_pieces_are_refused_unless_islands_are_meant(borough, ask):
    far = {901 + n: (3000 * n, 9000) for n in range(10)}
    add_roads(borough, far, {90: (list(far), STREET)})
    told = ask(borough, "matrix")
    refused(
        told,
        "only 56% of the road length is connected for the mode car",
        "the extract may cut off a river crossing",
        "lower least_connected_share under [roads] where islands are meant",
        file="roads.osm",
    )
    refused(route(borough, ask), "only 56% of the road length", file="roads.osm")
    edit(borough, "[roads]\n", "[roads]\nleast_connected_share = 0.5\n")
    assert ask(borough, "matrix").code == 0


@pytest.mark.bad_input("R04")
def test_roads_check_asks_for_a_look_at_roads_in_pieces(tmp_path, tell, borough, ask):
    points = {1: (0, 0), 2: (610, 0), 3: (0, 900), 4: (390, 900)}
    path = tmp_path / "pieces.osm"
    path.write_bytes(osm(points, {1: ([1, 2], STREET), 2: ([3, 4], STREET)}))
    told = tell(tmp_path, "roads", "check", path)
    assert told.code == 1
    assert "Look: Only 61% of the road length is connected" in told.out
    (borough / "roads.osm").write_bytes(path.read_bytes())
    refused(ask(borough, "matrix"), "only 61% of the road length", file="roads.osm")


@pytest.mark.bad_input("R06")
def test_a_visit_where_roads_lead_in_but_not_out(borough, ask):
    into = {901: (250, -400), 902: (250, -1200)}
    ways = {90: ([grid_point(250, -250), *into], {**STREET, "oneway": "yes"})}
    add_roads(borough, into, ways)
    put_visit(borough, "V2", 250, -1200)
    told = route(borough, ask)
    partial(told, "V2", "roads lead in, but none leads out to a depot (one-way)")


def test_a_trap_near_a_street_that_leads_out(borough, ask):
    """Within 100 m of the main roads a visit is put on those, and made."""
    into = {901: (250, -300)}
    ways = {90: ([grid_point(250, -250), *into], {**STREET, "oneway": "yes"})}
    add_roads(borough, into, ways)
    put_visit(borough, "V2", 250, -300)
    told = route(borough, ask)
    assert told.code == 0, told.words


@pytest.mark.bad_input("R23")
def test_a_street_against_the_way_it_was_drawn(borough, ask):
    """One-way streets all round: as -1 they are the same ring the other way."""
    first = times(ask(borough, "matrix"))
    add_roads(borough, {}, {}, tags={"oneway": "-1"})
    turned = ask(borough, "matrix")
    noted(turned)
    (borough / "roads.osm").write_text(osm_text(tags={"oneway": "yes"}))
    straight = times(ask(borough, "matrix"))
    assert times(turned) != straight
    assert times(turned) != first


@pytest.mark.bad_input("R24")
def test_a_roundabout_that_does_not_say_one_way(tmp_path, tell):
    ring = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100), 5: (-100, 0), 6: (200, 0)}
    ways = {
        1: ([1, 2, 3, 4, 1], {**STREET, "junction": "roundabout"}),
        2: ([5, 1], STREET),
        3: ([2, 6], STREET),
    }
    path = tmp_path / "ring.osm"
    path.write_bytes(osm(ring, ways))
    told = tell(tmp_path, "roads", "check", path, "--json")
    noted(told)
    assert told.json["one_way_share"] == pytest.approx(400 / 600, abs=0.01)
    assert told.json["traps"] == 0


@pytest.mark.bad_input("R25")
def test_a_dead_end(borough, ask):
    add_roads(borough, {901: (250, -600)}, {90: ([grid_point(250, -250), 901], STREET)})
    put_visit(borough, "V2", 250, -600)
    told = route(borough, ask)
    noted(told)


@pytest.mark.bad_input("R26")
def test_a_ferry_where_ferries_may_be_taken(borough, ask):
    ferry = {"route": "ferry", "name": "Shields Ferry", "duration": "00:07", "motor_vehicle": "yes"}
    across = {n: ISLAND[n] for n in (901, 902)}
    ways = {90: ([901, 902], STREET), 91: ([grid_point(250, -250), 901], ferry)}
    add_roads(borough, across, ways)
    put_visit(borough, "V2", 5000, 5000)
    told = route(borough, ask)
    partial(told, "V2", "on a part of the network that no depot reaches")
    edit(borough, "[roads]\n", "[roads]\nferries = true\n")
    told = ask(borough, "matrix")
    warned(told, "Shields Ferry used, wait 15 min", file="roads.osm")


@pytest.mark.bad_input("R29")
def test_a_private_drive_to_the_door_is_walked(borough, ask):
    drive = {901: (250, -330)}
    ways = {90: ([grid_point(250, -250), 901], {"highway": "service", "access": "private"})}
    add_roads(borough, drive, ways)
    put_visit(borough, "V2", 250, -330)
    told = route(borough, ask)
    assert told.code == 0, told.words
    assert "Visit V2: the last 80 m are off the public roads, and walked." in told.words


@pytest.mark.bad_input("R36")
def test_roads_of_another_town(borough, ask):
    path = borough / "roads.osm"
    path.write_text(path.read_text().replace('lat="55.', 'lat="52.'))
    told = ask(borough, "matrix")
    refused(told, "the roads and the areas do not overlap", "ntgeo roads check", file="roads.osm")


@pytest.mark.bad_input("R44")
def test_roads_of_years_ago(borough, ask, tell):
    path = borough / "roads.osm"
    path.write_text(path.read_text().replace("<way ", '<way timestamp="2024-01-02T00:00:00Z" '))
    warned(ask(borough, "matrix"), "dated 2024-01-02, ", "fetch them again", file="roads.osm")
    told = tell(borough, "roads", "check", path)
    assert told.code == 1
    assert "Look: The roads are dated 2024-01-02, " in told.out


@pytest.mark.bad_input("R51")
@pytest.mark.parametrize(
    "network",
    ["https://overpass-api.de/api", "/vsicurl/http://x/a.gpkg", "nominatim:North Tyneside"],
)
def test_nothing_is_fetched_while_a_question_is_answered(borough, ask, network):
    edit(borough, '"roads.osm"', json.dumps(network))
    told = ask(borough, "matrix")
    refused(told, "only files on this machine", "by ntgeo roads download", file=network)


def test_a_pair_without_a_way_is_absent_and_never_a_number(borough, ask):
    add_roads(borough, ISLAND, {90: (list(ISLAND), STREET)})
    path = borough / "sites.csv"
    path.write_text(
        path.read_text() + f"S5,Isle,required,300,{CORNER[0] + 5000},{CORNER[1] + 5900}\n"
    )
    told = ask(borough, "matrix")
    assert told.code == 0
    assert not any(site == "S5" for _, site in times(told))


@pytest.mark.bad_input("R53")
def test_an_area_without_a_way_is_unserved_with_its_reason(borough, ask):
    add_roads(borough, ISLAND, {90: (list(ISLAND), STREET)})
    path = borough / "centroids.csv"
    path.write_text(path.read_text().replace("430250,570250", "435000,575900"))
    told = ask(borough, "site", "--no-explain")
    partial(told, f"Area {CODES[0]} lies on a part of the network from which no site is reached.")
    assert "inf" not in told.out


@pytest.mark.bad_input("R53")
def test_a_visit_without_a_way_is_unmade_with_its_reason(borough, ask):
    add_roads(borough, ISLAND, {90: (list(ISLAND), STREET)})
    put_visit(borough, "V2", 5000, 5900)
    told = route(borough, ask)
    partial(told, "Visit V2 lies on a part of the network that no depot reaches")


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ('network = "gone.osm.pbf"', 4, "gone.osm.pbf: there is no such file"),
        ('network = "sites.csv"', 2, "sites.csv: this kind of road file is not known"),
        ('network = "roads.osm"\nmode = "boat"', 2, "scenario.toml"),
        ('network = "roads.osm"\nsnap_limit_m = -1', 2, "scenario.toml"),
        ('network = "roads.osm"\nsnap_limit_m = 40_000', 2, "scenario.toml"),
        ('network = "roads.osm"\nleast_connected_share = 90', 2, "scenario.toml"),
    ],
)
def test_roads_that_a_scenario_cannot_have(borough, ask, line, code, says):
    edit(borough, 'network = "roads.osm"', line)
    told = ask(borough, "matrix")
    assert (told.code, says in told.err) == (code, True), told.err


def test_a_graph_of_the_borough_that_is_no_borough(borough, ask):
    (borough / "roads.graphml").write_bytes(graphml(NODES[:2], EDGES[:2]))
    edit(borough, '"roads.osm"', '"roads.graphml"\nsnap_limit_m = 50')
    refused(ask(borough, "matrix"), "do not overlap", file="roads.graphml")
