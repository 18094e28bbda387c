"""Why a visit is not made, and the smallest change that would make it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ntgeo.domain.routing import LONGEST_SHIFT_S, RoutingProblem, Shift, UnmadeVisit, Visit
from ntgeo.domain.units import SECONDS_PER_MINUTE, clock_text, duration_text
from ntgeo.errors import first_five
from ntgeo.routing.figures import DayFigures
from ntgeo.routing.timing import soonest_end

__all__ = ["explain_unmade"]


def explain_unmade(
    problem: RoutingProblem, day: DayFigures, orders: Sequence[Sequence[int]]
) -> tuple[UnmadeVisit, ...]:
    """Return each visit that is in no round, with the reason, in order of id."""
    made = {visit for order in orders for visit in order}
    reasons = _Reasons(problem, day, orders)
    return tuple(
        UnmadeVisit(visit=visit.id, code=code, reason=reason)
        for index, visit in enumerate(problem.visits)
        if index not in made
        for code, reason in [reasons.why(index)]
    )


@dataclass(frozen=True)
class _Overtime:
    """What it takes to add a visit to a round as it stands."""

    shift: int
    over_s: float


class _Reasons:
    """Tries the reasons in the order in which they rule out more and more."""

    def __init__(
        self, problem: RoutingProblem, day: DayFigures, orders: Sequence[Sequence[int]]
    ) -> None:
        self.problem, self.day, self.orders = problem, day, orders

    def why(self, index: int) -> tuple[str, str]:
        visit, shifts = self.problem.visits[index], self.problem.shifts
        if not shifts:
            return "no-staff", f"{visit.id} is not made: nobody is on shift"
        if not any(visit.skills <= shift.skills for shift in shifts):
            return "no-skill", f"{visit.id} is not made: {self._missing_skill(visit)}"
        skilled = [s for s in range(len(shifts)) if self.day.may_make[s, index]]
        if not skilled:
            return "too-heavy", (
                f"{visit.id} is not made: its load of {visit.load:g} is more than any suitable "
                "shift carries"
            )
        reaching = [s for s in skilled if np.isfinite(self._alone_s(s, index))]
        if not reaching:
            return "unreachable", (
                f"{visit.id} is not made: no way leads there and back for "
                f"{self._named(skilled)}; check where it is on the map"
            )
        return self._why_no_time(index, reaching)

    def _why_no_time(self, index: int, reaching: list[int]) -> tuple[str, str]:
        visit = self.problem.visits[index]
        short = [s for s in reaching if self._alone_s(s, index) > self._length_s(s)]
        if len(short) == len(reaching):
            over_s, best = min((self._alone_s(s, index) - self._length_s(s), s) for s in reaching)
            return "too-long", (
                f"{visit.id} is not made: with travel and break it takes "
                f"{duration_text(self._alone_s(best, index))}, and the longest suitable shift, "
                f"{self.problem.shifts[best].id}, is {duration_text(over_s)} too short"
            )
        if not any(self._is_possible(s, [index]) for s in reaching):
            return "no-window", (
                f"{visit.id} is not made: it starts {self._windows(visit)}, when none of "
                f"{self._named(reaching)} can be there and be back in time"
            )
        return "no-room", f"{visit.id} is not made: {self._no_room(index, reaching)}"

    def _missing_skill(self, visit: Visit) -> str:
        staff = self.problem.shifts
        nobody = sorted(s for s in visit.skills if not any(s in shift.skills for shift in staff))
        if nobody:
            return f"nobody on shift has {first_five(nobody)}"
        return f"nobody on shift has all of {first_five(sorted(visit.skills))} together"

    def _no_room(self, index: int, reaching: list[int]) -> str:
        able = [s for s in reaching if self._is_possible(s, [index])]
        least = self._least_overtime(index, able)
        full = f"the rounds of {self._named(able)} are full at its times"
        if least is None:
            return f"{full}, and no overtime of one of them would make it"
        shift = self.problem.shifts[least.shift]
        minutes = int(np.ceil(least.over_s / SECONDS_PER_MINUTE - 1e-9))
        end_s = shift.hours.end_s + minutes * SECONDS_PER_MINUTE
        return (
            f"{full}; {minutes} minutes' overtime for {shift.id} "
            f"(until {clock_text(self.problem.day, end_s)}) would make it"
        )

    def _least_overtime(self, index: int, able: list[int]) -> _Overtime | None:
        best: _Overtime | None = None
        for shift in able:
            carried = float(np.sum(self.day.load[list(self.orders[shift])]))
            if carried + self.day.load[index] > self.day.capacity[shift]:
                continue
            order = list(self.orders[shift])
            for at in range(len(order) + 1):
                end_s = soonest_end(self.day, shift, self._stops(shift, order, index, at))
                over_s = end_s - self.day.hours_s[shift, 1]
                too_long = end_s - self.day.hours_s[shift, 0] > LONGEST_SHIFT_S
                if not too_long and (best is None or over_s < best.over_s):
                    best = _Overtime(shift, float(over_s))
        return best

    def _stops(self, shift: int, order: list[int], index: int, at: int) -> npt.NDArray[np.int64]:
        visits = [*order[:at], index, *order[at:]]
        start, end = self.day.ends[shift]
        return np.array([start, *np.add(visits, self.day.depot_count), end], dtype=np.int64)

    def _is_possible(self, shift: int, visits: list[int]) -> bool:
        stops = self._stops(shift, [], visits[0], 0)
        return bool(soonest_end(self.day, shift, stops) <= self.day.hours_s[shift, 1])

    def _alone_s(self, shift: int, index: int) -> float:
        """Return the working time of a round for this visit alone, were there no windows."""
        start, there, end = self._stops(shift, [], index, 0)
        travel_s = self.day.travel_s[start, there] + self.day.travel_s[there, end]
        return float(travel_s + self.day.service_s[index] + self.day.rest_s[shift, 2])

    def _length_s(self, shift: int) -> float:
        return float(self.day.hours_s[shift, 1] - self.day.hours_s[shift, 0])

    def _named(self, shifts: list[int]) -> str:
        found: list[Shift] = [self.problem.shifts[shift] for shift in shifts]
        return first_five(shift.id for shift in found)

    def _windows(self, visit: Visit) -> str:
        day = self.problem.day
        return " or ".join(
            f"between {clock_text(day, w.start_s)} and {clock_text(day, w.end_s)}"
            for w in visit.windows
        )
