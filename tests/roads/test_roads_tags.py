import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.roads.speeds import read_speeds
from ntgeo.roads.tags import blocks_passage, read_way_rule, stop_kind

CAR, BICYCLE, FOOT = TravelMode.CAR, TravelMode.BICYCLE, TravelMode.FOOT
SPEEDS = {mode: read_speeds(mode) for mode in TravelMode}


def directions(mode, **tags):
    tags = {key.replace("__", ":"): value for key, value in tags.items()}
    rule = read_way_rule(tags, SPEEDS[mode])
    return rule.forward_kph is not None, rule.backward_kph is not None


@pytest.mark.parametrize(
    ("tags", "car", "bicycle", "foot"),
    [
        ({}, "both", "both", "both"),
        ({"oneway": "yes"}, "on", "on", "both"),
        ({"oneway": "-1"}, "back", "back", "both"),
        ({"oneway": "no"}, "both", "both", "both"),
        ({"oneway": "reversible"}, "none", "none", "both"),
        ({"oneway": "yes", "oneway__bicycle": "no"}, "on", "both", "both"),
        ({"oneway": "yes", "cycleway": "opposite_lane"}, "on", "both", "both"),
        ({"junction": "roundabout"}, "on", "on", "both"),
        ({"junction": "roundabout", "oneway": "no"}, "both", "both", "both"),
        ({"highway": "motorway"}, "on", "none", "none"),
        ({"highway": "motorway", "oneway": "no"}, "both", "none", "none"),
        ({"highway": "footway"}, "none", "none", "both"),
        ({"highway": "footway", "bicycle": "yes"}, "none", "both", "both"),
        ({"highway": "cycleway"}, "none", "both", "both"),
        ({"highway": "cycleway", "oneway": "yes"}, "none", "on", "both"),
        ({"highway": "steps"}, "none", "none", "both"),
        ({"highway": "track"}, "none", "both", "both"),
        ({"highway": "track", "motor_vehicle": "yes"}, "both", "both", "both"),
        ({"highway": "pedestrian"}, "none", "both", "both"),
        ({"highway": "bridleway"}, "none", "both", "both"),
        ({"highway": "busway"}, "none", "both", "none"),
        ({"highway": "proposed"}, "none", "none", "none"),
        ({"highway": "construction"}, "none", "none", "none"),
        ({"access": "private"}, "none", "none", "none"),
        ({"access": "no", "foot": "yes"}, "none", "none", "both"),
        ({"access": "no", "motor_vehicle": "yes"}, "both", "none", "none"),
        ({"motor_vehicle": "no"}, "none", "both", "both"),
        ({"motor_vehicle": "no", "motorcar": "yes"}, "both", "both", "both"),
        ({"vehicle": "no"}, "none", "none", "both"),
        ({"access": "destination"}, "both", "both", "both"),
        ({"foot": "no"}, "both", "both", "none"),
        ({"bicycle": "no"}, "both", "none", "both"),
        ({"bicycle": "use_sidepath"}, "both", "none", "both"),
        ({"service": "emergency_access", "highway": "service"}, "none", "both", "both"),
    ],
)
def test_who_may_use_a_way_and_which_way(tags, car, bicycle, foot):
    meaning = {"both": (True, True), "on": (True, False), "back": (False, True)}
    tags = {"highway": "residential", **tags}
    for mode, expected in ((CAR, car), (BICYCLE, bicycle), (FOOT, foot)):
        assert directions(mode, **tags) == meaning.get(expected, (False, False)), mode


def test_access_for_residents_only_is_slower():
    plain = read_way_rule({"highway": "residential"}, SPEEDS[CAR])
    own = read_way_rule({"highway": "residential", "access": "destination"}, SPEEDS[CAR])
    assert own.forward_kph == plain.forward_kph * SPEEDS[CAR].restricted_share


def test_a_bicycle_is_pushed_where_riding_is_not_allowed():
    rule = read_way_rule({"highway": "footway", "bicycle": "dismount"}, SPEEDS[BICYCLE])
    assert rule.forward_kph == SPEEDS[BICYCLE].pushed_kph


def test_limits_by_direction():
    tags = {"highway": "primary", "maxspeed:forward": "20 mph", "maxspeed:backward": "40 mph"}
    rule = read_way_rule(tags, SPEEDS[CAR])
    assert rule.backward_kph == pytest.approx(2 * rule.forward_kph)


def test_national_limit_depends_on_the_carriageway():
    single = read_way_rule({"highway": "trunk", "maxspeed": "national"}, SPEEDS[CAR])
    dual = {"highway": "trunk", "maxspeed": "national", "oneway": "yes"}
    assert read_way_rule(dual, SPEEDS[CAR]).forward_kph == pytest.approx(
        single.forward_kph * 7 / 6, rel=2e-4
    )


def test_remarks_are_made_on_what_was_assumed():
    remarks = read_way_rule({"highway": "corridorish", "maxspeed": "signals"}, SPEEDS[CAR]).remarks
    assert remarks == ('class "corridorish" unknown', "unusable limit; the class's own was used")
    fast = read_way_rule({"highway": "motorway", "maxspeed": "500"}, SPEEDS[CAR])
    assert fast.remarks == ("limit capped at 112.7 km/h",)
    assert fast.forward_kph == pytest.approx(112.7 * 0.88)


@pytest.mark.parametrize(
    ("tags", "car", "bicycle", "foot"),
    [
        ({"barrier": "bollard"}, True, False, False),
        ({"barrier": "bus_trap"}, True, False, False),
        ({"barrier": "gate"}, False, False, False),
        ({"barrier": "gate", "access": "private"}, True, True, True),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, True, True, False),
        ({"barrier": "gate", "locked": "yes"}, True, True, True),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, False, False, False),
        ({"barrier": "stile"}, True, True, False),
        ({"barrier": "wall"}, True, True, True),
        ({"barrier": "cattle_grid"}, False, False, False),
        ({"highway": "crossing"}, False, False, False),
    ],
)
def test_who_is_stopped_by_a_barrier(tags, car, bicycle, foot):
    assert [blocks_passage(tags, mode) for mode in (CAR, BICYCLE, FOOT)] == [car, bicycle, foot]


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"highway": "traffic_signals"}, "traffic_signals"),
        ({"highway": "crossing", "crossing": "traffic_signals"}, "crossing"),
        ({"highway": "stop"}, "stop"),
        ({"barrier": "gate"}, "gate"),
        ({"barrier": "toll_booth"}, "toll_booth"),
        ({"barrier": "bollard"}, None),
        ({"highway": "bus_stop"}, None),
    ],
)
def test_what_delay_a_point_causes(tags, kind):
    assert stop_kind(tags) == kind
