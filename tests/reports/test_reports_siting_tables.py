from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import report_plans
import toytown
from hypothesis import given
from hypothesis import strategies as st

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting_rules import AreaRules
from ntgeo.errors import MissingColumnError, UnknownIdError
from ntgeo.reports.columns import COLUMNS
from ntgeo.reports.siting_access import (
    access_by_age_table,
    access_by_decile_table,
    access_summary,
    supply_by_decile_table,
    weighted_quantile,
)
from ntgeo.reports.siting_tables import siting_areas_table, siting_sites_table


def test_sites_say_what_happens_to_each(siting):
    table = siting_sites_table(*siting).set_index("site_id")
    assert table["decision"].to_dict() == {
        "S1": "closed",
        "S2": "opened",
        "S3": "closed",
        "S4": "opened",
    }
    assert table["areas"].tolist() == [0, 3, 0, 2]
    assert table["demand"].tolist() == [0, 60, 0, 30]
    assert table.loc["S2", "mean_time_s"] == 400  # (30 × 0 + 20 × 600 + 10 × 1200) / 60
    assert table.loc["S2", "longest_time_s"] == 1200
    assert np.isnan(table.loc["S1", "mean_time_s"])
    assert table["demand_share"].sum() == pytest.approx(1)


def test_every_decision_has_its_word():
    statuses = {
        "S1": SiteStatus.EXCLUDED,
        "S2": SiteStatus.EXISTING,
        "S3": SiteStatus.COMPETITOR,
        "S4": SiteStatus.REQUIRED,
    }
    problem = toytown.siting_problem(statuses=statuses)
    plan = report_plans.siting_plan(problem)
    table = siting_sites_table(problem, plan)
    assert table["decision"].tolist() == ["ruled out", "kept open", "another provider", "opened"]


def test_use_of_capacity_is_demand_over_capacity():
    problem = toytown.siting_problem()
    sites = tuple(
        toytown.site(site.id, capacity=80.0 if site.id == "S2" else None) for site in problem.sites
    )
    limited = type(problem)(**{
        name: getattr(problem, name) for name in problem.__slots__ if name != "sites"
    } | {"sites": sites})  # fmt: skip
    table = siting_sites_table(limited, report_plans.siting_plan(limited)).set_index("site_id")
    assert table.loc["S2", "utilisation_share"] == 0.75
    assert np.isnan(table.loc["S4", "utilisation_share"])


def test_areas_before_and_after_are_those_of_the_street(siting, areas):
    table = siting_areas_table(*siting, areas)
    assert table["lsoa"].tolist() == list(toytown.AREA_MINUTES)
    assert table["time_before_s"].tolist() == [0, 600, 1200, 600, 0]
    assert table["time_after_s"].tolist() == [600, 0, 0, 600, 1200]
    assert table["change_s"].tolist() == [600, -600, -1200, 0, 1200]
    assert table["distance_m"].tolist() == [5000, 0, 0, 5000, 10000]
    assert table["site_name"].tolist() == ["Site S4"] * 2 + ["Site S2"] * 3
    assert table["ward"].tolist() == ["West", "West", "Middle", "East", "East"]
    assert not table["is_unserved"].any()


def test_an_unserved_area_keeps_its_way_to_the_nearest_open_site(limited, areas):
    row = siting_areas_table(*limited, areas).set_index("lsoa").loc["X01000005"]
    assert row["is_unserved"]
    assert row["site_id"] == ""
    assert row["time_after_s"] == 1200
    assert np.isnan(row["distance_m"])
    assert row["reason"] == "no open site is within 10 minutes"
    assert row["smallest_change"] == "a limit of 20 minutes would serve it"


def test_a_limit_that_only_central_times_keep_is_doubtful(limited, areas, ranged):
    problem, plan = limited
    assert not siting_areas_table(problem, plan, areas)["is_limit_doubtful"].any()
    table = siting_areas_table(ranged(problem), plan, areas)
    assert table["time_after_s"].tolist() == [600, 0, 0, 600, 1200]
    assert table["is_limit_doubtful"].tolist() == [True, False, False, True, False]


