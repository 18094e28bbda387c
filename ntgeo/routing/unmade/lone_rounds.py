"""When a visit could begin if it were all that a shift did: every rule of a round, no search.

A round of one visit is a chain of moments (leaving the start, breaks, the visit, the end) whose
differences are bounded from below or above: a simple temporal network (Dechter, Meiri and Pearl,
Temporal constraint networks, 1991). For a given place of the visit among the breaks, the moments
at which it can begin are an interval, and bounds carried along the differences until none changes
are its ends.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.routing import RoutingProblem, Shift, Visit, WindowSense

__all__ = ["LoneRound", "Span", "begin_spans_of", "common_spans", "lone_round"]

Span = tuple[float, float]
"""First and last moment, both included."""

_SAME_S = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class LoneRound:
    """What a shift would do for one visit alone.

    Args:
        shift: Whose round.
        visit: The visit.
        there_s: Travel and parking from the start; NaN where there is no way.
        back_s: Travel from the visit to the end; NaN where there is no way.
        way_m: Driven or cycled there and back; 0 on foot.
    """

    shift: Shift
    visit: Visit
    there_s: float
    back_s: float
    way_m: float

    @property
    def service_s(self) -> float:
        """How long the visit lasts for the shift's member of staff."""
        return self.visit.service_s_of(self.shift.staff)

    @property
    def is_reachable(self) -> bool:
        """Whether there is a way there and on to the end."""
        return not math.isnan(self.there_s + self.back_s)

    @property
    def is_too_far(self) -> bool:
        """Whether the shift's limits on travel rule it out."""
        most_s, most_m = self.shift.most_travel_s, self.shift.most_distance_m
        return (most_s is not None and self.there_s + self.back_s > most_s + _SAME_S) or (
            most_m is not None and self.way_m > most_m + _SAME_S
        )

    @property
    def busy_s(self) -> float:
        """How long it takes with travel, parking, set-up, and the breaks of every round."""
        rest_s = sum(rest.duration_s for rest in self.shift.breaks if rest.after_work_s is None)
        return self.there_s + self.visit.set_up_s + self.service_s + self.back_s + rest_s

    def begin_spans(self) -> list[Span]:
        """Return when it could begin within the shift's hours, whatever its windows say."""
        spans = [
            self._span(taken, before)
            for taken in self._sets_of_breaks()
            for before in range(len(taken) + 1)
        ]
        return [span for span in spans if span is not None]

    def _sets_of_breaks(self) -> Iterator[list[int]]:
        """Yield the numbers of the breaks taken: those of every round, and the first few more."""
        breaks = self.shift.breaks
        more = [number for number, rest in enumerate(breaks) if rest.after_work_s is not None]
        for count in range(len(more) + 1):
            yield sorted({*range(len(breaks))} - {*more[count:]})

    def _span(self, taken: list[int], before: int) -> Span | None:
        """Return when the visit could begin after so many of its breaks; ``None`` for never."""
        shift, hours = self.shift, self.shift.hours
        lows = [float(hours.start_s)]
        highs = [float(hours.end_s)]
        lasts = [0.0]
        rests = [shift.breaks[number] for number in taken]
        for number, rest in enumerate(rests):
            window = rest.window or hours
            if number == before:
                _add(lows, highs, lasts, (hours.start_s, hours.end_s, self.service_s))
            _add(lows, highs, lasts, (window.start_s, window.end_s, rest.duration_s))
        if before == len(rests):
            _add(lows, highs, lasts, (hours.start_s, hours.end_s, self.service_s))
        _add(lows, highs, lasts, (hours.start_s, hours.end_s, 0.0))
        ways_s = [0.0] * (len(lows) - 1)
        ways_s[before] += self.there_s + self.visit.set_up_s
        ways_s[-1] += self.back_s
        gaps = [(n, n + 1, lasts[n] + ways_s[n]) for n in range(len(ways_s))]
        gaps += self._limits(taken, before, end=len(ways_s))
        return _settled(lows, highs, gaps, before + 1)

    def _limits(self, taken: list[int], before: int, end: int) -> list[tuple[int, int, float]]:
        """Return what is at most so long after something: ``start >= end - gap`` for each."""
        shift, breaks = self.shift, self.shift.breaks
        node_of = {number: n + 1 + (n >= before) for n, number in enumerate(taken)}
        gaps = []
        if shift.most_work_s is not None:
            unpaid_s = sum(breaks[n].duration_s for n in taken if not breaks[n].is_paid)
            gaps.append((end, 0, -float(shift.most_work_s + unpaid_s)))
        for number, rest in enumerate(breaks):
            if rest.after_work_s is None:
                continue
            anchor, lasts_s = 0, 0
            if number - 1 in node_of:
                anchor, lasts_s = node_of[number - 1], breaks[number - 1].duration_s
            gaps.append((node_of.get(number, end), anchor, -float(lasts_s + rest.after_work_s)))
            if number not in node_of:
                break
        return gaps


def _add(
    lows: list[float], highs: list[float], lasts: list[float], moment: tuple[float, float, float]
) -> None:
    lows.append(float(moment[0]))
    highs.append(float(moment[1]))
    lasts.append(float(moment[2]))


def _settled(
    lows: list[float], highs: list[float], gaps: list[tuple[int, int, float]], asked: int
) -> Span | None:
    """Return between which moments one lies, each gap being the least from a moment to another."""
    for _ in range(len(lows) + 1):
        is_settled = True
        for first, second, gap_s in gaps:
            if lows[first] + gap_s > lows[second] + _SAME_S:
                lows[second], is_settled = lows[first] + gap_s, False
            if highs[second] - gap_s < highs[first] - _SAME_S:
                highs[first], is_settled = highs[second] - gap_s, False
        if is_settled:
            is_possible = all(low <= high + _SAME_S for low, high in zip(lows, highs, strict=True))
            return (lows[asked], highs[asked]) if is_possible else None
    return None


def lone_round(
    problem: RoutingProblem, row_of: Mapping[str, int], shift: Shift, visit: Visit
) -> LoneRound:
    """Return the round of a shift for one visit alone.

    Args:
        problem: The question.
        row_of: Row of the matrices by place.
        shift: Whose round.
        visit: The visit.
    """
    travel = problem.travel_of(shift)
    start, there = row_of[shift.start_place], row_of[visit.id]
    end = there if shift.end_place is None else row_of[shift.end_place]
    legs = [(start, there)] + ([] if end == there else [(there, end)])
    ways_s = [float(travel.time_s[leg]) for leg in legs]
    way_m = 0.0 if shift.mode is TravelMode.FOOT else sum(travel.distance_m[leg] for leg in legs)
    return LoneRound(
        shift=shift,
        visit=visit,
        there_s=ways_s[0] + shift.parking_s,
        back_s=sum(ways_s[1:]),
        way_m=float(way_m),
    )


def begin_spans_of(visit: Visit, service_s: float) -> list[Span]:
    """Return when a visit may begin by its windows, or by the moment that it is pinned to.

    Args:
        visit: The visit.
        service_s: How long it lasts for who comes.
    """
    at_s = visit.pin.begin_s
    if at_s is not None:
        return [(float(at_s), float(at_s))]
    later_s = {WindowSense.FINISH: -service_s, WindowSense.ARRIVE: visit.set_up_s}
    by_s = later_s.get(visit.window_sense, 0)
    return [(float(w.start_s + by_s), float(w.end_s + by_s)) for w in visit.windows]


def common_spans(one: list[Span], other: list[Span]) -> list[Span]:
    """Return the times that are within both."""
    both = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return [(first, last) for first, last in both if first <= last + _SAME_S]
