import warnings

import geopandas as gpd
import pyogrio
import pytest
import shapely

from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import CrsError, InputError, MissingColumnError
from ntgeo.roads import read_roads, travel_times
from ntgeo.roads.speeds import read_speeds

CAR = TravelMode.CAR
EAST, NORTH = 545_000.0, 258_000.0


def line(*points):
    return shapely.LineString([(EAST + x, NORTH + y, *z) for x, y, *z in points])


@pytest.fixture
def layer(tmp_path):
    """Return a function that writes a layer of lines with columns, and gives its path."""

    def write(shapes, *, called="roads", crs=27700, **columns):
        path = tmp_path / "roads.gpkg"
        frame = gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs)
        with warnings.catch_warnings(action="ignore"):  # of a layer without a CRS
            pyogrio.write_dataframe(frame, path, layer=called, driver="GPKG")
        return path

    return write


def directions(network):
    """Return {name: (may go as drawn, may go back)}."""
    return {
        network.names[network.links.name[link]]: (bool(one >= 0), bool(back >= 0))
        for link, (one, back) in enumerate(network.link_arcs)
    }


def kph(network):
    """Return {name: speed between junctions}."""
    arcs = network.arcs
    moving_ms = arcs.time_ms.astype(float) - arcs.delay_ms
    name = network.links.name[arcs.link]
    speed = arcs.length_cm * 36.0 / moving_ms
    return {network.names[n]: round(float(v), 2) for n, v in zip(name, speed, strict=True)}


def test_lines_that_end_at_one_place_meet_and_those_that_cross_do_not(layer, at, even_speeds):
    shapes = [line((0, 0), (100, 0)), line((100.004, 0), (200, 0)), line((150, -500), (150, 500))]
    path = layer(shapes, highway=["residential"] * 3, name_1=["A", "B", "Bridge"])
    network = read_roads(path, mode=CAR, speeds_file=even_speeds)
    assert network.epsg == 27700
    assert (network.link_count, network.junction_count) == (3, 5)
    places = {"a": at(0, 0), "b": at(200, 0), "c": at(150, 500)}
    seconds = travel_times(network, places, places).time_s
    assert seconds[0, 1] == pytest.approx(20, abs=0.01)
    assert seconds[0, 2] != seconds[0, 2]


def test_ends_that_nearly_meet_are_told(layer):
    shapes = [
        line((0, 0), (100, 0)),
        line((100.3, 0), (200, 0)),
        line((200, 0), (200.5, 0)),
        line((0, 90), (9, 90)),
    ]
    network = read_roads(layer(shapes, highway=["residential"] * 4), mode=CAR)
    assert "2 × end within 1 m of another but more than 1 cm off" in network.notes
    assert "1 × layer without one-way streets" in network.notes
    assert "1 × layer without speed limits" in network.notes
    assert "1 × layer without turn restrictions" in network.notes


def test_heights_and_lines_of_many_parts(layer, even_speeds):
    shapes = [
        line((0, 0, 5), (100, 0, 9)),
        shapely.MultiLineString([line((100, 0), (200, 0)), line((200, 0), (200, 70))]),
    ]
    network = read_roads(
        layer(shapes, highway=["residential"] * 2), mode=CAR, speeds_file=even_speeds
    )
    assert network.link_count == 1
    assert network.arcs.length_cm.tolist() == pytest.approx([27_000] * 2, abs=2)


@pytest.mark.parametrize(
    ("heading", "values", "expected"),
    [
        ("oneway", ["yes", "no", "-1"], [(True, False), (True, True), (False, True)]),
        ("ONE_WAY", [True, False, True], [(True, False), (True, True), (True, False)]),
        ("oneway", [1, 0, -1], [(True, False), (True, True), (False, True)]),
        ("oneway", ["F", "B", "T"], [(True, False), (True, True), (False, True)]),
        (
            "directionality",
            ["in direction", "both directions", "in opposite direction"],
            [(True, False), (True, True), (False, True)],
        ),
    ],
)
def test_directions(layer, heading, values, expected):
    shapes = [line((0, y), (100, y + 1)) for y in (0, 200, 400)]
    columns = {"highway": ["primary"] * 3, "name": ["A", "B", "C"], heading: values}
    network = read_roads(layer(shapes, **columns), mode=CAR)
    assert directions(network) == dict(zip("ABC", expected, strict=True))


