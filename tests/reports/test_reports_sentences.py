from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import report_plans
import toytown

from ntgeo.domain.decay import Decay, DecayKind
from ntgeo.domain.places import SiteStatus
from ntgeo.domain.routing import RoundsCost, UnmadeCode
from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.reports.rounds_sentences import rounds_sentences
from ntgeo.reports.sentences import five_sentences
from ntgeo.reports.siting_sentences import siting_sentences
from ntgeo.siting import solve_here


def test_the_siting_answer_in_words(siting, areas):
    assert siting_sentences(*siting, areas) == [
        (
            "The plan has 2 sites open: Site S2 and Site S4 would open; "
            "Site S1 and Site S3 would close."
        ),
        "The average journey by car falls from 11.1 to 5.6 minutes; the longest is 20 minutes.",
        "This is proven best: no other choice of 2 sites gives a shorter average journey.",
        (
            "People in the more deprived half of the country's areas (deciles 1 to 5) would travel "
            "11.7 minutes less on average (to 1.7 minutes); people in the less deprived half "
            "(deciles 6 to 10) would travel 6.7 minutes more on average (to 13.3 minutes)."
        ),
        (
            "2 areas (200 residents) would have a shorter journey than today, 2 areas (200 "
            "residents) a longer one; the most is 20 minutes more, in East End."
        ),
        "Every area is served.",
    ]


def test_what_is_unserved_is_said_early_and_explained(limited, areas):
    told = siting_sentences(*limited, areas)
    assert told[1] == (
        "The average journey by car falls from 11.1 to 5.6 minutes, and 89% of the demand is "
        "within 10 minutes (today 67%); the longest is 20 minutes, and 1 area is not served."
    )
    assert told[-1] == (
        "1 area is not served, with 10 people (11%); the reason: no open site is within 10 minutes."
    )


def asked_as(objective, **rules):
    """Toytown asked with another objective, and all that any of them needs."""
    toy = toytown.siting_problem(limit_minutes=20)
    statuses = {"S3": SiteStatus.COMPETITOR}
    count = None if objective is SitingObjective.SET_COVER else 2
    return replace(
        toy,
        objective=objective,
        sites=tuple(
            replace(site, status=statuses.get(site.id, site.status), fixed_cost_gbp=1e5)
            for site in toy.sites
        ),
        rules=replace(
            toy.rules,
            site_count=count,
            decay=Decay(kind=DecayKind.LINEAR, zero_s=1200.0),
            travel_gbp_per_hour=10.0,
            **rules,
        ),
        imd_decile=np.array([1, 2, 5, 9, 0]),
    )


@pytest.mark.parametrize("objective", SitingObjective)
def test_every_objective_has_its_proof_in_words(objective, areas):
    problem = asked_as(objective)
    told = siting_sentences(problem, report_plans.siting_plan(problem), areas)[2]
    assert told.startswith("This is proven best: no other choice of ")


def test_with_some_unserved_the_proof_is_of_who_is_served_first(limited, areas):
    assert siting_sentences(*limited, areas)[2] == (
        "This is proven best: no other choice of 2 sites serves more, or as much and gives a "
        "shorter average journey."
    )


def test_one_site_is_singular(areas):
    problem = toytown.siting_problem(site_count=1)
    everyone = dict.fromkeys(toytown.AREA_MINUTES, "S2")
    plan = report_plans.siting_plan(problem, served_by=everyone)
    told = siting_sentences(problem, plan, areas)
    assert told[0].startswith("The plan has 1 site open: Site S2 would open; ")
    assert "no other choice of 1 site gives" in told[2]


def test_a_plan_that_changes_nothing_says_so(areas):
    problem = toytown.siting_problem()
    today = {
        **dict.fromkeys(list(toytown.AREA_MINUTES)[:3], "S1"),
        **dict.fromkeys(list(toytown.AREA_MINUTES)[3:], "S3"),
    }
    told = siting_sentences(problem, report_plans.siting_plan(problem, served_by=today), areas)
    assert told[0] == "The plan has 2 sites open: Site S1 and Site S3 would stay open."
    assert told[1].startswith("The average journey by car stays at 11.1 minutes;")
    assert "as long as today" in told[3]
    assert told[4].startswith("No areas would have a shorter journey than today, no areas a longer")


def test_without_sites_today_nothing_is_compared(areas):
    statuses = dict.fromkeys(toytown.SITE_MINUTES, SiteStatus.CANDIDATE)
    problem = toytown.siting_problem(statuses=statuses)
    told = siting_sentences(problem, report_plans.siting_plan(problem), areas)
    assert told[1] == (
        "The average journey by car would be 5.6 minutes; no site is open today to compare; "
        "the longest is 20 minutes."
    )
    assert "1.7 minutes on average" in told[3]
    assert told[-1] == "Every area is served."
    assert not any("than today" in sentence for sentence in told)


