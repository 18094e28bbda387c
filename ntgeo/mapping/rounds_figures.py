"""The figures behind a rounds map: what each shift does with its day."""

from __future__ import annotations

from dataclasses import dataclass

from ntgeo.domain.routing import Route, RoutePlan, RoutingProblem, Shift, Stop, StopKind

__all__ = ["DayPart", "ShiftRow", "day_span_s", "shift_rows"]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_HOUR_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPart:
    """A stretch of a shift.

    Args:
        kind: ``travel`` (with parking), ``wait``, ``set-up``, ``visit`` or ``break``.
        start_s: Seconds since midnight of the plan's day.
        end_s: As ``start_s``.
        label: Of a visit, its label on the map; else empty.
    """

    kind: str
    start_s: float
    end_s: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRow:
    """A shift that has a round.

    Args:
        letter: On the map: ``A`` to ``Z``, then ``AA``…
        shift: The shift.
        route: Its round.
        labels: Per stop, ``A1``, ``A2``… for visits, else empty.
    """

    letter: str
    shift: Shift
    route: Route
    labels: tuple[str, ...]

    @property
    def visits(self) -> int:
        """How many visits it makes."""
        return sum(stop.kind is StopKind.VISIT for stop in self.route.stops)

    @property
    def travel_s(self) -> float:
        """Seconds on the way."""
        return sum(stop.travel_s for stop in self.route.stops)

    @property
    def walked(self) -> tuple[bool, ...]:
        """Whether the way to each stop after the first is walked from a parked car."""
        return tuple(0 < stop.travel_s == stop.walk_s for stop in self.route.stops[1:])

    @property
    def distance_m(self) -> float:
        """Metres on the way."""
        return sum(stop.distance_m for stop in self.route.stops)

    @property
    def wait_s(self) -> float:
        """Seconds waiting for a window to open, or for a crew."""
        return sum(stop.wait_s for stop in self.route.stops)

    @property
    def visit_s(self) -> float:
        """Seconds with people."""
        return sum(
            stop.leave_s - stop.begin_s for stop in self.route.stops if stop.kind is StopKind.VISIT
        )

    @property
    def start_s(self) -> float:
        """When it sets out."""
        return self.route.stops[0].leave_s

    @property
    def end_s(self) -> float:
        """When it is back."""
        return self.route.stops[-1].arrive_s

    @property
    def parts(self) -> tuple[DayPart, ...]:
        """The shift from setting out to coming back, part by part."""
        found = []
        for stop, label in zip(self.route.stops[1:], self.labels[1:], strict=True):
            arrive_s = stop.arrive_s
            ready_s = stop.begin_s - stop.set_up_s
            found.append(_part("travel", arrive_s - stop.travel_s - stop.parking_s, arrive_s))
            found.append(_part("wait", arrive_s, ready_s))
            found.append(_part("set-up", ready_s, stop.begin_s))
            if stop.kind in {StopKind.VISIT, StopKind.BREAK}:
                found.append(_part(str(stop.kind), stop.begin_s, stop.leave_s, label))
        return tuple(part for part in found if part.end_s > part.start_s)


def _part(kind: str, start_s: float, end_s: float, label: str = "") -> DayPart:
    return DayPart(kind=kind, start_s=start_s, end_s=end_s, label=label)


def shift_rows(problem: RoutingProblem, plan: RoutePlan) -> tuple[ShiftRow, ...]:
    """Return a row for each round, in order of shift id."""
    shifts = {shift.id: shift for shift in problem.shifts}
    routes = sorted(plan.routes, key=lambda route: route.shift)
    rows = []
    for position, route in enumerate(routes):
        letter = _letter(position)
        rows.append(
            ShiftRow(
                letter=letter,
                shift=shifts[route.shift],
                route=route,
                labels=_labels(letter, route.stops),
            )
        )
    return tuple(rows)


def _letter(position: int) -> str:
    first, last = divmod(position, len(_LETTERS))
    return (_LETTERS[first - 1] if first else "") + _LETTERS[last]


def _labels(letter: str, stops: tuple[Stop, ...]) -> tuple[str, ...]:
    labels, number = [], 0
    for stop in stops:
        number += stop.kind is StopKind.VISIT
        labels.append(f"{letter}{number}" if stop.kind is StopKind.VISIT else "")
    return tuple(labels)


def day_span_s(rows: tuple[ShiftRow, ...]) -> tuple[int, int]:
    """Return whole hours, in seconds since midnight, from before the first start to after the
    last end.
    """  # noqa: D205 - the first sentence needs two lines
    if not rows:
        return 8 * _HOUR_S, 18 * _HOUR_S
    first = min(min(row.start_s, row.shift.hours.start_s) for row in rows)
    last = max(max(row.end_s, row.shift.hours.end_s) for row in rows)
    return int(first // _HOUR_S) * _HOUR_S, -int(-last // _HOUR_S) * _HOUR_S