@pytest.mark.parametrize(
    ("heading", "values", "limits_mph"),
    [
        ("maxspeed", ["20 mph", "32.18688", None], [20, 20, None]),
        ("maxspeed", [32.18688, float("nan"), 32.18688], [20, None, 20]),
        ("speed_limit_mph", [20, 30, 40], [20, 30, 40]),
        ("SpeedLimit_KPH", [32.18688, 48.28032, 64.37376], [20, 30, 40]),
        ("speed_limit", ["20 mph", "national", ""], [20, 60, None]),
    ],
)
def test_limits_wear_their_unit(layer, heading, values, limits_mph):
    shapes = [line((0, y), (100, y)) for y in (0, 200, 400)]
    columns = {"road_class": ["primary"] * 3, "name": ["A", "B", "C"], heading: values}
    found = kph(read_roads(layer(shapes, **columns), mode=CAR))
    table = read_speeds(CAR)
    expected = [
        table.driven_kph("primary", None if mph is None else mph * 1.609344) for mph in limits_mph
    ]
    assert [found[name] for name in "ABC"] == pytest.approx(expected, rel=2e-3)


def test_geofabriks_layer(layer):
    """fclass, oneway in F, B and T, and maxspeed 0 where it is not known."""
    shapes = [line((0, y), (100, y)) for y in (0, 200)]
    path = layer(
        shapes,
        osm_id=["11", "12"],
        fclass=["secondary", "secondary"],
        oneway=["F", "B"],
        maxspeed=[0, 50],
        name=["A", "B"],
    )
    network = read_roads(path, mode=CAR)
    assert directions(network) == {"A": (True, False), "B": (True, True)}
    assert network.links.way.tolist() == [11, 12]
    table = read_speeds(CAR)
    expected = {name: table.driven_kph("secondary", v) for name, v in (("A", None), ("B", 50.0))}
    assert kph(network) == pytest.approx(expected, rel=2e-3)


def test_os_open_roads(layer):
    functions = {
        "Motorway": ("motorway", False, "Collapsed Dual Carriageway"),
        "A Road": ("trunk", True, "Dual Carriageway"),
        "B Road": ("secondary_link", False, "Slip Road"),
        "Minor Road": ("tertiary", False, "Single Carriageway"),
        "Local Road": ("residential", False, "Single Carriageway"),
        "Restricted Local Access Road": ("service", False, "Single Carriageway"),
    }
    count = len(functions)
    path = layer(
        [line((0, 100 * y), (90, 100 * y)) for y in range(count)],
        called="road_link",
        road_classification=["Unclassified"] * count,
        road_function=list(functions),
        form_of_way=[form for _, _, form in functions.values()],
        trunk_road=[trunk for _, trunk, _ in functions.values()],
        name_1=[f"{number} Street" for number in range(count)],
    )
    network = read_roads(path, mode=CAR)
    found = {
        network.names[network.links.name[link]]: network.classes[network.links.road_class[link]]
        for link in range(network.link_count)
    }
    assert found == {
        f"{number} Street": road_class
        for number, (road_class, _, _) in enumerate(functions.values())
    }


def test_the_guided_busway_is_for_no_car(layer):
    shapes = [line((0, 0), (90, 0)), line((90, 0), (180, 0))]
    path = layer(
        shapes,
        road_function=["Local Road", "Local Road"],
        form_of_way=["Single Carriageway", "Guided Busway"],
    )
    assert read_roads(path, mode=CAR).link_count == 1


