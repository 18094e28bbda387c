"""Reasons that lie in the clock: no hours, no window, nobody to pair with after dark."""

from __future__ import annotations

from ntgeo.domain.routing import NotAlone, RoutingProblem, Shift, UnmadeCode, Visit
from ntgeo.domain.units import clock_text, duration_text
from ntgeo.errors import first_five
from ntgeo.routing.unmade.lone_rounds import LoneRound, Span, begin_spans_of, common_spans

__all__ = ["TimeReasons"]

_TWO = 2
_STEP_S = 0.001


class TimeReasons:
    """Why enough people cannot be there at a time that suits."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem

    def why(self, visit: Visit, rounds: list[LoneRound]) -> tuple[UnmadeCode, str] | None:
        """Return the reason that lies in the clock; ``None`` where none does.

        Args:
            visit: The visit.
            rounds: What those who can come would do for it alone.
        """
        crew = visit.least_crew
        fitting = [(lone, spans) for lone in rounds if (spans := lone.begin_spans())]
        if _staff_of([lone for lone, _ in fitting]) < crew:
            return UnmadeCode.TOO_LONG, self._why_too_long(rounds, [lone for lone, _ in fitting])
        timely = [(lone, self._within(lone, spans)) for lone, spans in fitting]
        alone = [(lone, spans) for lone, spans in timely if lone.shift.may_go_alone]
        together = timely if visit.greatest_crew >= _TWO else alone
        if _most_at_once(together) < crew:
            return self._why_no_window(visit, [lone for lone, _ in fitting])
        if visit.not_alone is not NotAlone.AFTER_DARK or crew >= _TWO:
            return None
        by_day = [(lone, self._by_day(lone, spans)) for lone, spans in alone]
        if _most_at_once(by_day) < 1 and _most_at_once(timely) < _TWO:
            who = _named([lone for lone, spans in timely if spans])
            return UnmadeCode.AFTER_DARK, (
                f"{who} could make it after dark only, when it takes two people"
            )
        return None

    def able(self, visit: Visit, rounds: list[LoneRound]) -> list[Shift]:
        """Return the shifts that could make the visit within its windows."""
        return [
            lone.shift
            for lone in rounds
            if self._within(lone, lone.begin_spans())
            and (lone.shift.may_go_alone or visit.greatest_crew >= _TWO)
        ]

    def _within(self, lone: LoneRound, spans: list[Span]) -> list[Span]:
        return common_spans(spans, begin_spans_of(lone.visit, lone.service_s))

    def _by_day(self, lone: LoneRound, spans: list[Span]) -> list[Span]:
        light = self.problem.daylight
        if light is None:
            return []
        return common_spans(spans, [(float(light.start_s), float(light.end_s - lone.service_s))])

    def _why_too_long(self, rounds: list[LoneRound], fitting: list[LoneRound]) -> str:
        short = [lone for lone in rounds if lone not in fitting]
        over_s, best = min(
            ((lone.busy_s - _length_s(lone.shift), n) for n, lone in enumerate(short)),
        )
        lone = short[best]
        busy, who = duration_text(lone.busy_s), lone.shift.id
        if over_s > 0:
            return (
                f"with travel and break it takes {busy}, and the longest suitable shift, {who}, "
                f"is {duration_text(over_s)} too short"
            )
        return (
            f"with travel it takes {busy}, for which the breaks and limits of {who} leave no time"
        )

    def _why_no_window(self, visit: Visit, fitting: list[LoneRound]) -> tuple[UnmadeCode, str]:
        who, crew = _named(fitting), visit.least_crew
        when = "none of" if crew == 1 else f"no {crew} at once of"
        cannot = f"when {when} {who} can be there and be back in time"
        if visit.pin.begin_s is not None:
            at = clock_text(self.problem.day, visit.pin.begin_s)
            return UnmadeCode.PINNED_TIME, f"it is pinned to {at}, {cannot}"
        return UnmadeCode.NO_WINDOW, f"it {self._windows(visit)}, {cannot}"

    def _windows(self, visit: Visit) -> str:
        day = self.problem.day
        verb = {"start": "starts", "finish": "ends", "arrive": "is reached"}[visit.window_sense]
        return f"{verb} " + " or ".join(
            f"between {clock_text(day, w.start_s)} and {clock_text(day, w.end_s)}"
            for w in visit.windows
        )


def _most_at_once(spans_of: list[tuple[LoneRound, list[Span]]]) -> int:
    """Return the most different members of staff who could begin at one moment."""
    moments = sorted({first for _, spans in spans_of for first, _ in spans})
    return max((_staff_at(spans_of, moment_s) for moment_s in moments), default=0)


def _staff_at(spans_of: list[tuple[LoneRound, list[Span]]], moment_s: float) -> int:
    return _staff_of(
        [
            lone
            for lone, spans in spans_of
            if any(
                first <= moment_s + _STEP_S and moment_s <= last + _STEP_S for first, last in spans
            )
        ]
    )


def _staff_of(rounds: list[LoneRound]) -> int:
    return len({lone.shift.staff for lone in rounds})


def _length_s(shift: Shift) -> int:
    return shift.hours.end_s - shift.hours.start_s


def _named(rounds: list[LoneRound]) -> str:
    return first_five(lone.shift.id for lone in rounds)