def test_another_providers_site_does_not_count_today(areas):
    sites = {"S1": SiteStatus.COMPETITOR}
    problem = toytown.siting_problem(statuses=sites)
    table = siting_areas_table(problem, report_plans.siting_plan(problem), areas)
    assert table["time_before_s"].tolist() == [2400, 1800, 1200, 600, 0]


def test_without_a_site_today_there_is_no_before(areas):
    everywhere = dict.fromkeys(toytown.SITE_MINUTES, SiteStatus.CANDIDATE)
    problem = toytown.siting_problem(statuses=everywhere)
    table = siting_areas_table(problem, report_plans.siting_plan(problem), areas)
    assert table["time_before_s"].isna().all()
    assert table["change_s"].isna().all()
    figures = access_summary(table)
    assert np.isnan(figures["mean_before_s"])
    assert figures["cut_off_before_share"] == 1


def test_order_and_extra_rows_of_the_areas_do_not_matter(siting, areas):
    more = pd.concat([areas, areas.iloc[[0]].assign(lsoa="X01999999")])
    shuffled = more.sample(frac=1, random_state=5)
    pd.testing.assert_frame_equal(
        siting_areas_table(*siting, shuffled), siting_areas_table(*siting, areas)
    )


def test_areas_may_lack_what_is_not_known(siting, areas):
    table = siting_areas_table(*siting, areas[["lsoa", "name"]])
    assert table["ward"].tolist() == [""] * 5
    assert table["population"].isna().all()
    assert table["imd_decile"].isna().all()
    assert access_by_decile_table(table).empty


def test_areas_without_names_are_refused(siting, areas):
    with pytest.raises(MissingColumnError, match="column name"):
        siting_areas_table(*siting, areas[["lsoa"]])


def test_every_missing_area_is_told_at_once(siting, areas):
    with pytest.raises(UnknownIdError) as refused:
        siting_areas_table(*siting, areas.iloc[2:])
    assert [fault.value for fault in refused.value.faults] == ["X01000001", "X01000002"]


def test_access_by_decile_is_weighted_by_demand(siting, areas):
    table = access_by_decile_table(siting_areas_table(*siting, areas), travel_limit_s=600)
    table = table.set_index("imd_decile")
    assert table.index.tolist() == [1, 5, 6, 10]
    most = table.loc[1]  # 10 people at 0 then 10 minutes, 20 people at 10 then 0
    assert most["mean_before_s"] == 400
    assert most["mean_after_s"] == 200
    assert most["change_s"] == -200
    assert (most["areas"], most["population"], most["demand"]) == (2, 200, 30)
    assert (most["worst_before_s"], most["worst_after_s"]) == (600, 600)
    assert table["within_before_share"].tolist() == [1, 0, 1, 1]
    assert table["within_after_share"].tolist() == [1, 1, 1, 0]


def test_access_can_be_weighted_by_residents(siting, areas):
    table = siting_areas_table(*siting, areas)
    by_people = access_by_decile_table(table, weight="population").set_index("imd_decile")
    assert by_people.loc[1, "mean_before_s"] == 300
    assert by_people.loc[1, "mean_after_s"] == 300


def test_the_whole_town_has_the_mean_of_the_drawing(siting, areas):
    figures = access_summary(siting_areas_table(*siting, areas), travel_limit_s=600)
    assert figures["mean_before_s"] * 90 / 60 == pytest.approx(1000)
    assert figures["mean_after_s"] * 90 / 60 == pytest.approx(500)
    assert figures["within_after_share"] == pytest.approx(80 / 90)
    assert figures["p90_after_s"] == 1200


def test_an_area_with_no_way_is_not_in_the_mean_but_in_the_shares(areas):
    problem = toytown.siting_problem()
    times = problem.travel.time_s.copy()
    times[4, :] = np.nan
    travel = type(problem.travel).from_arrays(
        times, origins=problem.areas, destinations=problem.travel.destinations
    )
    cut = type(problem)(**{
        name: getattr(problem, name) for name in problem.__slots__ if name != "travel"
    } | {"travel": travel})  # fmt: skip
    plan = report_plans.siting_plan(cut, unserved=("X01000005",))
    figures = access_summary(siting_areas_table(cut, plan, areas), travel_limit_s=600)
    assert figures["mean_after_s"] == pytest.approx((10 * 600 + 20 * 600) / 80)
    assert figures["cut_off_after_share"] == pytest.approx(10 / 90)
    assert figures["within_after_share"] == pytest.approx(80 / 90)
    assert np.isnan(figures["p90_after_s"])