def test_columns_named_as_osm_tags_count_as_these(layer):
    shapes = [line((0, y), (90, y)) for y in (0, 100)]
    path = layer(
        shapes, highway=["residential"] * 2, motor_vehicle=[None, "no"], name=["Open", "Shut"]
    )
    assert directions(read_roads(path, mode=CAR)) == {"Open": (True, True)}
    assert len(directions(read_roads(path, mode=TravelMode.FOOT))) == 2


def test_another_reference_system(layer):
    shapes = [shapely.LineString([(0.12, 52.2), (0.121, 52.2)])]
    network = read_roads(layer(shapes, crs=4326, highway=["primary"]), mode=CAR)
    assert network.epsg == 27700
    assert network.arcs.length_cm[0] == pytest.approx(6_840, rel=0.01)


def test_several_layers_need_a_name(layer):
    path = layer([line((0, 0), (9, 0))], called="one", highway=["primary"])
    layer([line((0, 0), (9, 0)), line((9, 0), (9, 9))], called="two", highway=["primary"] * 2)
    with pytest.raises(InputError, match=r"roads\.gpkg: has layers one, two\. Fix: choose one"):
        read_roads(path, mode=CAR)
    assert read_roads(path, mode=CAR, layer="two").arcs.length_cm[0] > 1_000
    with pytest.raises(InputError, match='has no layer "three"; it has one, two'):
        read_roads(path, mode=CAR, layer="three")


def test_every_bad_value_is_told_at_once(layer):
    shapes = [line((0, y), (90, y)) for y in range(4)]
    path = layer(
        shapes,
        highway=["primary"] * 4,
        oneway=["yes", "sideways", "no", "no"],
        maxspeed=["30 mph", "30 mph", "0", "-5"],
    )
    with pytest.raises(InputError) as refusal:
        read_roads(path, mode=CAR)
    fix = "Fix: correct it, or leave it empty."
    assert [str(fault) for fault in refusal.value.faults] == [
        f"roads.gpkg feature {number}, column {told}. {fix}"
        for number, told in (
            (2, 'oneway, value "sideways": this is no direction (yes, no or -1)'),
            (3, 'maxspeed, value "0": a speed limit is above 0'),
            (4, 'maxspeed, value "-5": a speed limit is above 0'),
        )
    ]


@pytest.mark.parametrize(
    ("columns", "error", "told"),
    [
        ({"speed_limit": [30], "highway": ["primary"]}, InputError, "it has no unit"),
        ({"oneway": ["T"], "highway": ["primary"]}, InputError, "this is no direction"),
        ({"surface": ["mud"]}, MissingColumnError, "no column of road class; it has surface"),
        ({"highway": ["footway"]}, InputError, "holds no road that the mode car may use"),
    ],
)
def test_what_cannot_be_read(layer, columns, error, told):
    with pytest.raises(error, match=told):
        read_roads(layer([line((0, 0), (9, 0))], **columns), mode=CAR)


@pytest.mark.parametrize(
    ("shape", "crs", "error", "told"),
    [
        (shapely.Point(EAST, NORTH), 27700, InputError, "feature 1, column geom: its shape is no"),
        (None, 27700, InputError, "feature 1, column geom: its shape is no line"),
        (line((0, 0), (9, 0)), None, CrsError, "EPSG|coordinate reference system is missing"),
        (line((0, 0), (9, 0)), 4326, InputError, "its coordinates do not fit its CRS"),
    ],
)
def test_shapes_that_are_no_roads(layer, shape, crs, error, told):
    with pytest.raises(error, match=told):
        read_roads(layer([shape], crs=crs, highway=["primary"]), mode=CAR)


def test_an_empty_layer(layer):
    path = layer([], highway=[])
    with pytest.raises(InputError, match="it holds 0 roads"):
        read_roads(path, mode=CAR)
