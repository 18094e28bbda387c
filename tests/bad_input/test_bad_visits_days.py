"""Days that cannot be made whole, or look odd, and plans of them that a check refuses."""

import sys
from dataclasses import replace

import pytest
from asking import noted, partial, refused, warned
from spoiling import add_column, add_row, edit, set_cells

from ntgeo import routing
from ntgeo.domain.hand_plan import HandPlan, HandStop
from ntgeo.routing.verify import check_hand_plan


def _route(borough, ask, *options, **how):
    return ask(borough, "route", "--no-explain", *options, **how)


def _within(borough, seconds):
    """Plan within so many seconds; ten are enough to prove any of these days on a busy machine."""
    limit = '"shifts.csv"\ntime_limit_s = '
    edit(borough / "scenario.toml", (f"{limit}2", f"{limit}{seconds}"))


@pytest.mark.bad_input("V09", "V12", "V18", "V20", "V25", "V66")
def test_what_nobody_can_make_is_told_and_the_rest_is_made(borough, ask):
    visits = borough / "visits.csv"
    _within(borough, 0.001)
    set_cells(visits, "V1", duration_min="540")
    set_cells(visits, "V2", skills="amhp")
    set_cells(visits, "V4", easting="455250")
    add_column(visits, "forbidden_staff", {"V5": "A1;A2"})
    add_column(visits, "crew", {"V6": "3"})
    told = _route(borough, ask)
    partial(
        told,
        "Not made: V1 is not made: with travel and break it takes 9 h",
        "Not made: V2 is not made: nobody on shift has amhp",
        "Not made: V4 is not made: no way leads there",
        "V4 lies 23.0 km from the nearest road; 1 km is the most.",
        "Not made: V5 is not made: none of those on shift with its skills (A1, A2) may come",
        "Not made: V6 is not made: ",
    )
    assert [line.split()[3] for line in told.out.splitlines() if " visit " in line] == ["V3"]


@pytest.mark.bad_input("V29")
def test_more_work_than_hours(borough, ask):
    _within(borough, 10)
    for number in range(1, 7):
        set_cells(borough / "visits.csv", f"V{number}", duration_min="120", window_start="08:00")
    set_cells(borough / "visits.csv", "V4", priority="5")
    set_cells(borough / "visits.csv", "V6", priority="4")
    told = _route(borough, ask)
    partial(told, "The visits of the day last longer than its shifts: short by 2 h 00 min")
    unmade = {line.split()[2] for line in told.out.splitlines() if line.startswith("Not made")}
    assert unmade == {"V4", "V6"}


@pytest.mark.bad_input("V28")
def test_two_doses_whose_gap_cannot_be_kept(borough, ask):
    _within(borough, 10)
    edit(borough / "scenario.toml", ('"shifts.csv"', '"shifts.csv"\nlinks = "links.csv"'))
    links = "first,second,least_gap_min,greatest_gap_min\nV1,V2,240,300\n"
    (borough / "links.csv").write_text(links)
    told = _route(borough, ask, "--json")
    partial(told)
    (unmade,) = told.json["unmade"]
    assert unmade["visit_id"] == "V2"
    assert "V1" in unmade["reason"]


@pytest.mark.bad_input("V37")
def test_a_break_that_fits_nowhere_between_two_visits(borough, ask):
    _within(borough, 10)
    for column, cell in {
        "break_min": "30",
        "break_earliest": "09:40",
        "break_latest": "10:00",
    }.items():
        add_column(borough / "shifts.csv", column, {"A": cell, "B": cell})
    for visit, start in {"V1": "09:30", "V2": "10:00"}.items():
        set_cells(
            borough / "visits.csv", visit, window_start=start, window_end=start, skills="lift"
        )
    told = _route(borough, ask, "--json")
    partial(told)
    reasons = {visit["visit_id"]: visit["reason"] for visit in told.json["unmade"]}
    assert set(reasons) <= {"V1", "V2"}
    assert all("of A" in reason for reason in reasons.values())