def test_every_column_is_in_the_schema(siting, areas):
    area_table = siting_areas_table(*siting, areas)
    frames = [area_table, siting_sites_table(*siting), access_by_decile_table(area_table)]
    for frame in frames:
        assert set(frame.columns) <= set(COLUMNS)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 5)), min_size=1, max_size=30),
    st.floats(0.05, 1),
)
def test_the_weighted_quantile_is_that_of_the_people_lined_up(pairs, share):
    values = np.array([value for value, _ in pairs], dtype=float)
    weights = np.array([weight for _, weight in pairs], dtype=float)
    people = sorted(value for value, weight in pairs for _ in range(weight))
    at = max(1, int(np.ceil(share * len(people) - 1e-9)))
    assert weighted_quantile(values, weights, share) == people[at - 1]


def test_a_quantile_of_nobody_is_missing():
    assert np.isnan(weighted_quantile(np.array([1.0]), np.array([0.0]), 0.9))


def test_a_split_area_is_told_with_its_sites_and_the_mean_of_its_parts(siting, areas):
    problem, plan = siting
    first = plan.allocations[0]
    parts = (
        replace(first, demand=2.5, share=0.25),
        replace(first, site="S2", demand=5.0, share=0.5, time_s=1200.0, distance_m=10_000.0),
    )
    table = siting_areas_table(
        problem, replace(plan, allocations=(*parts, *plan.allocations[1:])), areas
    )
    row = table.iloc[0]
    assert (row["site_id"], row["site_name"]) == ("S2; S4", "Site S2; Site S4")
    assert row["served_share"] == 0.75
    assert row["time_after_s"] == pytest.approx((0.25 * 600 + 0.5 * 1200) / 0.75)
    assert table["served_share"].tolist()[1:] == [1, 1, 1, 1]


def test_areas_are_held_to_their_own_limit(siting, areas):
    problem, plan = siting
    own = AreaRules(travel_limit_s=np.array([np.nan, np.nan, np.nan, np.nan, 1200.0]))
    rules = replace(problem.rules, travel_limit_s=600.0)
    table = siting_areas_table(replace(problem, rules=rules, area_rules=own), plan, areas)
    assert table["limit_s"].tolist() == [600, 600, 600, 600, 1200]
    assert access_summary(table, travel_limit_s=600)["within_after_share"] == 1


def test_age_groups_go_where_their_area_goes(siting, areas):
    table = siting_areas_table(*siting, areas)
    ages = {"old": np.array([1.0, 0, 0, 0, 1]), "young": np.array([0.0, 0, 5, 0, 0])}
    by_age = access_by_age_table(table, ages, travel_limit_s=600)
    assert by_age["age_group"].tolist() == ["old", "young"]
    assert by_age["population"].tolist() == [2, 5]
    assert by_age["mean_before_s"].tolist() == [0, 1200]
    assert by_age["mean_after_s"].tolist() == [900, 0]
    assert by_age["within_after_share"].tolist() == [0.5, 1]


def test_supply_of_a_decile_is_a_mean_over_its_demand():
    areas = pd.DataFrame(
        {"imd_decile": pd.array([1, 1, 3, None], "Int64"), "demand": [30.0, 10, 50, 5]}
    )
    after = np.array([0.02, 0.06, 0.0012345, 9.0])
    table = supply_by_decile_table(areas, (None, after), supply_unit="sites")
    assert table["imd_decile"].tolist() == [1, 3]
    assert table["areas"].tolist() == [2, 1]
    assert table["supply_before_per_1000"].isna().all()
    assert table["supply_after_per_1000"].tolist() == [30, 1.23]
    assert set(table["supply_unit"]) == {"sites"}