def test_without_deciles_nothing_is_said_of_deprivation(siting, areas):
    told = siting_sentences(*siting, areas[["lsoa", "name"]])
    assert not any("deprived" in sentence for sentence in told)
    assert told[3].startswith("2 areas would have a shorter journey")


def test_proof_is_told_as_it_is(siting, areas):
    problem, _ = siting
    feasible = SolveStatus.FEASIBLE
    for report, expected in (
        (
            report_plans.proof(500.0, 490.0, feasible),
            "This is proven to be within 2.0% of the best that any choice could do.",
        ),
        (
            report_plans.proof(500.0, 499.999, feasible),
            "This is proven to be within 0.1% of the best that any choice could do.",
        ),
        (
            report_plans.proof(500.0, None, feasible),
            (
                "This is the best found in the time allowed; how much better another could be is "
                "not known."
            ),
        ),
    ):
        plan = report_plans.siting_plan(problem, report=report)
        assert siting_sentences(problem, plan, areas)[2] == expected


def test_the_range_stands_beside_the_mean_journey(siting, limited, areas, ranged):
    problem, plan = siting
    assert "estimates" not in siting_sentences(problem, plan, areas)[1]
    told = siting_sentences(ranged(problem), plan, areas)
    assert told[1].endswith(
        ". Times are estimates: read 5.6 minutes as 4.4 to 8.3 minutes (by hand)."
    )
    assert told[2].startswith("This is proven best")
    within = siting_sentences(ranged(limited[0]), limited[1], areas)[1]
    assert within.endswith(
        "(by hand). 2 areas (200 residents) keep within the limit by these times, but not at the "
        "high end of the range."
    )


def test_straight_lines_are_owned_up_to(siting, areas):
    problem, _ = siting
    travel = type(problem.travel).from_arrays(
        problem.travel.time_s,
        origins=problem.areas,
        destinations=problem.travel.destinations,
        method="straight line × 1.3 at 30 km/h (no roads were used)",
    )
    straight = type(problem)(**{
        name: getattr(problem, name) for name in problem.__slots__ if name != "travel"
    } | {"travel": travel})  # fmt: skip
    told = siting_sentences(straight, report_plans.siting_plan(straight), areas)
    assert "straight lines, not on roads" in told[-1]


def test_the_rounds_answer_in_words(rounds):
    assert rounds_sentences(*rounds) == [
        "All 3 visits are made on Tuesday 24 November 2026, by 2 shifts.",
        "This is proven best: no other choice of rounds does better.",
        (
            "Staff spend 1 hour 30 minutes on visits, 30 minutes travelling (9.3 miles) and "
            "1 hour 55 minutes waiting."
        ),
        (
            "Work runs from 1 hour 20 minutes (A) to 3 hours 5 minutes (B) a shift, visits from 1 "
            "to 2."
        ),
    ]


def test_what_a_plan_costs_and_whom_people_see_is_said_first(rich_rounds):
    assert rounds_sentences(*rich_rounds) == [
        (
            "2 of 3 visits are made on Tuesday 24 November 2026, by 2 shifts; 1 is not, because "
            "the shifts are full."
        ),
        (
            "The plan costs £80.79: £30.00 for visits not made, £28.40 for pay, £8.00 for new "
            "faces, £5.00 for visits earlier or later than is better and £9.39 for other terms."
        ),
        "This is proven to be within 10.0% of the best that any choice could do.",
        "1 of 2 visits with usual staff is seen by them (50%); 2 new faces come.",
        "1 visit begins later than it had better, the latest by 5 minutes.",
        (
            "Staff spend 1 hour 30 minutes on visits, 30 minutes travelling (9.3 miles), 4 minutes "
            "parking, 10 minutes setting up and 8 minutes waiting."
        ),
        (
            "Work runs from 50 minutes (B) to 1 hour 32 minutes (A) a shift, visits from 1 to 2; "
            "32 minutes of it all is overtime."
        ),
    ]


def test_a_plan_of_one_kind_of_cost_says_so(rounds):
    problem, plan = rounds
    told = rounds_sentences(problem, replace(plan, cost=RoundsCost(pay_gbp=12.5)))
    assert told[1] == "The plan costs £12.50, all of it for pay."


def test_a_day_without_waits_has_two_parts(short_rounds):
    told = rounds_sentences(*short_rounds)
    assert told[2] == "Staff spend 1 hour on visits and 20 minutes travelling (6.2 miles)."


def test_one_unmade_visit_and_why(short_rounds):
    told = rounds_sentences(*short_rounds)
    assert told[0] == (
        "2 of 3 visits are made on Tuesday 24 November 2026, by 1 shift; 1 is not, because the "
        "shifts are full."
    )
    assert told[3] == (
        "Work runs from 0 minutes (B) to 1 hour 20 minutes (A) a shift, visits from 0 to 2; "
        "1 shift has none."
    )


