import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.roads.building.restrictions import TurnRestriction, is_restriction, read_restriction

CAR, BICYCLE, FOOT = TravelMode.CAR, TravelMode.BICYCLE, TravelMode.FOOT
BY_POINT = [("w", 1, "from"), ("n", 5, "via"), ("w", 2, "to")]
BY_WAYS = [("w", 1, "from"), ("w", 7, "via"), ("w", 8, "via"), ("w", 2, "to")]
TIMED = "turn restriction at some times only, left aside"
NOT_UNDERSTOOD = "turn restriction not understood"


def who_keeps(tags):
    found, _ = read_restriction(tags, BY_POINT)
    return {mode for mode in TravelMode for rule in found if rule.applies_to(mode)}


@pytest.mark.parametrize(
    ("tags", "modes"),
    [
        ({"restriction": "no_left_turn"}, {CAR, BICYCLE}),
        ({"restriction": "no_left_turn", "except": "bicycle"}, {CAR}),
        ({"restriction": "no_left_turn", "except": "psv; bicycle"}, {CAR}),
        ({"restriction": "no_left_turn", "except": "motorcar"}, {BICYCLE}),
        ({"restriction:motorcar": "no_left_turn"}, {CAR}),
        ({"restriction:motor_vehicle": "no_left_turn"}, {CAR}),
        ({"restriction:vehicle": "no_left_turn"}, {CAR, BICYCLE}),
        ({"restriction:bicycle": "no_left_turn"}, {BICYCLE}),
        ({"restriction:hgv": "no_left_turn"}, set()),
        ({"restriction:bus": "no_left_turn", "restriction:hgv": "no_u_turn"}, set()),
        ({"restriction:conditional": "no_left_turn @ (07:00-09:00)"}, set()),
        ({"restriction": "no_left_turn", "hour_on": "07:00", "hour_off": "09:00"}, set()),
    ],
)
def test_whom_a_restriction_is_for(tags, modes):
    assert who_keeps(tags) == modes


@pytest.mark.parametrize(
    ("tags", "note"),
    [
        ({"restriction": "no_left_turn"}, ""),
        ({"restriction:conditional": "no_left_turn @ (07:00-09:00)"}, TIMED),
        ({"restriction": "no_left_turn", "day_on": "Monday"}, TIMED),
        ({"restriction": "stop"}, NOT_UNDERSTOOD),
    ],
)
def test_what_is_noted(tags, note):
    assert read_restriction(tags, BY_POINT)[1] == note


def test_a_plain_one_beside_one_at_some_times_is_kept():
    tags = {"restriction": "no_u_turn", "restriction:conditional": "no_left_turn @ (Mo-Fr)"}
    found, note = read_restriction(tags, BY_POINT)
    assert [rule.kind for rule in found] == ["no_u_turn"]
    assert note == TIMED


def test_lorries_alone_are_nobody_here():
    assert not is_restriction({"restriction:hgv": "no_left_turn", "type": "restriction"})
    assert is_restriction({"restriction:conditional": "no_left_turn @ (Mo)"})


def test_no_entry_and_no_exit_have_many_ways():
    found, _ = read_restriction({"restriction": "no_entry"}, [("w", 9, "from"), *BY_POINT])
    assert [(rule.from_way, rule.to_way) for rule in found] == [(9, 2), (1, 2)]
    found, _ = read_restriction({"restriction": "no_exit"}, [*BY_POINT, ("w", 9, "to")])
    assert [(rule.from_way, rule.to_way) for rule in found] == [(1, 2), (1, 9)]


def test_along_ways_in_their_order():
    found, note = read_restriction({"restriction": "no_u_turn"}, BY_WAYS)
    assert found == [TurnRestriction(kind="no_u_turn", from_way=1, via_ways=(7, 8), to_way=2)]
    assert note == ""


@pytest.mark.parametrize(
    "members",
    [
        [],
        BY_POINT[1:],
        BY_POINT[:2],
        [BY_POINT[0], BY_POINT[2]],
        [*BY_POINT, ("n", 6, "via")],
        [*BY_POINT, ("w", 6, "via")],
    ],
)
def test_what_lacks_a_part_is_noted(members):
    assert read_restriction({"restriction": "no_u_turn"}, members) == ([], NOT_UNDERSTOOD)


def test_the_only_way_is_one():
    members = [*BY_POINT, ("w", 9, "to")]
    assert read_restriction({"restriction": "only_left_turn"}, members) == ([], NOT_UNDERSTOOD)
