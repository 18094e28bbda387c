"""What a plan costs by the times that it tells, with sums of their own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Final

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.routing import RoundsCost, RoutePlan, RoutingProblem, Visit
from ntgeo.domain.units import METRES_PER_MILE, SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from ntgeo.routing.verify.facts import SAME_GBP, Facts, Round, Said, differ, said

__all__ = ["TERMS", "cost_of_facts", "cost_terms", "told_cost"]


def _pay(facts: Facts) -> float:
    return math.fsum(
        one.work_s / SECONDS_PER_HOUR * one.shift.costs.pay_gbp_per_hour for one in facts.rounds
    )


def _overtime(facts: Facts) -> float:
    return math.fsum(
        _worked_after_s(one, one.shift.overtime.after_s)
        / SECONDS_PER_HOUR
        * one.shift.overtime.gbp_per_hour
        for one in facts.rounds
        if one.shift.overtime is not None
    )


def _worked_after_s(one: Round, after_s: float) -> float:
    """Return work later than a moment: the round's part after it, less that of unpaid breaks."""
    unpaid = [(stop.begin_s, stop.leave_s) for rest, stop in one.rests if not rest.is_paid]
    away_s = math.fsum(_part_after_s(begin_s, end_s, after_s) for begin_s, end_s in unpaid)
    return _part_after_s(one.start_s, one.end_s, after_s) - away_s


def _part_after_s(begin_s: float, end_s: float, after_s: float) -> float:
    return max(0.0, end_s - max(begin_s, after_s))


def _mileage(facts: Facts) -> float:
    return math.fsum(
        stop.distance_m / METRES_PER_MILE * one.shift.costs.mileage_gbp_per_mile
        for one in facts.rounds
        if one.shift.mode is not TravelMode.FOOT
        for stop in one.stops
    )


def _travel(facts: Facts) -> float:
    return math.fsum(
        (stop.travel_s + stop.parking_s) / SECONDS_PER_HOUR * one.shift.costs.travel_gbp_per_hour
        for one in facts.rounds
        for stop in one.stops
    )


def _rounds(facts: Facts) -> float:
    return math.fsum(one.shift.costs.round_gbp for one in facts.rounds)


def _untimely(facts: Facts) -> float:
    total = 0.0
    for visit, begin_s in _begun(facts):
        for soft in visit.soft_windows:
            early = max(0.0, soft.window.start_s - begin_s) / SECONDS_PER_MINUTE
            late = max(0.0, begin_s - soft.window.end_s) / SECONDS_PER_MINUTE
            total += early * soft.early_gbp_per_minute + late * soft.late_gbp_per_minute
    return total


def _worst_lateness(facts: Facts) -> float:
    late_s = [
        begin_s - soft.window.end_s
        for visit, begin_s in _begun(facts)
        for soft in visit.soft_windows
    ]
    worst_s = max([0.0, *late_s])
    return worst_s / SECONDS_PER_MINUTE * facts.problem.prices.worst_lateness_gbp_per_minute


def _new_faces(facts: Facts) -> float:
    return facts.problem.prices.new_face_gbp * _strangers(facts, "usual_staff")


def _not_preferred(facts: Facts) -> float:
    return facts.problem.prices.not_preferred_gbp * _strangers(facts, "preferred_staff")


def _moved(facts: Facts) -> float:
    return facts.problem.prices.moved_gbp * _strangers(facts, "planned_staff")


def _unfairness(facts: Facts) -> float:
    rounds = {one.shift.id: one for one in facts.rounds}
    shifts = facts.problem.shifts
    work_s = [rounds[s.id].work_s if s.id in rounds else 0.0 for s in shifts] or [0.0]
    visits = [len(rounds[s.id].visits) if s.id in rounds else 0 for s in shifts] or [0]
    prices = facts.problem.prices
    spread_h = (max(work_s) - min(work_s)) / SECONDS_PER_HOUR
    return (
        spread_h * prices.work_spread_gbp_per_hour
        + (max(visits) - min(visits)) * prices.visits_spread_gbp
    )


def _unmade(facts: Facts) -> float:
    prices, crews = facts.problem.prices, facts.crews
    return math.fsum(prices.unmade_gbp_of(v) for v in facts.problem.visits if v.id not in crews)


def _begun(facts: Facts) -> Iterator[tuple[Visit, float]]:
    for visit, crew in facts.crews.items():
        yield facts.visits[visit], crew[0].stop.begin_s


def _strangers(facts: Facts, known: str) -> int:
    """Count who comes to visits without being of some staff of theirs, where there is any."""
    return sum(
        bool(who := getattr(facts.visits[visit], known)) and one.round.shift.staff not in who
        for visit, crew in facts.crews.items()
        for one in crew
    )


TERMS: Final[MappingProxyType[str, Callable[[Facts], float]]] = MappingProxyType(
    {
        "pay_gbp": _pay,
        "overtime_gbp": _overtime,
        "mileage_gbp": _mileage,
        "travel_gbp": _travel,
        "rounds_gbp": _rounds,
        "untimely_gbp": _untimely,
        "worst_lateness_gbp": _worst_lateness,
        "new_faces_gbp": _new_faces,
        "not_preferred_gbp": _not_preferred,
        "moved_gbp": _moved,
        "unfairness_gbp": _unfairness,
        "unmade_gbp": _unmade,
    }
)
"""How each term of cost is reckoned."""


def cost_of_facts(facts: Facts) -> RoundsCost:
    """Return what a plan costs, term by term."""
    return RoundsCost(**{name: term(facts) for name, term in TERMS.items()})


def told_cost(problem: RoutingProblem, plan: RoutePlan) -> RoundsCost:
    """Return what the rounds of a plan cost by the times that they tell, whatever it says.

    Args:
        problem: The question; its prices hold.
        plan: From wherever it came; rounds that cannot be read cost nothing.
    """
    return cost_of_facts(Facts(problem, plan))


def cost_terms(facts: Facts) -> Iterator[Said]:
    """Each term of cost is what times, people and prices come to."""
    told = facts.plan.cost.terms
    for name, gbp in cost_of_facts(facts).terms.items():
        if differ(told[name], gbp, SAME_GBP):
            what = name.removesuffix("_gbp").replace("_", " ")
            yield said(f"the plan says £{told[name]:,.4f} for {what}, but it comes to £{gbp:,.4f}")
