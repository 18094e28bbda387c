from datetime import date

import pandas as pd
import pytest
import report_plans
import toytown

from ntgeo.reports.columns import COLUMNS
from ntgeo.reports.rounds_tables import (
    rounds_shifts_table,
    rounds_stops_table,
    unmade_table,
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
    assert a["mileage_claim_gbp"] == pytest.approx(6.2137 * 0.55, abs=1e-3)
    assert a["utilisation_share"] == pytest.approx(80 / 180)
    assert (a["start"], a["end"], b["end"]) == ("09:00", "10:20", "12:05")
    for shift in (a, b):
        parts = shift[["travel_s", "wait_s", "service_s", "break_s", "spare_s"]].sum()
        assert parts == shift["hours_s"]


def test_mileage_of_a_day_before_the_known_rates_is_missing(rounds):
    problem, plan = rounds
    long_ago = type(problem)(**{
        name: getattr(problem, name) for name in problem.__slots__ if name != "day"
    } | {"day": date(2010, 11, 24)})  # fmt: skip
    assert rounds_shifts_table(long_ago, plan)["mileage_claim_gbp"].isna().all()


def test_a_shift_without_a_round_is_still_told(short_rounds):
    idle = rounds_shifts_table(*short_rounds).set_index("shift_id").loc["B"]
    assert (idle["visits"], idle["travel_s"], idle["start"], idle["end"]) == (0, 0, "", "")
    assert idle["spare_s"] == idle["hours_s"] == 8 * 3600


def test_unmade_visits_have_their_reason(short_rounds):
    (row,) = unmade_table(*short_rounds).to_dict("records")
    assert row == {
        "visit_id": "V3",
        "priority": 3,
        "service_s": 1800,
        "crew": 1,
        "window": "09:00–17:00",
        "skills": "",
        "links": "",
        "code": "no-room",
        "reason": "every shift that could make it is full",
        "smallest_change": "",
        "change_cost_gbp": pytest.approx(float("nan"), nan_ok=True),
        "change_proof": "",
        "unmade_gbp": 0.0,
    }


def test_tables_of_nothing_keep_their_types(rounds):
    problem = toytown.routing_problem(visits=(), shifts=())
    empty = report_plans.route_plan(routes=())
    for build in (rounds_stops_table, rounds_shifts_table, unmade_table):
        nothing, something = build(problem, empty), build(*rounds)
        assert nothing.empty
        if not something.empty:
            assert nothing.dtypes.to_dict() == something.dtypes.to_dict()


def test_a_crew_visit_is_a_row_for_each_who_comes_with_the_other(rich_rounds):
    table = rounds_stops_table(*rich_rounds)
    crew = table[table["visit_id"] == "V1"]
    assert crew["with_staff"].tolist() == ["staff-B", "staff-A"]
    assert crew["face"].tolist() == ["usual staff", "new face"]
    assert crew["begin"].tolist() == ["09:15", "09:15"]
    assert crew["late_s"].tolist() == [300, 300]
    assert crew["soft_window"].tolist() == ["09:00–09:10"] * 2
    assert crew["links"].tolist() == ["before V2, at least 5 min"] * 2


def test_a_stop_tells_all_its_times(rich_rounds):
    first = rounds_stops_table(*rich_rounds).iloc[1]
    names = ("travel_s", "parking_s", "wait_s", "set_up_s", "service_s")
    assert [first[name] for name in names] == [300, 120, 180, 300, 1800]
    told = first["begin_s"] - first["arrive_s"]
    assert told == first["wait_s"] + first["set_up_s"]


def test_a_shift_has_its_work_its_cost_and_its_faces(rich_rounds):
    table = rounds_shifts_table(*rich_rounds).set_index("shift_id")
    a, b = table.loc["A"], table.loc["B"]
    assert (a["work_s"], b["work_s"]) == (92 * 60, 50 * 60)
    assert (a["overtime_s"], a["overtime_gbp"]) == (32 * 60, pytest.approx(3.2))
    assert (a["usual_visits"], a["seen_visits"], a["new_faces"]) == (2, 1, 1)
    assert (a["usual_share"], b["usual_share"]) == (0.5, 0.0)
    assert a["late_visits"] == b["late_visits"] == 1
    for shift in (a, b):
        parts = shift[
            [
                *("travel_s", "parking_s", "wait_s", "set_up_s", "service_s", "break_s"),
                "spare_s",
            ]
        ].sum()
        assert parts == shift["hours_s"]


def test_shifts_cost_what_the_plan_says_and_claims_go_by_the_official_rate(rich_rounds):
    table = rounds_shifts_table(*rich_rounds)
    cost = rich_rounds[1].cost
    for column, term in (
        ("pay_gbp", cost.pay_gbp),
        ("overtime_gbp", cost.overtime_gbp),
        ("mileage_gbp", cost.mileage_gbp),
        ("travel_gbp", 0.0),
        ("round_gbp", 0.0),
    ):
        assert table[column].sum() == pytest.approx(term)
    assert table["mileage_claim_gbp"].sum() == pytest.approx(cost.mileage_gbp / 0.45 * 0.55)


def test_an_unmade_visit_tells_the_smallest_change_and_what_it_costs(rich_rounds):
    (row,) = unmade_table(*rich_rounds).to_dict("records")
    assert row["smallest_change"] == "if it could begin 25 min later, by shift B"
    assert (row["change_cost_gbp"], row["unmade_gbp"]) == (3.2, 30)
    assert row["change_proof"] == "tried by planning again, 1 min less was found not to do"


def test_every_column_is_in_the_schema(rounds):
    for build in (rounds_stops_table, rounds_shifts_table, unmade_table):
        assert set(build(*rounds).columns) <= set(COLUMNS)
