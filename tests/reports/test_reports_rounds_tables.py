from datetime import date

import pandas as pd
import pytest
import report_plans
import toytown

from ntgeo.domain.routing import TimeWindow
from ntgeo.reports.columns import COLUMNS
from ntgeo.reports.rounds_tables import (
    rounds_shifts_table,
    rounds_stops_table,
    unmade_table,
    window_text,
)


def test_stops_are_the_lines_of_the_sheets(rounds):
    table = rounds_stops_table(*rounds)
    assert table["shift_id"].tolist() == ["A"] * 4 + ["B"] * 4
    assert table["kind"].tolist() == [
        *("start", "visit", "visit", "end"),
        *("start", "visit", "break", "end"),
    ]
    assert table["visit_id"].tolist() == ["", "V1", "V2", "", "", "V3", "", ""]
    assert table["stop_number"].tolist() == [0, 1, 2, 3] * 2
    assert table["visit_number"].tolist() == [
        *(pd.NA, 1, 2, pd.NA),
        *(pd.NA, 1, pd.NA, pd.NA),
    ]
    assert table["arrive"].tolist()[:4] == ["09:00", "09:05", "09:40", "10:20"]
    assert table["leave"].tolist()[4:] == ["09:00", "09:35", "12:00", "12:05"]


def test_a_break_has_its_wait_and_its_window(rounds):
    rest = rounds_stops_table(*rounds).iloc[6]
    assert (rest["arrive"], rest["begin"]) == ("09:35", "11:30")
    assert rest["wait_s"] == 115 * 60
    assert rest["service_s"] == 30 * 60
    assert rest["window"] == "11:30–13:30"


def test_shifts_add_up(rounds):
    table = rounds_shifts_table(*rounds).set_index("shift_id")
    a, b = table.loc["A"], table.loc["B"]
    assert (a["visits"], b["visits"]) == (2, 1)
    assert (a["travel_s"], b["travel_s"]) == (20 * 60, 10 * 60)
    assert (a["service_s"], b["break_s"], b["wait_s"]) == (3600, 1800, 115 * 60)
    assert a["distance_m"] == 10_000
    assert a["miles"] == pytest.approx(6.2137, abs=1e-4)
    assert a["mileage_gbp"] == pytest.approx(6.2137 * 0.55, abs=1e-3)
    assert a["utilisation_share"] == pytest.approx(80 / 180)
    assert (a["start"], a["end"], b["end"]) == ("09:00", "10:20", "12:05")
    for shift in (a, b):
        parts = shift[["travel_s", "wait_s", "service_s", "break_s", "spare_s"]].sum()
        assert parts == shift["paid_s"]


def test_mileage_of_a_day_before_the_known_rates_is_missing(rounds):
    problem, plan = rounds
    long_ago = type(problem)(**{
        name: getattr(problem, name) for name in problem.__slots__ if name != "day"
    } | {"day": date(2010, 11, 24)})  # fmt: skip
    assert rounds_shifts_table(long_ago, plan)["mileage_gbp"].isna().all()


def test_a_shift_without_a_round_is_still_told(short_rounds):
    idle = rounds_shifts_table(*short_rounds).set_index("shift_id").loc["B"]
    assert (idle["visits"], idle["travel_s"], idle["start"], idle["end"]) == (0, 0, "", "")
    assert idle["spare_s"] == idle["paid_s"] == 8 * 3600


def test_unmade_visits_have_their_reason(short_rounds):
    (row,) = unmade_table(*short_rounds).to_dict("records")
    assert row == {
        "visit_id": "V3",
        "priority": 3,
        "service_s": 1800,
        "window": "09:00–17:00",
        "skills": "",
        "code": "no-room",
        "reason": "every shift that could make it is full",
    }


def test_tables_of_nothing_keep_their_types(rounds):
    problem = toytown.routing_problem(visits=(), shifts=())
    empty = report_plans.route_plan(routes=())
    for build in (rounds_stops_table, rounds_shifts_table, unmade_table):
        nothing, something = build(problem, empty), build(*rounds)
        assert nothing.empty
        if not something.empty:
            assert nothing.dtypes.to_dict() == something.dtypes.to_dict()


def test_windows_read_as_times_of_the_day():
    windows = (
        TimeWindow(start_s=9 * 3600, end_s=12 * 3600),
        TimeWindow(start_s=50400, end_s=90000),
    )
    text = window_text(toytown.DAY, windows)
    assert text == "09:00–12:00 or 14:00–01:00 (+1)"


def test_clock_texts_follow_the_clocks_back():
    window = (TimeWindow(start_s=5400, end_s=9000),)
    assert window_text(date(2026, 10, 25), window) == "01:30–01:30"


def test_every_column_is_in_the_schema(rounds):
    for build in (rounds_stops_table, rounds_shifts_table, unmade_table):
        assert set(build(*rounds).columns) <= set(COLUMNS)