@pytest.mark.bad_input("V08", "V11", "V22", "V23", "V39", "V59", "V60")
def test_a_day_to_be_looked_at(borough, ask):
    visits = borough / "visits.csv"
    set_cells(visits, "V1", window_end="09:20")
    set_cells(visits, "V2", duration_min="250", window_start="08:00")
    set_cells(visits, "V4", northing="566250")
    add_column(visits, "notes", {"V1": "Safeguarding: see file"})
    add_column(visits, "phone", {"V1": "0191 not a number"})
    add_column(visits, "windw2_start", {})
    add_column(borough / "depots.csv", "is_home", {"D1": "yes"})
    edit(borough / "scenario.toml", ('"roads.osm"\n', '"roads.osm"\nsnap_limit_m = 6000\n'))
    told = ask(borough, "validate", secrets=("Safeguarding", "0191"))
    row = 'visits.csv row 3, column duration_min, value "250": is over 240 min. Fix: check'
    warned(told, row, file="visits.csv")
    warned(
        told,
        "not read, and shown nowhere: columns I, J, K",
        "K looks like window2_start",
        file="visits.csv",
    )
    warned(told, "outside the areas: V4 (3.7 km); a placement", file="visits.csv")
    warned(told, "Far from any road", "V4 (3.5 km)", file="")
    warned(told, "somebody lives at D1", file="depots.csv")
    warned(told, "V1 (30 min)", "a window is for when a visit may begin", file="visits.csv")


@pytest.mark.bad_input("V33")
def test_a_shift_over_midnight(borough, ask):
    _within(borough, 10)
    for shift in ("A", "B"):
        set_cells(borough / "shifts.csv", shift, start_time="22:00", end_time="06:00")
    windows = {
        "V1": ("22:30", "23:00"),
        "V2": ("23:30", "00:30"),
        "V3": ("2026-11-25 02:00", "2026-11-25 03:00"),
        "V4": ("25/11/2026 04:00", "25/11/2026 05:00"),
    }
    for number in range(1, 7):
        start, end = windows.get(f"V{number}", ("23:00", "24:00"))
        set_cells(borough / "visits.csv", f"V{number}", window_start=start, window_end=end)
    told = _route(borough, ask, "--json")
    noted(told)
    begins = {
        stop["place_id"]: stop["begin"] for stop in told.json["stops"] if stop["kind"] == "visit"
    }
    assert set(begins) == {f"V{number}" for number in range(1, 7)}
    assert begins["V3"] >= "02:00"
    assert begins["V3"].endswith("(+1)")
    assert begins["V4"].startswith("04:")


@pytest.mark.bad_input("V51")
def test_a_day_that_is_past(borough, ask):
    edit(
        borough / "scenario.toml",
        ("is_synthetic = true", "is_synthetic = false"),
        ("day = 2026-11-24", "day = 2025-05-02"),
    )
    told = ask(borough, "validate")
    says = ('value "2025-05-02": the day is past', "is_replay = true")
    warned(told, *says, file="scenario, key rounds.day")
    edit(borough / "scenario.toml", ("[rounds]\n", "[rounds]\nis_replay = true\n"))
    told = ask(borough, "validate")
    assert told.code == 0
    assert "the day is past" not in told.words


@pytest.mark.bad_input("V47")
def test_a_solver_that_dies_leaves_nothing_half_written(borough, ask, monkeypatch, tmp_path):
    shell = tmp_path / "dies"
    shell.write_text("#!/bin/sh\nkill -ABRT $$\n")
    shell.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(shell))
    says = "it stopped (signal 6) before it found any plan, and nothing was published"
    refused(_route(borough, ask), says, file="solver", code=70)


def _plan_by_hand(monkeypatch, rounds, change=None):
    """Let the solver return rounds as they are, each timed as soon as can be."""

    def answered(problem, _limits, **_):
        stops = tuple(
            HandStop(shift=shift, visit=visit, row=1)
            for shift, visits in rounds.items()
            for visit in visits.split()
        )
        plan = check_hand_plan(problem, HandPlan(file="plan.csv", stops=stops)).plan
        return plan if change is None else change(plan)

    monkeypatch.setattr(routing, "solve_routing", answered)


