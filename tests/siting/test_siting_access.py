"""Journeys of a plan that sends people past the nearest site, splits areas or has many limits."""

from dataclasses import replace

import numpy as np
import pytest
import toytown

from ntgeo.domain.places import SiteId, SiteStatus
from ntgeo.domain.siting import Allocation, AreaRules, SitingPlan, UnservedArea
from ntgeo.domain.siting_rules import SitingObjective, SitingRules
from ntgeo.domain.solving import SolveReport, SolveStatus
from ntgeo.siting import explain_siting

AREAS = tuple(toytown.AREA_MINUTES)
REPORT = SolveReport(
    status=SolveStatus.FEASIBLE,
    objective=0.0,
    bound=None,
    unit="people",
    is_maximised=False,
    method="by hand",
    seed=1,
    wall_time_s=0.0,
)


def sent(place, site, *, share=1.0):
    minutes = abs(toytown.AREA_MINUTES[AREAS[place]] - toytown.SITE_MINUTES[site])
    return Allocation(
        lsoa=AREAS[place],
        site=SiteId(site),
        demand=toytown.AREA_PEOPLE[place] * share,
        time_s=minutes * 60,
        distance_m=minutes * toytown.METRES_PER_MINUTE,
        share=share,
    )


def left(place, share=1.0):
    return UnservedArea(
        lsoa=AREAS[place],
        demand=toytown.AREA_PEOPLE[place] * share,
        reason="full",
        change="a larger site",
    )


def plan_of(*entries):
    served = [entry for entry in entries if isinstance(entry, Allocation)]
    return SitingPlan(
        opened=tuple(sorted({entry.site for entry in served})),
        closed=(),
        allocations=tuple(served),
        unserved=tuple(entry for entry in entries if isinstance(entry, UnservedArea)),
        report=REPORT,
    )


def past_the_nearest():
    """S2 and S4 are open; the area at S2 goes half to S4, since S2 is full."""
    return plan_of(
        sent(0, "S4"),
        sent(1, "S4"),
        sent(2, "S2", share=0.5),
        sent(2, "S4", share=0.5),
        sent(3, "S2"),
        sent(4, "S2"),
    )


def test_times_are_those_of_the_allocations_not_of_the_nearest_site():
    told = explain_siting(toytown.siting_problem(), past_the_nearest())
    # 10x10 + 20x0 + 15x0 + 15x10 + 20x10 + 10x20 = 650 person-minutes, not 500
    assert told.after.mean_s == pytest.approx(650 * 60 / 90)
    assert told.by_area.after_s.tolist() == [600, 0, 300, 600, 1200]
    south, north = told.by_site
    assert (south.areas, south.demand, south.worst_s) == (3, 45, 1200)
    assert (north.areas, north.demand, north.mean_s) == (3, 45, pytest.approx(250 * 60 / 45))


def test_each_part_of_a_split_area_gains_or_loses_on_its_own():
    statuses = {"S1": SiteStatus.CANDIDATE, "S3": SiteStatus.CANDIDATE, "S2": SiteStatus.EXISTING}
    told = explain_siting(toytown.siting_problem(statuses=statuses), past_the_nearest())
    assert (told.gaining_demand, told.losing_demand) == (30, 15)


def test_those_a_full_site_turns_away_are_reached_by_none():
    plan = plan_of(sent(0, "S4"), sent(1, "S4", share=0.25), left(1, 0.75))
    told = explain_siting(toytown.siting_problem(), plan)
    assert (told.after.served, told.after.unreached) == (15, 75)
    assert told.after.mean_s == pytest.approx(100 * 60 / 15)
    # 15 of the 20 at area 2, and areas 3 to 5, were reached today and no longer are
    assert told.losing_demand == 10 + 15 + 30 + 20 + 10


