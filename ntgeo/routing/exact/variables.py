"""What CP-SAT decides: who makes what, in which order and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ortools.sat.python import cp_model

from ntgeo.routing.exact.rounds import DEPOT, Arc, Orders, arcs_of, arcs_of_order
from ntgeo.routing.exact.scale import Scale, scale_of
from ntgeo.routing.figures import DayArrays

__all__ = ["RoundVariables", "Variables", "build_variables"]


@dataclass(slots=True, kw_only=True)
class RoundVariables:
    """The decisions of one shift.

    Args:
        arcs: Every way that its round may take, each with whether it does.
        takes: By visit, whether the shift takes part.
        is_idle: Whether it has no round.
        start: When the round leaves its start, in steps.
        end: When it is over.
        ready: By visit (-1 for the start), when it is left, after any break there.
        is_taken: By break, whether it is in the round.
        break_begin: By break, when it begins.
        break_at: By break and visit (-1 for the start), whether it is taken there.
        work: What pay counts.
    """

    arcs: list[tuple[Arc, Any]]
    takes: dict[int, Any]
    is_idle: Any
    start: Any
    end: Any
    ready: dict[int, Any] = field(default_factory=dict)
    is_taken: list[Any] = field(default_factory=list)
    break_begin: list[Any] = field(default_factory=list)
    break_at: list[dict[int, Any]] = field(default_factory=list)
    work: Any = 0


@dataclass(slots=True, kw_only=True)
class Variables:
    """A day's question as a model, and its decisions.

    Args:
        day: The question.
        scale: Of its times and money.
        model: Holds the rules.
        made: By visit, whether it is made.
        begin: By visit, when it begins, in steps; any time if it is not made.
        is_dark: By visit that needs more people after dark, whether any of it is.
        rounds: By shift.
    """

    day: DayArrays
    scale: Scale
    model: cp_model.CpModel
    made: list[Any]
    begin: list[Any]
    is_dark: dict[int, Any]
    rounds: list[RoundVariables]

    def takers(self, visit: int) -> list[tuple[int, Any]]:
        """Return the shifts that may take part in a visit, each with whether it does."""
        return [(s, r.takes[visit]) for s, r in enumerate(self.rounds) if visit in r.takes]

    def service(self, shift: int, visit: int) -> int:
        """Return how long a visit lasts for a shift, in steps."""
        return self.scale.steps(self.day.visits.service_ms[shift, visit])

    def leave(self, shift: int, visit: int) -> Any:
        """Return when a shift has done its part of a visit."""
        return self.begin[visit] + self.service(shift, visit)

    def way_cost(self, shift: int, arc: Arc) -> int:
        """Return what a way costs by its distance and its travel and parking, in units."""
        shifts = self.day.shifts
        by_distance = float(shifts.mileage_gbp_per_m[shift]) * arc.distance_m
        return self.scale.units(by_distance + float(shifts.travel_gbp_per_ms[shift]) * arc.leg_ms)


def build_variables(day: DayArrays, orders: Orders | None = None) -> Variables | None:
    """Return the decisions of a day.

    Args:
        day: The question.
        orders: Of each shift, where they are settled and only the times are wanted.

    Returns:
        The decisions; ``None`` where a settled order has no way to a stop, or a stop that is not
        for its shift.
    """
    scale, model = scale_of(day), cp_model.CpModel()
    rounds: list[RoundVariables] = []
    for shift in range(len(day.shifts.way)):
        order = None if orders is None else orders[shift]
        arcs = arcs_of(day, shift) if order is None else arcs_of_order(day, shift, order)
        if arcs is None:
            return None
        rounds.append(_round(model, day, scale, shift, arcs))
    count = len(day.visits.sense)
    variables = Variables(
        day=day,
        scale=scale,
        model=model,
        made=[model.new_bool_var(f"made {visit}") for visit in range(count)],
        begin=[],
        is_dark={},
        rounds=rounds,
    )
    _add_begins(variables)
    return variables


def _add_begins(variables: Variables) -> None:
    day, scale, model = variables.day, variables.scale, variables.model
    first = scale.steps(min((int(h[0]) for h in day.shifts.hours_ms), default=0))
    last = scale.steps(max((int(h[1]) for h in day.shifts.hours_ms), default=0))
    for visit in range(len(day.visits.sense)):
        variables.begin.append(model.new_int_var(first, last, f"begin {visit}"))
        if day.visits.crew_after_dark[visit] > day.visits.crew_by_day[visit]:
            variables.is_dark[visit] = model.new_bool_var(f"dark {visit}")


def _round(
    model: cp_model.CpModel, day: DayArrays, scale: Scale, shift: int, arcs: list[Arc]
) -> RoundVariables:
    from_ms, until_ms = (scale.steps(moment) for moment in day.shifts.hours_ms[shift])
    visits = sorted({arc.after[0] for arc in arcs if arc.after != DEPOT})
    rounds = RoundVariables(
        arcs=[(arc, model.new_bool_var(f"arc {shift} {arc.before} {arc.after}")) for arc in arcs],
        takes={visit: model.new_bool_var(f"takes {shift} {visit}") for visit in visits},
        is_idle=model.new_bool_var(f"idle {shift}"),
        start=model.new_int_var(from_ms, until_ms, f"start {shift}"),
        end=model.new_int_var(from_ms, until_ms, f"end {shift}"),
    )
    for number in range(int(day.shifts.break_count[shift])):
        name = f"break {shift} {number}"
        rounds.is_taken.append(model.new_bool_var(name))
        rounds.break_begin.append(model.new_int_var(from_ms, until_ms, f"begin {name}"))
        rounds.break_at.append({p: model.new_bool_var(f"{name} at {p}") for p in (-1, *visits)})
    if rounds.is_taken:
        rounds.ready = {p: model.new_int_var(from_ms, until_ms, "ready") for p in (-1, *visits)}
    return rounds
