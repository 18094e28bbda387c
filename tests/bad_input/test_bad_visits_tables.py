"""Tables of visits, shifts and depots that are refused, or whose rows are set aside."""

import pytest
from asking import HIDDEN, refused, set_aside
from spoiling import add_column, add_row, edit, set_cells

HOME = ("430250", "570250")


def _route(borough, ask, *options):
    return ask(borough, "route", "--no-explain", *options, secrets=HOME)


@pytest.mark.bad_input("V03")
def test_a_visit_that_stands_twice(borough, ask):
    add_row(borough / "visits.csv", "V1,45,09:00,10:00,,2,430600,570300")
    refused(
        _route(borough, ask),
        "stands on rows 2, 8",
        file="visits.csv",
        row=2,
        column="visit_id",
        value="V1",
    )


@pytest.mark.bad_input("V04", "V42")
@pytest.mark.parametrize("hours", ["08:00,13:00", "12:30,18:00", "09:00,10:00"])
def test_one_person_in_two_shifts_at_once(borough, ask, hours):
    add_row(borough / "shifts.csv", f"C,A1,{hours},D1,D1,")
    refused(
        _route(borough, ask),
        "overlaps the shift of the same person on row 2",
        file="shifts.csv",
        row=4,
        column="staff_id",
        value="A1",
    )


@pytest.mark.bad_input("V30")
@pytest.mark.parametrize(
    ("priority", "says"),
    [("9", "is above the limit 5"), ("0", "must be at least 1"), ("2.5", "is not whole")],
)
def test_a_priority_that_is_none(borough, ask, priority, says):
    set_cells(borough / "visits.csv", "V3", priority=priority)
    told = _route(borough, ask)
    refused(told, says, file="visits.csv", row=4, column="priority", value=priority)


@pytest.mark.bad_input("V34")
@pytest.mark.parametrize(
    ("end", "says"),
    [("08:00", "the shift has no length"), ("22:00", "lasts 14 h 00 min, over the limit of 13 h")],
)
def test_a_shift_without_length_or_over_the_law(borough, ask, end, says):
    set_cells(borough / "shifts.csv", "A", end_time=end)
    told = _route(borough, ask)
    refused(told, says, file="shifts.csv", row=2, column="end_time", value=end)


@pytest.mark.bad_input("V35")
@pytest.mark.parametrize(
    ("last_end", "rest"),
    [
        ("23:00", "9 h 00 min"),
        ("2026-11-24 00:30", "7 h 30 min"),
        ("23/11/2026 22:15", "9 h 45 min"),
    ],
)
def test_too_short_a_rest_since_the_shift_before(borough, ask, last_end, rest):
    add_column(borough / "shifts.csv", "last_end", {"A": last_end, "B": "20:00"})
    refused(
        _route(borough, ask),
        f"A1 rests {rest} before the shift, under the 11 h",
        file="shifts.csv",
        row=2,
        column="last_end",
        value=last_end,
    )


@pytest.mark.bad_input("V36")
def test_a_break_longer_than_its_shift(borough, ask):
    set_cells(borough / "shifts.csv", "A", end_time="08:45")
    add_column(borough / "shifts.csv", "break_min", {"A": "60"})
    refused(
        _route(borough, ask),
        "a break of 60 min does not fit",
        file="shifts.csv",
        row=2,
        column="break_min",
        value="60",
    )


@pytest.mark.bad_input("V38")
def test_a_start_that_is_no_depot(borough, ask):
    set_cells(borough / "shifts.csv", "A", start_depot="D7")
    refused(
        _route(borough, ask),
        "is not among the depots",
        "use one of D1",
        file="shifts.csv",
        row=2,
        column="start_depot",
        value="D7",
    )


@pytest.mark.bad_input("V38")
def test_a_start_that_no_road_leads_to(borough, ask):
    set_cells(borough / "depots.csv", "D1", easting="460750")
    refused(
        _route(borough, ask),
        "lies on no road within 1,000 m, so shift A cannot start or end there",
        file="depots.csv",
        column="depot_id",
        value="D1",
    )


@pytest.mark.bad_input("V43")
@pytest.mark.parametrize("days", ["23/11/2026,27/11/2026", "2026-11-24,"])
def test_a_shift_on_a_day_of_leave(borough, ask, days):
    head = "staff_id,first_day,last_day,reason"
    (borough / "absences.csv").write_text(f"{head}\nA2,1/11/2026,8/11/2026,\nA1,{days},surgery\n")
    edit(borough / "scenario.toml", ('"shifts.csv"', '"shifts.csv"\nabsences = "absences.csv"'))
    told = ask(borough, "route", secrets=("surgery",))
    refused(
        told,
        "is absent on 24/11/2026 (absences.csv row 3)",
        file="shifts.csv",
        row=2,
        column="staff_id",
        value="A1",
    )


