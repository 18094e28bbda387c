import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.roads.speeds import read_speeds
from ntgeo.roads.tags import blocks_passage, read_duration_s, read_way_rule, stop_kind

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
        ({"highway": "busway"}, "none", "none", "none"),
        ({"highway": "busway", "bicycle": "yes", "foot": "no"}, "none", "both", "none"),
        ({"highway": "bus_guideway", "bicycle": "yes"}, "none", "none", "none"),
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
        # Bus gates: closed to cars however they are written.
        ({"access": "no", "bus": "yes", "bicycle": "yes", "foot": "yes"}, "none", "both", "both"),
        ({"motor_vehicle": "no", "psv": "designated"}, "none", "both", "both"),
        ({"vehicle": "no", "bus": "yes", "bicycle": "yes"}, "none", "both", "both"),
        # Private, and at some doors only.
        ({"highway": "service", "access": "private"}, "none", "none", "none"),
        ({"highway": "service", "access": "private", "foot": "permissive"}, "none", "none", "both"),
        ({"motor_vehicle": "destination"}, "both", "both", "both"),
        ({"motor_vehicle": "private"}, "none", "both", "both"),
        ({"motor_vehicle": "permit"}, "none", "both", "both"),
        ({"motor_vehicle": "agricultural;forestry", "highway": "track"}, "none", "both", "both"),
        ({"access": "unknown"}, "both", "both", "both"),
        # Bicycles against one-way streets.
        ({"oneway": "yes", "cycleway__left": "opposite_lane"}, "on", "both", "both"),
        ({"oneway": "yes", "cycleway__right": "opposite_track"}, "on", "both", "both"),
        (
            {"oneway": "yes", "cycleway__right": "lane", "cycleway__right__oneway": "-1"},
            "on",
            "both",
            "both",
        ),
        ({"oneway": "yes", "cycleway__both": "lane"}, "on", "on", "both"),
        (
            {"oneway": "yes", "cycleway__left": "no", "cycleway__left__oneway": "no"},
            "on",
            "on",
            "both",
        ),
        (
            {"oneway": "yes", "oneway__bicycle": "yes", "cycleway": "opposite"},
            "on",
            "on",
            "both",
        ),
        ({"oneway": "yes", "oneway__bicycle": "-1"}, "on", "back", "both"),
        ({"oneway": "yes", "busway": "opposite_lane", "oneway__psv": "no"}, "on", "on", "both"),
        ({"oneway": "yes", "oneway__foot": "yes"}, "on", "on", "on"),
        ({"oneway": "alternating"}, "both", "both", "both"),
        # Fast roads.
        ({"highway": "trunk", "motorroad": "yes"}, "both", "none", "none"),
        ({"highway": "trunk", "motorroad": "yes", "bicycle": "yes"}, "both", "both", "none"),
        ({"highway": "trunk", "motorroad": "yes", "access": "yes"}, "both", "none", "none"),
        ({"highway": "trunk"}, "both", "both", "both"),
        ({"highway": "motorway_link"}, "both", "none", "none"),
        # Rights of way.
        ({"highway": "path", "designation": "public_bridleway"}, "none", "both", "both"),
        ({"highway": "footway", "designation": "restricted_byway"}, "none", "both", "both"),
        ({"highway": "track", "designation": "public_footpath"}, "none", "none", "both"),
        (
            {"highway": "track", "designation": "public_footpath", "bicycle": "yes"},
            "none",
            "both",
            "both",
        ),
        ({"highway": "service", "designation": "public_footpath"}, "both", "both", "both"),
        # Works, stairs and yards.
        ({"highway": "construction", "construction": "residential"}, "none", "none", "none"),
        ({"highway": "steps", "ramp__bicycle": "yes"}, "none", "both", "both"),
        ({"highway": "steps", "bicycle": "dismount"}, "none", "both", "both"),
        ({"highway": "steps", "bicycle": "no"}, "none", "none", "both"),
        ({"highway": "living_street"}, "both", "both", "both"),
        ({"highway": "pedestrian", "motor_vehicle": "yes"}, "both", "both", "both"),
        ({"highway": "pedestrian", "area": "yes"}, "none", "both", "both"),
        ({"highway": "service", "service": "driveway"}, "both", "both", "both"),
        ({"highway": "track", "access": "yes"}, "none", "both", "both"),
        ({"route": "ferry", "highway": "", "motor_vehicle": "yes"}, "none", "none", "none"),
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


@pytest.mark.parametrize("service", ["driveway", "parking_aisle", "drive-through"])
def test_ways_to_a_door_or_a_bay_are_slower_by_car(service):
    plain, own = {"highway": "service"}, {"highway": "service", "service": service}
    for mode, share in ((CAR, SPEEDS[CAR].restricted_share), (BICYCLE, 1.0), (FOOT, 1.0)):
        expected = read_way_rule(plain, SPEEDS[mode]).forward_kph * share
        assert read_way_rule(own, SPEEDS[mode]).forward_kph == pytest.approx(expected)
    said = read_way_rule({**own, "motor_vehicle": "yes"}, SPEEDS[CAR])
    assert said.forward_kph == read_way_rule(own, SPEEDS[CAR]).forward_kph
    alley = read_way_rule({"highway": "service", "service": "alley"}, SPEEDS[CAR])
    assert alley.forward_kph == read_way_rule(plain, SPEEDS[CAR]).forward_kph


