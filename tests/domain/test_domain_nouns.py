from dataclasses import replace

import numpy as np
import pytest
import toytown
from hypothesis import given
from hypothesis import strategies as st

from ntgeo.domain.matrix import UNTOLD_RANGE, TimeRange, TravelTimeMatrix
from ntgeo.domain.places import CandidateSite, Location, SiteId, SiteStatus
from ntgeo.domain.routing import Break, RoutingProblem, TimeWindow
from ntgeo.domain.siting import SitingProblem, SitingRules
from ntgeo.domain.solving import SolveLimits, SolveReport, SolveStatus

NAN = float("nan")
INF = float("inf")


@pytest.mark.parametrize("amount", [-1.0, NAN, INF])
def test_a_sites_amounts_are_checked(amount):
    for name in ("capacity", "fixed_cost_gbp"):
        with pytest.raises(ValueError, match="S1"):
            toytown.site("S1", **{name: amount})
    with pytest.raises(ValueError, match="not finite"):
        Location(easting_m=NAN, northing_m=0)


def test_existing_sites_are_open_today_and_excluded_ones_may_not_open():
    place = toytown.location(0)
    existing = CandidateSite(id=SiteId("S"), name="S", location=place, status=SiteStatus.EXISTING)
    excluded = replace(existing, status=SiteStatus.EXCLUDED)
    assert existing.is_open_today
    assert existing.may_open
    assert excluded.is_open_today
    assert not excluded.may_open


@pytest.mark.parametrize("value", [INF, -1.0])
def test_a_matrix_holds_times_or_nothing(value):
    with pytest.raises(ValueError, match="unreachable pair is NaN"):
        TravelTimeMatrix.from_arrays([[value]], origins=["a"], destinations=["b"])


def test_a_matrix_is_checked_and_read_only():
    with pytest.raises(ValueError, match="shape"):
        TravelTimeMatrix.from_arrays([[1.0, 2.0]], origins=["a"], destinations=["b"])
    with pytest.raises(ValueError, match="stands twice"):
        TravelTimeMatrix.from_arrays([[1.0], [2.0]], origins=["a", "a"], destinations=["b"])
    with pytest.raises(ValueError, match="disagree"):
        TravelTimeMatrix.from_arrays([[NAN]], distance_m=[[1.0]], origins=["a"], destinations=["b"])
    travel = TravelTimeMatrix.from_arrays([[NAN, 2.0]], origins=["a"], destinations=["b", "c"])
    assert travel.is_reachable.tolist() == [[False, True]]
    with pytest.raises(ValueError, match="read-only"):
        travel.time_s[0, 0] = 1.0


@pytest.mark.parametrize("ends", [(0.0, 1.2), (1.1, 1.2), (0.8, 0.9), (0.8, INF), (NAN, 1.2)])
def test_a_range_holds_the_central_time(ends):
    with pytest.raises(ValueError, match="must hold 1"):
        TimeRange(low_share=ends[0], high_share=ends[1], source="by hand")


def test_a_matrix_has_a_low_and_a_high_end():
    plain = TravelTimeMatrix.from_arrays(
        [[600.0, NAN]], distance_m=[[900.0, NAN]], origins=["a"], destinations=["b", "c"]
    )
    assert plain.time_range == UNTOLD_RANGE
    assert not plain.time_range.is_told
    told = TimeRange(low_share=0.5, high_share=1.5, source="by hand")
    travel = replace(plain, time_range=told)
    assert travel.at_low.time_s[0].tolist() == pytest.approx([300, NAN], nan_ok=True)
    assert travel.at_high.time_s[0].tolist() == pytest.approx([900, NAN], nan_ok=True)
    assert travel.at_high.distance_m[0, 0] == 900
    assert travel.at_high.method == "supplied by the analyst, high end of the range"
    assert travel.select(["a"], ["c"]).time_range == told
    assert told.reading(150.0) == (
        "Times are estimates: read 2.5 minutes as 1.2 to 3.8 minutes (by hand)."
    )


@given(st.permutations(range(5)), st.permutations(range(4)))
def test_select_keeps_each_pair(rows, columns):
    travel = toytown.siting_problem().travel
    origins = [travel.origins[i] for i in rows]
    destinations = [travel.destinations[j] for j in columns]
    part = travel.select(origins, destinations)
    np.testing.assert_array_equal(part.time_s, travel.time_s[np.ix_(rows, columns)])
    with pytest.raises(KeyError):
        travel.select(["nowhere"], destinations)


@given(st.permutations(range(5)), st.permutations(range(4)))
def test_the_order_of_arrays_does_not_change_a_problem(rows, columns):
    toy = toytown.siting_problem()
    problem = SitingProblem.from_arrays(
        demand=toy.demand[list(rows)],
        travel=toy.travel.select([toy.areas[i] for i in rows], [toy.sites[j].id for j in columns]),
        rules=toy.rules,
        sites=[toy.sites[j] for j in columns],
    )
    assert problem.areas == toy.areas
    assert problem.sites == toy.sites
    np.testing.assert_array_equal(problem.demand, toy.demand)
    np.testing.assert_array_equal(problem.travel.time_s, toy.travel.time_s)