@pytest.mark.bad_input("V49")
def test_more_visits_than_one_plan_takes(borough, ask):
    rows = (f"N{n},5,,,,,430600,570300" for n in range(2000))
    add_row(borough / "visits.csv", *rows)
    says = "2,006 visits are too many for one plan of 2,000 at most"
    refused(_route(borough, ask), says, "split them by team", file="visits.csv")


@pytest.mark.bad_input("V56")
@pytest.mark.parametrize(
    ("often", "days", "says"),
    [
        ("3x week", "", "says how often, but not on which days"),
        ("weekly", "", "says how often, but not on which days"),
        ("3x week", "mon;tue", "asks for 3 days, but days names 2"),
    ],
)
def test_how_often_without_the_days(borough, ask, often, days, says):
    add_column(borough / "visits.csv", "frequency", {"V2": often})
    add_column(borough / "visits.csv", "days", {"V2": days})
    told = _route(borough, ask)
    refused(told, says, file="visits.csv", row=3, column="frequency", value=often)


@pytest.mark.bad_input("V58")
def test_somebody_who_is_in_hospital(borough, ask):
    add_column(borough / "visits.csv", "in_hospital", {"V2": "yes", "V1": "no"})
    says = "V2 is in hospital, so nobody is at home"
    told = _route(borough, ask)
    refused(told, says, file="visits.csv", row=3, column="in_hospital", value="yes")


@pytest.mark.bad_input("V67")
def test_a_visit_of_another_team(borough, ask):
    add_column(borough / "visits.csv", "team", {"V1": "south", "V2": "North"})
    edit(borough / "scenario.toml", ("[rounds]\n", '[rounds]\nteam = "South"\n'))
    told = _route(borough, ask)
    says = "V2 belongs to team North; this plan is of team South"
    refused(told, says, file="visits.csv", row=3, column="team", value="North")


@pytest.mark.bad_input("V21")
def test_a_visit_without_a_place_is_set_aside_and_the_rest_is_made(borough, ask):
    set_cells(borough / "visits.csv", "V2", easting="", northing="")
    set_cells(borough / "visits.csv", "V3", easting="-1.5", northing="55.02")
    told = _route(borough, ask)
    for row, column, value, says in (
        (3, "easting", "", "no location is given. Fix: give easting and northing"),
        (4, "easting, northing", HIDDEN, "looks like degrees"),
    ):
        set_aside(told, says, file="visits.csv", row=row, column=column, value=value, code=1)
    assert "nobody comes to V2, V3, set aside" in told.err
    assert "-1.5" not in told.words
    assert {line.split()[3] for line in told.out.splitlines() if " visit " in line} == {
        "V1", "V4", "V5", "V6"
    }  # fmt: skip


def test_too_many_rows_without_a_place_are_refused(borough, ask):
    for visit in ("V1", "V2", "V3", "V4"):
        set_cells(borough / "visits.csv", visit, easting="", northing="")
    told = _route(borough, ask)
    refused(told, "no location is given", file="visits.csv", row=2, column="easting", value="")


@pytest.mark.parametrize(
    ("start", "end", "column", "says"),
    [
        ("15:00", "14:00", "window_end", "the window ends before it starts (15:00)"),
        ("09:00", "", "window_end", "one end of the window is missing"),
    ],
)
def test_a_window_that_cannot_be(borough, ask, start, end, column, says):
    set_cells(borough / "visits.csv", "V2", window_start=start, window_end=end)
    told = _route(borough, ask)
    refused(told, says, file="visits.csv", row=3, column=column, value=end)


def test_a_link_to_a_visit_that_is_set_aside_is_refused_with_the_reason(borough, ask):
    set_cells(borough / "visits.csv", "V2", easting="", northing="")
    (borough / "links.csv").write_text("first,second,staff\nV1,V2,same\n")
    edit(borough / "scenario.toml", ('"shifts.csv"', '"shifts.csv"\nlinks = "links.csv"'))
    told = _route(borough, ask)
    refused(told, "no location", file="visits.csv", row=3, column="easting", value="")
    refused(told, "not among the visits", file="links.csv", row=2, column="second", value="V2")
