"""A slot that a family took, made part of the day."""

from __future__ import annotations

from ntgeo.domain.replan import NewPlan
from ntgeo.domain.rounds_answers import SlotOffer
from ntgeo.domain.routing import RoutePlan, RoutingProblem, VisitId
from ntgeo.errors import PlanRejectedError
from ntgeo.routing.answers.slots import with_slot
from ntgeo.routing.answers.visit_changes import moved_count, visit_changes
from ntgeo.routing.verify import find_faults

__all__ = ["accept_offer"]


def accept_offer(
    problem: RoutingProblem, plan: RoutePlan, visit: VisitId, offer: SlotOffer
) -> NewPlan:
    """Return the day in which a visit begins within the slot that was offered.

    Args:
        problem: The question that the offer answers.
        plan: That people have in their hands.
        visit: Whose slot it is; from now on it may begin within it alone.
        offer: One of :func:`~ntgeo.routing.answers.offer_slots`.

    Raises:
        ValueError: Nobody can come in that slot.
        PlanRejectedError: The check found a fault: our bug.
    """
    if offer.plan is None:
        msg = f"nobody can come in that slot: {offer.reason}"
        raise ValueError(msg)
    day = with_slot(problem, visit, offer.slot)
    faults = find_faults(day, offer.plan)
    if faults:
        raise PlanRejectedError(list(faults))
    changes = visit_changes(plan, offer.plan)
    return NewPlan(
        day=day,
        plan=offer.plan,
        changes=changes,
        moved=moved_count(changes),
        is_moved_least=offer.is_proven,
    )
