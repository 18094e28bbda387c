"""Impossible rounds: a plan of what can be made, with reasons, or a refusal; never a trace."""

import json

import pytest

from ntgeo.cli.app import app
from ntgeo.cli.door import guarded

SCENARIO = """
id = "day"
title = "A small day"
data_folder = "."
[areas]
boundaries = "none"
population = "none"
[[demand.records]]
file = "none"
[sites]
files = []
[roads]
{roads}
[rounds]
day = {day}
depots = "depots.csv"
visits = "visits.csv"
shifts = "shifts.csv"
time_limit_s = 20
{more}
"""
DEPOTS = "depot_id,easting,northing\nD,480140,581774\n"
VISITS = "visit_id,duration_min,easting,northing"
SHIFTS = "shift_id,staff_id,start_time,end_time,start_depot"
AT = "480500,581000"
WHOLE = f"{VISITS}\nV1,30,{AT}\n"
ONE = f"{SHIFTS}\nS1,A,08:00,12:00,D\n"


@pytest.fixture
def route(tmp_path, capsys):
    """Return a function that writes a day's files and asks for its rounds."""

    def asked(*, visits=WHOLE, shifts=ONE, day="2026-11-24", roads="", more="", **tables):
        scenario = SCENARIO.replace("[sites]\nfiles = []\n", "")
        (tmp_path / "scenario.toml").write_text(scenario.format(roads=roads, day=day, more=more))
        files = {"depots": DEPOTS, "visits": visits, "shifts": shifts, **tables}
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text)
        command = ["route", str(tmp_path / "scenario.toml"), "--no-explain", "--json"]
        code = guarded(lambda: app([*command, "--folder", str(tmp_path)], standalone_mode=False))
        shown = capsys.readouterr()
        assert "Traceback" not in shown.out + shown.err
        assert "bug" not in shown.err
        if code == 2:
            assert "Fix:" in shown.err
            return code, shown.err
        return code, json.loads(shown.out)

    return asked


def reasons(told):
    return {visit["visit_id"]: (visit["code"], visit["reason"]) for visit in told["unmade"]}


def made(told):
    return {stop["visit_id"] for stop in told["stops"] if stop["kind"] == "visit"}


def test_a_day_that_can_be_made(route):
    code, told = route()
    assert (code, made(told), told["unmade"]) == (0, {"V1"}, [])
    assert told["cost"]["pay_gbp"] > 0


def test_no_staff(route):
    code, told = route(shifts=f"{SHIFTS}\n")
    assert code == 2
    assert "shifts.csv: has headings but no data rows" in told


IMPOSSIBLE = {
    "skills": ("AMHP", "no-skill", "amhp"),
    "window_start": ("13:00", "no-window", ""),
    "crew": ("2", "too-few", ""),
    "not_alone": ("always", "too-few", ""),
    "forbidden_staff": ("A", "not-allowed", ""),
    "required_staff": ("Z", "not-allowed", ""),
    "pinned_start": ("13:00", "pinned-time", ""),
    "load": ("50", "too-heavy", ""),
}


def test_what_nobody_can_make_is_told_and_the_rest_is_made(route):
    heads = [*IMPOSSIBLE, "window_end"]
    rows = [f"V1,30,{AT}{',' * len(heads)}", f"V0,540,{AT}{',' * len(heads)}"]
    for number, (head, (cell, _, _)) in enumerate(IMPOSSIBLE.items(), start=2):
        cells = [cell if head == name else "" for name in heads]
        if head == "window_start":
            cells[-1] = "14:00"
        rows.append(f"V{number},30,{AT},{','.join(cells)}")
    visits = f"{VISITS},{','.join(heads)}\n" + "\n".join(rows) + "\n"
    code, told = route(visits=visits, shifts=f"{SHIFTS},capacity\nS1,A,08:00,12:00,D,10\n")
    assert (code, made(told)) == (1, {"V1"})
    found = reasons(told)
    assert found["V0"][0] == "too-long"
    for number, (head, (_, code, word)) in enumerate(IMPOSSIBLE.items(), start=2):
        told_code, text = found[f"V{number}"]
        assert (head, told_code) == (head, code)
        assert f"V{number}" in text
        assert word in text


def test_a_circle_of_links_is_refused_and_named(route):
    code, told = route(
        visits=f"{WHOLE}V2,30,{AT}\n",
        more='links = "links.csv"',
        links="first,second,least_gap_min\nV1,V2,0\nV2,V1,0\n",
    )
    assert code == 2
    assert "visits follow each other in a circle: V1 → V2 → V1" in told
    assert "links.csv row 2" in told


def test_the_night_when_the_clocks_go_forward(route):
    windows = f"{VISITS},window_start,window_end\nV1,30,{AT},"
    night = f"{SHIFTS}\nS1,A,00:30,06:00,D\n"
    code, told = route(visits=f"{windows}01:30,03:00\n", shifts=night, day="2026-03-29")
    assert code == 2
    assert "01:30 does not exist on 29/03/2026" in told
    assert "Fix: use 02:30" in told
    code, told = route(visits=f"{windows}02:30,03:00\n", shifts=night, day="2026-03-29")
    assert (code, made(told)) == (0, {"V1"})
    (stop,) = [stop for stop in told["stops"] if stop["kind"] == "visit"]
    assert "02:30" <= stop["begin"] <= "03:00"


def test_the_wrong_cells_of_every_table_are_told(route):
    code, told = route(
        visits=f"{VISITS},priority,crew\nV1,30,{AT},9,0\nV1,30,{AT},,\n",
        shifts=f"{SHIFTS},break_min\nS1,A,07:00,21:00,D,\nS2,B,08:00,08:45,D,60\n",
    )
    assert code == 2
    for says in ('value "9": is above the limit 5', "must be at least 1", "stands on rows 2, 3"):
        assert says in told
    code, told = route(shifts=f"{SHIFTS},break_min\nS1,A,07:00,21:00,X,\nS2,B,08:00,08:45,D,60\n")
    assert code == 2
    for says in ("over the limit of 13 h", "is not among the depots", "a break of 60 min"):
        assert says in told


def test_a_scenario_that_contradicts_itself(route):
    code, told = route(more="[rounds.prices]\nunmade_gbp = [1, 2]\nnew_faces = 3\n")
    assert code == 2
    assert "key rounds.prices.new_faces" in told
    assert 'did you mean "new_face_gbp"' in told
    assert "rounds.prices.unmade_gbp" in told
