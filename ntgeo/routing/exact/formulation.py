"""The whole question as one CP-SAT model."""

from __future__ import annotations

from ntgeo.routing.exact.break_rules import add_break_rules
from ntgeo.routing.exact.link_rules import add_link_rules
from ntgeo.routing.exact.round_rules import add_round_rules
from ntgeo.routing.exact.rounds import Orders
from ntgeo.routing.exact.variables import Variables, build_variables
from ntgeo.routing.exact.visit_rules import add_visit_rules
from ntgeo.routing.figures import DayArrays

__all__ = ["build_model"]


def build_model(day: DayArrays, orders: Orders | None = None) -> Variables | None:
    """Return the decisions of a day, bound by every rule; what they cost is not yet asked.

    Args:
        day: The question.
        orders: Of each shift, where they are settled and only the times are wanted.

    Returns:
        The decisions; ``None`` where a settled order has no way to a stop, or a stop that is not
        for its shift.
    """
    variables = build_variables(day, orders)
    if variables is None:
        return None
    add_round_rules(variables)
    add_visit_rules(variables)
    add_link_rules(variables)
    add_break_rules(variables)
    if orders is not None:
        for rounds in variables.rounds:
            for _, taken in rounds.arcs:
                variables.model.add(taken == 1)
    return variables