def test_several_reasons_are_counted_the_commonest_first():
    problem = toytown.routing_problem()
    unmade = [("V1", "no-room", "full"), ("V2", "no-skill", "x"), ("V3", "no-room", "full")]
    none = report_plans.route_plan([], unmade)
    assert rounds_sentences(problem, none)[0] == (
        "None of the 3 visits on Tuesday 24 November 2026 can be made: 2 because the shifts are "
        "full and 1 because no one on shift has the skills."
    )


@pytest.mark.parametrize("code", UnmadeCode)
def test_every_reason_has_its_words(code):
    problem = toytown.routing_problem()
    plan = report_plans.route_plan([report_plans.ROUTE_A], [("V3", code, "")])
    assert "; 1 is not, because " in rounds_sentences(problem, plan)[0]


def test_a_day_without_visits():
    problem = toytown.routing_problem(visits=())
    told = rounds_sentences(problem, report_plans.route_plan([]))
    assert told[0] == "There are no visits to make on Tuesday 24 November 2026."


def test_five_sentences_answer_both_questions(siting, rounds, areas):
    told = five_sentences(siting=(*siting, areas), rounds=rounds)
    assert len(told) == 5
    assert told[0].startswith("The plan has 2 sites open")
    assert told[-1].startswith("All 3 visits are made")


def test_five_sentences_answer_one_question(siting, rounds, areas):
    assert len(five_sentences(siting=(*siting, areas))) == 5
    assert five_sentences(rounds=rounds) == rounds_sentences(*rounds)
    assert five_sentences() == []


def test_journeys_are_compared_over_the_areas_that_have_both():
    """An area that loses its only site must not make the average look better."""
    nan = float("nan")
    closing = replace(toytown.site("S3"), status=SiteStatus.EXCLUDED)  # open today all the same
    excluded = {"S2": SiteStatus.EXCLUDED, "S4": SiteStatus.EXCLUDED}
    toy = toytown.siting_problem(statuses=excluded, site_count=1)
    toy = replace(toy, sites=tuple(closing if s.id == "S3" else s for s in toy.sites))
    time_s = toy.travel.time_s.copy()
    time_s[3:, 0] = nan  # the two areas in the east reach S3 only, which closes
    distance_m = np.where(np.isnan(time_s), nan, toy.travel.distance_m)
    problem = replace(toy, travel=replace(toy.travel, time_s=time_s, distance_m=distance_m))
    plan = solve_here(problem, SolveLimits(time_limit_s=20))
    areas = pd.DataFrame({"lsoa": problem.areas, "name": problem.areas})
    journey = siting_sentences(problem, plan, areas)[1]
    assert "stays at" in journey
    assert "2 areas are not served" in journey


@pytest.mark.parametrize(
    ("objective", "value", "told"),
    [
        ("kolm-pollak", 600.0, "which long journeys weigh more, is 10.0 minutes."),
        ("worst-tenth", 630.0, "The tenth of the demand that travels longest has an average "),
        ("worst-decile", 600.0, "the worst-off deprivation decile is 10.0 minutes."),
        ("max-attendance", 45.0, "if it were near, 45 of 90 people would attend (50%)."),
        ("market-share", 30.0, "it would win 30 of 90 people (33%)."),
        ("least-cost", 250_000.0, "It costs £250,000 a year in all, of which £200,000 is for the "),
        ("max-coverage", 60.0, "Counted by how near it is, 60 of 90 people are covered (67%)."),
        ("backup-cover", 60.0, "Two open sites within 20 minutes are there for 60 of 90 people"),
    ],
)
def test_what_the_objective_comes_to_is_told(objective, value, told, areas):
    problem = asked_as(SitingObjective(objective))
    plan = report_plans.siting_plan(problem)
    report = replace(plan.report, objective=value, bound=value)
    first = siting_sentences(problem, replace(plan, report=report), areas)[0]
    assert told in first


def test_a_small_count_is_not_told_in_a_sentence(areas):
    problem = asked_as(SitingObjective.MAX_ATTENDANCE)
    plan = report_plans.siting_plan(problem)
    report = replace(plan.report, objective=43.0, bound=43.0)
    told = siting_sentences(problem, replace(plan, report=report), areas, rounded_to=5)[0]
    assert "45 of 90 people" in told


def test_the_choice_is_told_as_it_was_asked(areas):
    problem = asked_as(SitingObjective.P_MEDIAN, may_open_fewer=True, budget_gbp=250_000)
    told = siting_sentences(problem, report_plans.siting_plan(problem), areas)[2]
    assert "no other choice of up to 2 sites for £250,000 a year gives a shorter" in told