@pytest.mark.bad_input("V46", "V62", "V64")
@pytest.mark.parametrize(
    ("rounds", "says"),
    [
        ({"A": "V1 V3 V5", "B": "V1 V2 V4 V6"}, "V1"),
        ({"A": "V1 V2", "B": "V3 V4 V5 V6"}, "V3"),
        ({"A": "V1 V3 V5", "B": "V2 V4 V6"}, "for pay"),
    ],
)
def test_a_plan_that_the_check_does_not_confirm(borough, ask, monkeypatch, rounds, says):
    def free(plan):
        return replace(plan, cost=replace(plan.cost, pay_gbp=0.0))

    _plan_by_hand(monkeypatch, rounds, free if says == "for pay" else None)
    told = _route(borough, ask, is_our_bug=True)
    refused(told, "check found faults", says, file="Plan not published", code=70)


@pytest.mark.bad_input("V52")
def test_a_visit_that_has_started_is_not_moved(borough, ask, monkeypatch):
    add_column(borough / "visits.csv", "pinned_start", {"V1": "09:10"})
    add_column(borough / "visits.csv", "pinned_shifts", {"V1": "B"})
    _plan_by_hand(monkeypatch, {"A": "V1 V3 V5", "B": "V2 V4 V6"})
    told = _route(borough, ask, is_our_bug=True)
    refused(told, "V1", file="Plan not published", code=70)


@pytest.mark.bad_input("V52")
def test_a_visit_settled_with_a_shift_that_is_not_there(borough, ask):
    add_column(borough / "visits.csv", "pinned_shifts", {"V1": "Z"})
    says = "visit V1 is pinned to Z, not among the shifts"
    refused(_route(borough, ask), says, file="visits.csv", column="pinned_shifts")


def test_visits_of_other_weekdays_are_left_out_and_told(borough, ask):
    add_column(
        borough / "visits.csv", "days", {"V1": "mon;wed;fri", "V2": "Tuesday", "V3": "weekdays"}
    )
    (borough / "links.csv").write_text("first,second,staff\nV1,V2,same\n")
    edit(borough / "scenario.toml", ('"shifts.csv"', '"shifts.csv"\nlinks = "links.csv"'))
    told = ask(borough, "validate")
    noted(told, "V1 of other days than Tuesday 24/11/2026, and not planned", file="visits.csv")
    add_row(borough / "visits.csv", "V7,30,09:00,10:00,,3,430600,570300,someday")
    refused(
        _route(borough, ask),
        "is no weekday",
        file="visits.csv",
        row=8,
        column="days",
        value="someday",
    )


def test_validate_tells_what_nobody_can_do(borough, ask):
    set_cells(borough / "visits.csv", "V2", skills="lft")
    set_cells(borough / "visits.csv", "V4", window_start="18:00", window_end="20:00")
    told = ask(borough, "validate")
    says = 'Nobody on shift has the skill "lft", needed of V2; what they have is lift.'
    warned(told, says, file="")
    warned(told, "Nobody is at work at any time when these may begin: V4.", file="")


def test_validate_tells_what_is_too_much_for_everybody(borough, ask):
    add_column(borough / "visits.csv", "crew", {"V2": "3"})
    add_column(borough / "visits.csv", "load", {"V4": "5"})
    add_column(borough / "shifts.csv", "capacity", {"A": "1", "B": "2"})
    told = ask(borough, "validate")
    warned(told, "More people are needed at once than have a shift: V2 (3 of 2).", file="")
    warned(told, "No shift has the capacity (2 at most) for the load of V4 (5).", file="")


def test_skills_that_no_semicolon_parts_are_told(borough, ask):
    edit(borough / "shifts.csv", ("D1,lift", 'D1,"lift, hoist"'))
    says = 'the skill "lift", needed of V3; "lift, hoist" is one skill unless a semicolon parts it.'
    warned(ask(borough, "validate"), says, file="")


@pytest.mark.parametrize("name", ["A1", "a1"])
def test_who_is_on_leave_is_not_sent_out_for_want_of_a_capital(borough, ask, name):
    (borough / "away.csv").write_text(f"staff_id,first_day,last_day\n{name},24/11/2026,\n")
    edit(borough / "scenario.toml", ('"shifts.csv"', '"shifts.csv"\nabsences = "away.csv"'))
    says = "is absent on 24/11/2026 (away.csv row 2)"
    place = {"file": "shifts.csv", "row": 2, "column": "staff_id", "value": "A1"}
    refused(_route(borough, ask), says, **place)
