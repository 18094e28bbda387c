import pytest
import toytown

from ntgeo.domain.replan import BegunVisit
from ntgeo.domain.routing import (
    RoundsCost,
    Route,
    RoutePlan,
    ShiftId,
    StaffId,
    Stop,
    StopKind,
)
from ntgeo.domain.solving import SolveReport, SolveStatus
from ntgeo.errors import InputError
from ntgeo.sources.day_events import DayEvents, events_told, parse_events

HEAD = "event,visit_id,shift_id,staff_id,at,until\n"
NOW_S = 11 * 3600


def stop(visit, hour, minutes=30):
    begin_s = round(hour * 3600)
    return Stop(
        kind=StopKind.VISIT,
        place=visit,
        travel_s=0.0,
        distance_m=0.0,
        arrive_s=begin_s,
        wait_s=0.0,
        begin_s=begin_s,
        leave_s=begin_s + 60 * minutes,
    )


PLAN = RoutePlan(
    routes=(
        Route(shift=ShiftId("A"), staff=StaffId("staff-A"), stops=(stop("V1", 9), stop("V3", 10))),
        Route(
            shift=ShiftId("B"), staff=StaffId("staff-B"), stops=(stop("V3", 10, 45), stop("V2", 13))
        ),
    ),
    unmade=(),
    report=SolveReport(
        status=SolveStatus.FEASIBLE,
        objective=0.0,
        bound=None,
        unit="pounds",
        is_maximised=False,
        method="by hand",
        seed=1,
        wall_time_s=0.0,
    ),
    cost=RoundsCost(),
)


def parsed(table):
    return parse_events(table, toytown.routing_problem(), PLAN, now_s=NOW_S)


def test_events_of_a_table(write):
    rows = (
        "ill,,,staff-B,,",
        "Begun,V1,,,09:10,",
        "begun,V3,B,,,11:20",
        "promised,V2,,,,",
    )
    told = parsed(events_told(write("events.csv", HEAD + "\n".join(rows) + "\n")))
    assert told == DayEvents(
        begun=(
            BegunVisit(visit="V1", shift="A", begin_s=33_000, leave_s=34_800),
            BegunVisit(visit="V3", shift="B", begin_s=36_000, leave_s=40_800),
        ),
        ill=(("staff-B", NOW_S),),
        promised=frozenset({"V2"}),
    )


def test_a_crew_that_overruns_does_so_together():
    told = parsed(events_told(overruns=["V3=11:30"]))
    assert told.begun == tuple(
        BegunVisit(visit="V3", shift=shift, begin_s=36_000, leave_s=41_400) for shift in "AB"
    )


def test_events_told_one_by_one_follow_those_of_a_file(write):
    table = events_told(
        write("events.csv", "event,visit_id\npromised,V2\n"),
        ill=["staff-A=12:15"],
        promised=["V3"],
    )
    told = parsed(table)
    assert (told.ill, told.promised) == ((("staff-A", 44_100),), {"V2", "V3"})
    assert list(table.rows) == [2, 3, 4]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("ill,,,nobody,,", 'column staff_id, value "nobody": has no shift that day'),
        ("begun,V9,,,,", 'column visit_id, value "V9": is not among the visits'),
        ("begun,V2,,,,", "was to begin after now"),
        ("begun,V1,,,11:30,", "is later than now"),
        ("begun,V1,B,,,", "does not make V1"),
        ("begun,V1,,,09:10,09:05", "it is over before it began"),
        ("begun,V1,,,9.10,", "Fix: use 09:10"),
        ("late,V1,,,,", "write one of ill, begun, promised"),
        (",V1,,,,", "column event: it is missing"),
    ],
)
def test_wrong_events_are_told(write, row, says):
    with pytest.raises(InputError) as caught:
        parsed(events_told(write("events.csv", f"{HEAD}{row}\n")))
    assert says in str(caught.value).replace(', value ""', "")
    assert "events.csv row 2" in str(caught.value)


def test_nothing_told_is_no_event():
    assert parsed(events_told()) == DayEvents()
