"""What a plan says of the visits that it leaves, at its edges: days of one or two visits."""

from dataclasses import replace

import pytest
import rich_day
from rich_day import BOB, MINUTE, NINE, PLAN, PROBLEM, a_visit, span

from ntgeo.domain.routing import (
    LONGEST_SHIFT_S,
    Break,
    ChangeKind,
    NotAlone,
    RoundsPrices,
    ShiftId,
    SmallestChange,
    TimeWindow,
    UnmadeVisit,
    VisitId,
    VisitLink,
)
from ntgeo.routing import find_faults
from ntgeo.routing.verify import told_cost

WEIGHED = RoundsPrices(unmade_gbp=(50.0, 40.0, 30.0, 20.0, 10.0))
BUSY = span(0, 300)


def a_day(*visits, prices=WEIGHED, links=(), **shift):
    """Return a day of Bob's; V7 is ten minutes from the depot, V8 twelve."""
    wanted = visits or (a_visit("V7"),)
    places = ["D", *(visit.id for visit in wanted)]
    bob = {"hours": BUSY, **shift}
    return replace(
        PROBLEM,
        visits=wanted,
        shifts=(rich_day.a_shift("B", BOB, bob.pop("hours"), **bob),),
        travel=PROBLEM.travel.select(places, places),
        more_travel=(),
        links=links,
        prices=prices,
    )


def told(problem, code, *, change=None, also=()) -> tuple[str, ...]:
    """Return the faults of a plan that leaves V7, and others."""
    left = [_left("V7", code, change), *(_left(name, why) for name, why in also)]
    plan = replace(PLAN, routes=(), unmade=tuple(sorted(left, key=lambda one: one.visit)))
    cost = told_cost(problem, plan)
    proof = replace(PLAN.report, objective=cost.total_gbp, bound=None, stages=())
    return find_faults(problem, replace(plan, cost=cost, report=proof))


def _left(name, code, change=None) -> UnmadeVisit:
    return UnmadeVisit(visit=VisitId(name), code=code, reason=f"{name} is left", change=change)


def change(kind, minutes=0, **more) -> SmallestChange:
    return SmallestChange(kind=ChangeKind(kind), shift=ShiftId("B"), minutes=minutes, **more)


def follows(first, second, **more) -> VisitLink:
    return VisitLink(first=VisitId(first), second=VisitId(second), **more)


LUNCH = Break(duration_s=240 * MINUTE, window=span(0, 60))
REST = Break(duration_s=240 * MINUTE, after_work_s=200 * MINUTE)

WHY = {
    "just light enough": (a_day(a_visit("V7", load=2.0), capacity=2.0), "no-room", ""),
    "just near enough": (a_day(most_travel_s=20 * MINUTE), "no-room", ""),
    "just too far, parked": (a_day(most_travel_s=20 * MINUTE, parking_s=1), "no-room", "too-far"),
    "just within its miles": (a_day(most_distance_m=10_000.0), "no-room", ""),
    "just long enough": (a_day(hours=span(0, 50)), "no-room", ""),
    "just too long": (a_day(hours=TimeWindow(start_s=NINE, end_s=NINE + 2999)), "no-room", "too-l"),
    "too long with lunch": (a_day(hours=span(0, 289), breaks=(LUNCH,)), "no-room", "too-long"),
    "no break is needed": (a_day(hours=span(0, 60), breaks=(REST,)), "no-room", ""),
    "opens as the hours end": (a_day(a_visit("V7", windows=(span(300, 310),))), "no-room", ""),
    "opens after them": (a_day(a_visit("V7", windows=(span(301, 310),))), "no-room", "no-window"),
    "shut as they begin": (a_day(a_visit("V7", windows=(span(-10, 0),))), "no-room", ""),
    "shut before": (a_day(a_visit("V7", windows=(span(-10, -1),))), "no-room", "no-window"),
    "in the hours, but no time": (
        a_day(a_visit("V7", windows=(span(300, 310),))),
        "too-long",
        "",
    ),
    "two after dark": (
        a_day(a_visit("V7", not_alone=NotAlone.AFTER_DARK), may_go_alone=False),
        "no-room",
        "",
    ),
    **{
        f"nothing of the kind ({code})": (a_day(), code, f"V7 is said to be {code}, but is not")
        for code in (
            "no-staff",
            "no-skill",
            "not-allowed",
            "too-few",
            "not-alone",
            "pinned-shift",
            "too-heavy",
            "unreachable",
            "too-far",
        )
    },
}