def test_a_bicycle_is_pushed_up_a_ramp_slower_than_along_a_footway():
    steps = read_way_rule({"highway": "steps", "ramp:bicycle": "yes"}, SPEEDS[BICYCLE])
    assert steps.forward_kph == 2.0


@pytest.mark.parametrize(
    ("tags", "mph"),
    [
        ({"maxspeed": "20 mph", "maxspeed:type": "sign"}, 20),
        ({"maxspeed:type": "GB:nsl_single"}, 60),
        ({"maxspeed:type": "GB:nsl_dual"}, 70),
        ({"maxspeed:type": "GB:nsl_restricted"}, 30),
        ({"maxspeed:type": "GB:urban"}, 30),
        ({"maxspeed:type": "GB-WLS:nsl_restricted"}, 20),
        ({"maxspeed:type": "GB:zone20"}, 20),
        ({"maxspeed:type": "GB:zone:20"}, 20),
        ({"zone:maxspeed": "GB:20"}, 20),
        ({"maxspeed": "nsl_dual"}, 70),
        ({"maxspeed:type": "GB:rural", "oneway": "yes"}, 70),
        ({"maxspeed": "30 mph", "zone:maxspeed": "GB:20"}, 30),
        ({"maxspeed": "0"}, None),
        ({"maxspeed": "-20 mph"}, None),
    ],
)
def test_limits_as_the_united_kingdom_writes_them(tags, mph):
    limit = None if mph is None else mph * 1.609344
    rule = read_way_rule({"highway": "primary", **tags}, SPEEDS[CAR])
    assert rule.forward_kph == pytest.approx(SPEEDS[CAR].driven_kph("primary", limit))
    told = "unusable limit; the class's own was used"
    assert (told in rule.remarks) == (mph is None)


def test_rules_at_some_times_only_are_noted():
    school = {"highway": "residential", "motor_vehicle:conditional": "no @ (Mo-Fr 08:15-09:00)"}
    rule = read_way_rule(school, SPEEDS[CAR])
    assert rule.is_usable
    assert rule.remarks == ("rule at some times only (:conditional), left aside",)


@pytest.mark.parametrize(
    ("tags", "car", "bicycle", "foot"),
    [
        ({}, "none", "both", "both"),
        ({"motor_vehicle": "yes"}, "both", "both", "both"),
        ({"motorcar": "no", "motor_vehicle": "yes"}, "none", "both", "both"),
        ({"access": "yes"}, "both", "both", "both"),
        ({"foot": "yes", "bicycle": "no"}, "none", "none", "both"),
        ({"oneway": "yes", "motor_vehicle": "yes"}, "on", "on", "on"),
        ({"access": "private"}, "none", "none", "none"),
    ],
)
def test_who_may_take_a_ferry(tags, car, bicycle, foot):
    meaning = {"both": (True, True), "on": (True, False), "none": (False, False)}
    for mode, expected in ((CAR, car), (BICYCLE, bicycle), (FOOT, foot)):
        rule = read_way_rule({"route": "ferry", **tags}, SPEEDS[mode], ferries=True)
        found = (rule.forward_kph is not None, rule.backward_kph is not None)
        assert found == meaning[expected], mode


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 420),
        ("00:07", 420),
        ("1:30", 5400),
        ("01:30:15", 5415),
        ("PT7M", 420),
        ("pt1h5m", 3900),
        ("PT90S", 90),
        ("", None),
        ("0", None),
        ("soon", None),
        ("7 min", None),
        ("-5", None),
    ],
)
def test_durations(text, seconds):
    assert read_duration_s(text) == seconds


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
    assert remarks == (
        'class "corridorish" unknown; 15 km/h was used',
        "unusable limit; the class's own was used",
    )
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
        ({"barrier": "sump_buster"}, True, False, False),
        ({"barrier": "cycle_barrier"}, True, False, False),
        ({"barrier": "cycle_barrier", "bicycle": "no"}, True, True, False),
        ({"barrier": "kissing_gate"}, True, False, False),
        ({"barrier": "lift_gate"}, False, False, False),
        ({"barrier": "lift_gate", "motor_vehicle": "private"}, True, False, False),
        ({"barrier": "gate", "motor_vehicle": "no", "bicycle": "yes"}, True, False, False),
        ({"barrier": "gate", "access": "no", "bus": "yes", "foot": "yes"}, True, True, False),
        ({"barrier": "bollard", "bicycle": "yes", "foot": "yes"}, True, False, False),
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