EXCLUDED = SiteStatus.EXCLUDED
REQUIRED = SiteStatus.REQUIRED


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ({"site_count": None}, "needs a number of sites"),
        ({"site_count": 5}, "only 4 sites may open"),
        ({"site_count": 4, "statuses": {"S1": EXCLUDED}}, "only 3 sites may open"),
        ({"site_count": 1, "statuses": {"S1": REQUIRED, "S2": REQUIRED}}, "2 sites are required"),
        ({"statuses": dict.fromkeys(toytown.SITE_MINUTES, EXCLUDED)}, "every site is excluded"),
        ({"objective": "max-coverage"}, "needs a travel limit"),
        ({"objective": "set-cover", "limit_minutes": 10}, "remove site_count"),
    ],
)
def test_a_siting_question_that_contradicts_itself_is_refused(question, why):
    with pytest.raises(ValueError, match=why):
        toytown.siting_problem(**question)


def test_a_siting_problems_parts_must_fit():
    toy = toytown.siting_problem()
    with pytest.raises(ValueError, match="not in order"):
        replace(toy, areas=toy.areas[::-1])
    with pytest.raises(ValueError, match="columns are not the sites"):
        replace(toy, sites=toy.sites[1:])
    with pytest.raises(ValueError, match="Total demand is 0"):
        replace(toy, demand=np.zeros(5))
    with pytest.raises(ValueError, match="at least 0"):
        replace(toy, demand=np.array([1.0, 1.0, 1.0, 1.0, NAN]))
    with pytest.raises(ValueError, match="1 or more"):
        SitingRules(site_count=0)
    with pytest.raises(ValueError, match="above 0"):
        SitingRules(travel_limit_s=0)


@pytest.mark.parametrize(
    "changes",
    [{"service_s": 0}, {"windows": ()}, {"priority": 0}, {"priority": 6}],
)
def test_a_visit_that_cannot_be_is_refused(changes):
    with pytest.raises(ValueError, match="visit V1"):
        toytown.visit("V1", **changes)


def test_windows_are_in_order():
    early, late = toytown.hours(9, 10), toytown.hours(14, 15)
    assert toytown.visit("V1", windows=(late, early)).windows == (early, late)
    with pytest.raises(ValueError, match="ends"):
        TimeWindow(start_s=10, end_s=9)


def test_shifts_and_breaks_must_be_workable():
    with pytest.raises(ValueError, match="at most 13 h"):
        toytown.shift("A", hours=toytown.hours(6, 20))
    with pytest.raises(ValueError, match="at most 13 h"):
        toytown.shift("A", hours=toytown.hours(9, 9))
    late = Break(duration_s=3600, window=toytown.hours(16.5, 18))
    with pytest.raises(ValueError, match="do not fit"):
        toytown.shift("B", breaks=(late,))
    with pytest.raises(ValueError, match="above 0"):
        Break(duration_s=0, window=toytown.hours(9, 10))


def test_a_days_parts_must_fit():
    toy = toytown.routing_problem()
    with pytest.raises(ValueError, match="shift ids are not in order"):
        replace(toy, shifts=toy.shifts[::-1])
    with pytest.raises(ValueError, match="not square"):
        replace(toy, visits=toy.visits[1:])
    with pytest.raises(ValueError, match="is not known"):
        replace(toy, shifts=(toytown.shift("A", start_place="elsewhere"),))
    shuffled = RoutingProblem.from_arrays(
        day=toy.day,
        visits=toy.visits[::-1],
        shifts=toy.shifts[::-1],
        depots=toy.depots,
        travel=toy.travel.select(toy.place_ids[::-1], toy.place_ids[::-1]),
    )
    assert shuffled.visits == toy.visits
    assert shuffled.shifts == toy.shifts
    np.testing.assert_array_equal(shuffled.travel.time_s, toy.travel.time_s)


def report(**changes):
    facts = {
        "status": SolveStatus.FEASIBLE,
        "objective": 100.0,
        "bound": 99.0,
        "unit": "minutes",
        "is_maximised": False,
        "method": "by hand",
        "seed": 1,
        "wall_time_s": 0.0,
    }
    return SolveReport(**(facts | changes))


def test_a_report_says_its_gap_in_words():
    assert report().gap_share == pytest.approx(0.01)
    assert "within 1.00% of the best possible" in report().status_text
    assert "not known" in report(bound=None).status_text
    best = report(status=SolveStatus.OPTIMAL, bound=100.0)
    assert best.gap_share == 0.0
    assert best.status_text.startswith("proven best")
    assert report(is_maximised=True, bound=110.0).gap_share == pytest.approx(0.1)


@pytest.mark.parametrize(
    "changes",
    [
        {"objective": INF},
        {"bound": 101.0},
        {"bound": 99.0, "is_maximised": True},
        {"status": SolveStatus.OPTIMAL, "bound": None},
    ],
)
def test_a_proof_that_contradicts_itself_is_refused(changes):
    with pytest.raises(ValueError, match=r"objective|bound"):
        report(**changes)


@pytest.mark.parametrize(
    "changes", [{"time_limit_s": 0}, {"time_limit_s": NAN}, {"gap_share": 1.0}, {"workers": 0}]
)
def test_limits_that_cannot_be_kept_are_refused(changes):
    with pytest.raises(ValueError, match=r"must be"):
        SolveLimits(**changes)
