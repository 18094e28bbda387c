"""Why a visit is not made, and the smallest change that would make it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ntgeo.domain.routing import (
    ChangeKind,
    RoutingProblem,
    Shift,
    SmallestChange,
    UnmadeVisit,
    Visit,
)
from ntgeo.domain.units import SECONDS_PER_MINUTE, clock_text, duration_text
from ntgeo.errors import first_five
from ntgeo.routing.plain.bench import load_rounds
from ntgeo.routing.plain.figures import DayFigures
from ntgeo.routing.plain.insertion import empty_rounds
from ntgeo.routing.plain.timing import soonest_end
from ntgeo.routing.unmade.near_misses import least_overtime, least_widening

__all__ = ["explain_unmade"]

_MENDABLE = ("too-long", "no-window", "no-room")
_SAME_MINUTE = 1e-6


def explain_unmade(
    problem: RoutingProblem, day: DayFigures, orders: Sequence[Sequence[int]]
) -> tuple[UnmadeVisit, ...]:
    """Return each visit that is in no round, with the reason, in order of id."""
    made = {visit for order in orders for visit in order}
    reasons = _Reasons(problem, day, orders)
    return tuple(reasons.why(index) for index in range(len(problem.visits)) if index not in made)


class _Reasons:
    """Tries the reasons in the order in which they rule out more and more."""

    def __init__(
        self, problem: RoutingProblem, day: DayFigures, orders: Sequence[Sequence[int]]
    ) -> None:
        self.problem, self.day = problem, day
        self.rounds = empty_rounds(day)
        load_rounds(day, self.rounds, orders)

    def why(self, index: int) -> UnmadeVisit:
        """Return why a visit is not made."""
        visit = self.problem.visits[index]
        code, why = self._standing(index)
        change = None
        if code in _MENDABLE:
            change = self._smallest_change(index)
            why += self._told(change)
        reason = f"{visit.id} is not made: {why}"
        return UnmadeVisit(visit=visit.id, code=code, reason=reason, change=change)

    def _standing(self, index: int) -> tuple[str, str]:
        visit, shifts = self.problem.visits[index], self.problem.shifts
        if not shifts:
            return "no-staff", "nobody is on shift"
        if not any(visit.skills <= shift.skills for shift in shifts):
            return "no-skill", self._missing_skill(visit)
        able = [s for s in range(len(shifts)) if self.day.may_make[s, index]]
        if not able:
            return "too-heavy", f"its load of {visit.load:g} is more than a suitable shift carries"
        reaching = [s for s in able if np.isfinite(self._alone_s(s, index))]
        if not reaching:
            return "unreachable", self._why_unreachable(index, able)
        return self._why_no_time(index, reaching)

    def _why_unreachable(self, index: int, able: list[int]) -> str:
        there = self.day.depot_count + index
        starts, ends = self.day.ends[able].T
        travel_s, who = self.day.travel_s, self._named(able)
        is_reached = bool(np.isfinite(travel_s[starts, there]).any())
        is_left = bool(np.isfinite(travel_s[there, ends]).any())
        if is_reached and not is_left:
            why = f"{who} can get there but not back by road (one-way)"
        elif is_left and not is_reached:
            why = f"{who} could get back but not there by road (one-way)"
        elif is_reached:
            why = f"no way leads there and back for {who}"
        else:
            why = f"no way leads there from the start of {who}, and none leads back"
        return f"{why}; check where it is on the map"

    def _why_no_time(self, index: int, reaching: list[int]) -> tuple[str, str]:
        visit = self.problem.visits[index]
        short = [s for s in reaching if self._alone_s(s, index) > self._length_s(s)]
        if len(short) == len(reaching):
            over_s, best = min((self._alone_s(s, index) - self._length_s(s), s) for s in reaching)
            return "too-long", (
                f"with travel and break it takes {duration_text(self._alone_s(best, index))}, and "
                f"the longest suitable shift, {self.problem.shifts[best].id}, is "
                f"{duration_text(over_s)} too short"
            )
        able = [s for s in reaching if self._is_possible(s, index)]
        if not able:
            return "no-window", (
                f"it starts {self._windows(visit)}, when none of {self._named(reaching)} can be "
                "there and be back in time"
            )
        return "no-room", f"the rounds of {self._named(able)} are full at its times"

    def _missing_skill(self, visit: Visit) -> str:
        staff = self.problem.shifts
        nobody = sorted(s for s in visit.skills if not any(s in shift.skills for shift in staff))
        if nobody:
            return f"nobody on shift has {first_five(nobody)}"
        return f"nobody on shift has all of {first_five(sorted(visit.skills))} together"

    def _smallest_change(self, index: int) -> SmallestChange | None:
        over_s, over_by = least_overtime(self.day, self.rounds, index)
        wider_s, wider_by = least_widening(self.day, self.rounds, index)
        overtime, widening = _minutes(over_s), _minutes(abs(wider_s))
        if overtime is None and widening is None:
            return None
        if widening is None or (overtime is not None and overtime <= widening):
            kind, by, minutes = ChangeKind.OVERTIME, over_by, overtime
        else:
            kind = ChangeKind.LATER if wider_s > 0 else ChangeKind.EARLIER
            by, minutes = wider_by, widening
        shift = self.problem.shifts[int(by)].id
        return SmallestChange(kind=kind, shift=shift, minutes=minutes or 1)

    def _told(self, change: SmallestChange | None) -> str:
        if change is None:
            return "; no overtime and no other time for it would help the rounds as they are"
        length = f"{change.minutes:,} minute{'s' if change.minutes > 1 else ''}"
        if change.kind is not ChangeKind.OVERTIME:
            when = "later" if change.kind is ChangeKind.LATER else "sooner"
            return f"; {change.shift} could make it if it might start {length} {when}"
        shift = next(s for s in self.problem.shifts if s.id == change.shift)
        end_s = shift.hours.end_s + change.minutes * SECONDS_PER_MINUTE
        until = clock_text(self.problem.day, end_s)
        length += "'s" if change.minutes == 1 else "'"
        return f"; {length} overtime for {change.shift} (until {until}) would make it"

    def _stops(self, shift: int, index: int) -> npt.NDArray[np.int64]:
        start, end = self.day.ends[shift]
        return np.array([start, self.day.depot_count + index, end], dtype=np.int64)

    def _is_possible(self, shift: int, index: int) -> bool:
        end_s = soonest_end(self.day, shift, self._stops(shift, index))
        return bool(end_s <= self.day.hours_s[shift, 1])

    def _alone_s(self, shift: int, index: int) -> float:
        """Return the working time of a round for this visit alone, were there no windows."""
        start, there, end = self._stops(shift, index)
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


def _minutes(seconds: float) -> int | None:
    """Return whole minutes, rounded up; ``None`` for a change that cannot be."""
    if not np.isfinite(seconds):
        return None
    return int(np.ceil(seconds / SECONDS_PER_MINUTE - _SAME_MINUTE))