def test_those_beyond_the_limit_are_told_with_their_nearest_open_site():
    plan = plan_of(sent(0, "S4"), sent(1, "S4"), sent(2, "S4"), left(3), left(4))
    told = explain_siting(toytown.siting_problem(limit_minutes=10), plan)
    assert told.by_area.after_s.tolist() == [600, 0, 600, 1200, 1800]
    assert (told.after.unreached, told.after.worst_s) == (0, 1800)
    assert told.after.within_limit == pytest.approx(60 / 90)


def test_an_area_is_held_to_its_own_limit():
    own = np.array([300.0, np.nan, np.nan, np.nan, np.nan])
    problem = replace(
        toytown.siting_problem(limit_minutes=10), area_rules=AreaRules(travel_limit_s=own)
    )
    plan = plan_of(sent(1, "S4"), sent(2, "S4"), left(0), left(3), left(4))
    told = explain_siting(problem, plan)
    assert (told.after.within_limit, told.after.limit_s) == (pytest.approx(50 / 90), 600)


def test_each_decile_by_itself_the_unknown_last():
    decile = np.array([1, 0, 10, 10, 1])
    problem = replace(toytown.siting_problem(), imd_decile=decile)
    told = explain_siting(problem, past_the_nearest()).by_decile
    assert list(told) == [1, 10, 0]
    assert [row.total for row in told.values()] == [20, 50, 20]
    poorest = told[1]
    assert (poorest.before.mean_s, poorest.after.mean_s) == (0, 900)
    assert (poorest.gaining, poorest.losing) == (0, 20)
    # the area at S2 was 20 minutes from S1, and the one beyond it 10 minutes from S3, as now
    assert (told[10].gaining, told[10].losing) == (30, 0)


def test_no_decile_is_told_where_none_is_known():
    problem = replace(toytown.siting_problem(), imd_decile=np.zeros(5, np.intp))
    assert explain_siting(problem, past_the_nearest()).by_decile == {}


def test_an_age_group_goes_where_its_area_goes_demand_or_none():
    groups = {"under 18": np.array([0, 0, 8, 0, 2]), "65 and over": np.array([4, 0, 0, 0, 0])}
    told = explain_siting(toytown.siting_problem(), past_the_nearest(), age_groups=groups)
    assert list(told.by_age_group) == ["under 18", "65 and over"]
    young = told.by_age_group["under 18"]
    assert (young.total, young.gaining, young.losing) == (10, 8, 2)
    assert young.after.mean_s == pytest.approx((4 * 0 + 4 * 600 + 2 * 1200) / 10)
    assert young.after.within_limit == pytest.approx(0.8)


@pytest.mark.parametrize("people", [[1, 2], [1, 2, 3, 4, -1], [1, 2, 3, 4, np.nan]])
def test_an_age_group_that_cannot_be_is_refused(people):
    with pytest.raises(ValueError, match="age group young"):
        explain_siting(
            toytown.siting_problem(), past_the_nearest(), age_groups={"young": np.array(people)}
        )


def test_use_is_a_share_of_the_least_throughput():
    rules = SitingRules(site_count=2, min_throughput=60)
    problem = replace(toytown.siting_problem(), rules=rules)
    assert explain_siting(problem, past_the_nearest()).by_site[0].throughput_share == 0.75


def test_use_of_a_market_is_what_huff_says():
    rivals = {"S3": SiteStatus.COMPETITOR, "S1": SiteStatus.CANDIDATE}
    problem = replace(
        toytown.siting_problem(statuses=rivals, site_count=1),
        objective=SitingObjective.MARKET_SHARE,
    )
    told = explain_siting(problem, plan_of(sent(0, "S2")))
    # minutes to S2 and to the competitor S3: (20, 40), (10, 30), (1, 20), (10, 10), (20, 1)
    won = 10 * 4 / 5 + 20 * 9 / 10 + 30 * 400 / 401 + 20 / 2 + 10 / 401
    assert told.by_site[0].demand == pytest.approx(won)
    assert told.after.mean_s == pytest.approx(800 * 60 / 90)