@pytest.mark.parametrize("case", WHY)
def test_a_reason_is_true_or_it_is_said_which_is(case):
    problem, code, truth = WHY[case]
    found = told(problem, code)
    assert (truth in " ".join(found)) if truth else (found == ()), found


BOTH = (a_visit("V7"), a_visit("V8"))
LINKED = {
    "its first is left": ((follows("V8", "V7", least_gap_s=0),), "V8", ""),
    "its second is left": ((follows("V7", "V8", least_gap_s=0),), "V8", "every visit"),
    "both or neither": ((follows("V7", "V8", staff="same", both_or_neither=True),), "V8", ""),
    "neither or both": ((follows("V8", "V7", staff="same", both_or_neither=True),), "V8", ""),
    "the same people only": ((follows("V8", "V7", staff="same"),), "V8", "every visit"),
}


@pytest.mark.parametrize("case", LINKED)
def test_a_visit_is_left_for_the_sake_of_one_that_it_is_only_made_with(case):
    links, other, why = LINKED[case]
    found = told(a_day(*BOTH, links=links), "linked", also=((other, "no-room"),))
    assert (why in " ".join(found)) if why else (found == ()), found


def test_a_visit_is_left_for_one_that_another_is_only_made_with():
    links = (follows("V6", "V8", least_gap_s=0), follows("V8", "V7", least_gap_s=0))
    visits = (a_visit("V6"), *BOTH)
    problem = a_day(*visits, links=links)
    found = told(problem, "linked", also=(("V6", "no-room"), ("V8", "linked")))
    assert found == ()


CHANGES = {
    # Bob can be there at ten past, and needs 50 minutes.
    "five minutes later": (a_day(a_visit("V7", windows=(span(0, 5),))), change("later", 5), ""),
    "not six": (a_day(a_visit("V7", windows=(span(0, 5),))), change("later", 6), "less than 6"),
    "five sooner": (a_day(a_visit("V7", windows=(span(265, 280),))), change("earlier", 5), ""),
    "not six sooner": (
        a_day(a_visit("V7", windows=(span(265, 280),))),
        change("earlier", 6),
        "less than 6",
    ),
    "ten minutes' overtime": (a_day(hours=span(0, 40)), change("overtime", 10), ""),
    "not eleven": (a_day(hours=span(0, 40)), change("overtime", 11), "less than 11"),
    "in steps of five": (a_day(hours=span(0, 40)), change("overtime", 14, step_minutes=5), ""),
    "not in such steps": (
        a_day(hours=span(0, 40)),
        change("overtime", 15, step_minutes=5),
        "less than 15",
    ),
    "work gives as much": (a_day(most_work_s=40 * MINUTE), change("overtime", 10), ""),
    "no more": (a_day(most_work_s=40 * MINUTE), change("overtime", 12), "less than 12"),
    "of a long shift": (
        a_day(hours=TimeWindow(start_s=0, end_s=LONGEST_SHIFT_S)),
        change("overtime", 600),
        "less than 600",
    ),
    "a skill has no less": (a_day(), change("skill"), ""),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_change_is_as_small_as_it_can_be(case):
    problem, asked, why = CHANGES[case]
    found = [text for text in told(problem, "no-room", change=asked) if "is said to be" not in text]
    assert (why in " ".join(found)) if why else (found == []), found


@pytest.mark.parametrize(
    ("kind", "gbp", "is_true"),
    [("price", 29.99, False), ("price", 30.0, True), ("price", None, True), ("skill", 1.0, True)],
)
def test_what_is_too_dear_costs_no_less_than_leaving_it(kind, gbp, is_true):
    found = told(a_day(), "too-dear", change=change(kind, cost_gbp=gbp))
    assert (found == ()) == is_true


def test_what_others_do_is_not_asked():
    """Visits of a crew, or linked ones, are not tried by themselves."""
    alone = a_day(a_visit("V7", crew=1), prices=RoundsPrices())
    assert any("could make it" in text for text in told(alone, "no-room"))
    linked = a_day(*BOTH, prices=RoundsPrices(), links=(follows("V7", "V8", least_gap_s=0),))
    assert told(linked, "no-room", also=(("V8", "linked"),)) == ()
