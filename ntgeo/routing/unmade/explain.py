"""Why a visit is not made: the first reason that holds, from the question alone."""

from __future__ import annotations

import math
from collections.abc import Collection

from ntgeo.domain.routing import (
    RoutingProblem,
    Shift,
    StaffId,
    UnmadeCode,
    UnmadeVisit,
    Visit,
    VisitId,
)
from ntgeo.errors import first_five
from ntgeo.routing.unmade.linked import LinkReasons
from ntgeo.routing.unmade.lone_rounds import LoneRound, lone_round
from ntgeo.routing.unmade.time_reasons import TimeReasons

__all__ = ["explain_unmade"]

Why = tuple[UnmadeCode, str]
_TWO = 2


def explain_unmade(problem: RoutingProblem, unmade: Collection[VisitId]) -> tuple[UnmadeVisit, ...]:
    """Return why each of some visits is not made, in order of id.

    The reason depends on nothing but the question and which visits are unmade: no plan and no
    engine is asked. What each means is said at :class:`UnmadeCode`.

    Args:
        problem: The question.
        unmade: Ids of the visits that a plan leaves.
    """
    reasons = _Reasons(problem, frozenset(unmade))
    return tuple(
        _told(visit, reasons.why(visit)) for visit in problem.visits if visit.id in reasons.unmade
    )


def _told(visit: Visit, why: Why) -> UnmadeVisit:
    code, words = why
    return UnmadeVisit(visit=visit.id, code=code, reason=f"{visit.id} is not made: {words}")


class _Reasons:
    """Tries the reasons in order; each looks at the shifts that those before have left."""

    def __init__(self, problem: RoutingProblem, unmade: frozenset[VisitId]) -> None:
        self.problem, self.unmade = problem, unmade
        self.row_of = {place: row for row, place in enumerate(problem.place_ids)}
        self.links = LinkReasons(problem, unmade)
        self.times = TimeReasons(problem)

    def why(self, visit: Visit) -> Why:
        """Return why a visit is not made."""
        left = self._able(visit)
        if isinstance(left, tuple):
            return left
        rounds = self._reaching(visit, left)
        if isinstance(rounds, tuple):
            return rounds
        why = self.times.why(visit, rounds) or self.links.why(visit)
        return why or (UnmadeCode.NO_ROOM, self._full(visit, rounds))

    def _able(self, visit: Visit) -> list[Shift] | Why:
        """Return the shifts that have what it takes, wherever and whenever it is."""
        shifts = list(self.problem.shifts)
        if not shifts:
            return UnmadeCode.NO_STAFF, "nobody is on shift"
        left = [shift for shift in shifts if visit.skills <= shift.skills]
        if not left:
            return UnmadeCode.NO_SKILL, _missing_skill(visit, shifts)
        skilled, left = left, [shift for shift in left if _is_allowed(shift.staff, visit)]
        if not left:
            return UnmadeCode.NOT_ALLOWED, _not_allowed(visit, skilled)
        if _is_too_few(left, visit):
            return (
                UnmadeCode.TOO_FEW,
                f"it takes {_crew(visit)}, and only {_named(left)} could come",
            )
        if visit.greatest_crew < _TWO:
            able, left = left, [shift for shift in left if shift.may_go_alone]
            if not left:
                return UnmadeCode.NOT_ALONE, f"{_named(able)} could come, but may not go alone"
        return self._pinned(visit, left)

    def _pinned(self, visit: Visit, left: list[Shift]) -> list[Shift] | Why:
        pinned = visit.pin.shifts
        gone = sorted(pinned - {shift.id for shift in left})
        if gone:
            return (
                UnmadeCode.PINNED_SHIFT,
                f"it is pinned to {first_five(gone)}, who cannot make it",
            )
        named = first_five(sorted(pinned))
        if len(pinned) > visit.greatest_crew:
            return UnmadeCode.PINNED_SHIFT, f"it is pinned to {named}, more people than go"
        if len({shift.staff for shift in left if shift.id in pinned}) < len(pinned):
            return UnmadeCode.PINNED_SHIFT, f"it is pinned to {named}, shifts of one person"
        if len(pinned) == visit.greatest_crew:
            left = [shift for shift in left if shift.id in pinned]
        carrying = [s for s in left if s.capacity is None or visit.load <= s.capacity]
        if _is_too_few(carrying, visit):
            return UnmadeCode.TOO_HEAVY, (
                f"its load of {visit.load:g} is more than a suitable shift carries"
            )
        return carrying

    def _reaching(self, visit: Visit, left: list[Shift]) -> list[LoneRound] | Why:
        """Return the rounds of those who can get there and on to their end."""
        rounds = [lone_round(self.problem, self.row_of, shift, visit) for shift in left]
        reaching = [lone for lone in rounds if lone.is_reachable]
        if _is_too_few([lone.shift for lone in reaching], visit):
            return UnmadeCode.UNREACHABLE, self._why_unreachable(rounds)
        near = [lone for lone in reaching if not lone.is_too_far]
        if _is_too_few([lone.shift for lone in near], visit):
            who = _named([lone.shift for lone in reaching if lone.is_too_far])
            return UnmadeCode.TOO_FAR, f"the way there and back is more than {who} may travel"
        return near

    def _why_unreachable(self, rounds: list[LoneRound]) -> str:
        out = [lone for lone in rounds if not lone.is_reachable]
        who = _named([lone.shift for lone in out])
        is_reached = any(not math.isnan(lone.there_s) for lone in out)
        is_left = any(not math.isnan(lone.back_s) for lone in out)
        if is_reached and not is_left:
            why = f"{who} can get there but not back by road (one-way)"
        elif is_left and not is_reached:
            why = f"{who} could get back but not there by road (one-way)"
        elif is_reached:
            why = f"no way leads there and back for {who}"
        else:
            why = f"no way leads there from the start of {who}, and none leads back"
        return f"{why}; check where it is on the map"

    def _full(self, visit: Visit, rounds: list[LoneRound]) -> str:
        able = self.times.able(visit, rounds)
        if visit.least_crew > 1:
            return f"it takes {_crew(visit)}, and the rounds of {_named(able)} have no room for it"
        return f"the rounds of {_named(able)} are full at its times"


def _is_allowed(staff: StaffId, visit: Visit) -> bool:
    is_required = not visit.required_staff or staff in visit.required_staff
    return is_required and staff not in visit.forbidden_staff


def _is_too_few(shifts: list[Shift], visit: Visit) -> bool:
    return len({shift.staff for shift in shifts}) < visit.least_crew


def _crew(visit: Visit) -> str:
    return f"{visit.least_crew} people"


def _named(shifts: list[Shift]) -> str:
    return first_five(shift.id for shift in shifts)


def _missing_skill(visit: Visit, shifts: list[Shift]) -> str:
    nobody = sorted(s for s in visit.skills if not any(s in shift.skills for shift in shifts))
    if nobody:
        return f"nobody on shift has {first_five(nobody)}"
    return f"nobody on shift has all of {first_five(sorted(visit.skills))} together"


def _not_allowed(visit: Visit, skilled: list[Shift]) -> str:
    able = first_five(sorted({shift.staff for shift in skilled}))
    if visit.required_staff and not any(s.staff in visit.required_staff for s in skilled):
        needed = first_five(sorted(visit.required_staff))
        return f"only {needed} may come, and of those on shift with its skills ({able}) none is"
    return f"none of those on shift with its skills ({able}) may come"
