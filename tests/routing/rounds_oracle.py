"""The best plan of a small day, by trying everything; no routing code here.

Every crew of every visit, every order of every round, every place of every break and every moment
of a grid is tried. The grid is exact: where all times of a day are its multiples, the cheapest
times are too, since what the rules bound and price are differences of two times. (The spread of
work is a difference of two differences; half a step is enough for it between two shifts.)

A round is tried once for each shift and order: an array tells what its cheapest times cost, with
an axis for the beginning of each visit that a crew, a link or the worst lateness ties to another
round, and one for its work where the spread of work has a price. A plan is a choice of rounds
whose arrays, laid over each other, have their least sum.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from ntgeo.domain.routing import (
    GapFrom,
    NotAlone,
    PlaceInRound,
    Route,
    RoutingProblem,
    Shift,
    StaffLink,
    Stop,
    StopKind,
    TimeWindow,
    Visit,
    WindowSense,
)
from ntgeo.domain.units import METRES_PER_MILE

GRID_S = 600
NEVER = np.inf
_SAME_GBP = 1e-7


@dataclass(frozen=True)
class Leg:
    """The way to a visit, or to the end."""

    travel_s: float = 0.0
    parking_s: float = 0.0
    set_up_s: float = 0.0
    walk_s: float = 0.0
    distance_m: float = 0.0
    is_walked: bool = False
    """Whether the car stays where it is."""


@dataclass(frozen=True)
class Best:
    """The best plan: what it leaves unmade by priority 1 to 5, what it costs, and who goes where.

    ``crews`` holds the shifts of each visit; ``orders`` the visits of each shift, in order.
    """

    unmade_by_priority: tuple[int, ...]
    cost_gbp: float
    crews: tuple[tuple[int, ...], ...]
    orders: tuple[tuple[int, ...], ...]
    routes: tuple[Route, ...]

    @property
    def answer(self) -> tuple[tuple[int, ...], float]:
        """What two engines must agree upon."""
        return self.unmade_by_priority, self.cost_gbp


def best_plan(problem: RoutingProblem, *, grid_s: int = GRID_S, with_routes: bool = False) -> Best:
    """Return the best plan of a small day.

    Args:
        problem: All its times are multiples of ``grid_s``.
        grid_s: Step of the times that are tried.
        with_routes: Whether the plan's timed rounds are wanted too.
    """
    return _Day(problem, grid_s).best(with_routes=with_routes)


class _Day:
    def __init__(self, problem: RoutingProblem, grid_s: int) -> None:
        self.problem = problem
        self.visits, self.shifts, self.prices = problem.visits, problem.shifts, problem.prices
        self.row = {place: row for row, place in enumerate(problem.place_ids)}
        self.number = {visit.id: number for number, visit in enumerate(self.visits)}
        self.weighs_work = self.prices.work_spread_gbp_per_hour > 0 and len(self.shifts) > 1
        assert not (self.weighs_work and len(self.shifts) > 2), "half a step is not enough"
        self.step_s = grid_s // 2 if self.weighs_work else grid_s
        first_s = min((s.hours.start_s for s in self.shifts), default=0)
        last_s = max((s.hours.end_s for s in self.shifts), default=0)
        self.clock_s = np.arange(first_s, last_s + 1, self.step_s)
        self.tied = self._tied()
        self.rounds = [_rounds_of(self, number) for number in range(len(self.shifts))]

    def _tied(self) -> dict[int, np.ndarray]:
        """Return the moments at which each visit may begin that ties rounds to each other."""
        tied = {n for n, v in enumerate(self.visits) if v.crew > 1 or v.not_alone is not None}
        for link in self.problem.links:
            if link.is_ordered:
                tied |= {self.number[link.first], self.number[link.second]}
        if self.prices.worst_lateness_gbp_per_minute:
            tied |= {n for n, v in enumerate(self.visits) if v.soft_windows}
        moments = {}
        for n in sorted(tied):
            visit = self.visits[n]
            is_open = np.array([_may_begin(visit, float(s), 0.0, None) for s in self.clock_s])
            moments[n] = np.flatnonzero(is_open) if is_open.any() else np.array([0])
        return moments

    def best(self, *, with_routes: bool) -> Best:
        """Try every crew of every visit."""
        found: tuple[tuple[int, ...], float] | None = None
        chosen = None
        plans = sorted(self._all_crews(), key=self._unmade)
        for crews in plans:
            unmade = self._unmade(crews)
            if self.prices.puts_priorities_first and found is not None and unmade > found[0]:
                break
            sums = self._sums(crews, NEVER if found is None else found[1])
            cost = NEVER if sums is None else float(sums.min())
            if cost < (NEVER if found is None else found[1]):
                found = (unmade, cost)
                chosen = (crews, sums)
        assert found is not None
        assert chosen is not None
        crews, sums = chosen
        at = np.unravel_index(int(np.argmin(sums)), sums.shape)
        orders = tuple(self._order(s, crews, at) for s in range(len(self.shifts)))
        routes = self._routes(crews, orders, at) if with_routes else ()
        return Best(*found, crews, orders, routes)

    def _unmade(self, crews) -> tuple[int, ...]:
        left = [v.priority for v, crew in zip(self.visits, crews, strict=True) if not crew]
        return tuple(left.count(priority) for priority in range(1, 6))

    def _all_crews(self) -> Iterator[tuple[tuple[int, ...], ...]]:
        for crews in product(*(self._crews_of(visit) for visit in self.visits)):
            if all(self._keeps(link, crews) for link in self.problem.links):
                yield crews

    def _crews_of(self, visit: Visit) -> list[tuple[int, ...]]:
        sizes = {visit.least_crew}
        if visit.not_alone is NotAlone.AFTER_DARK:
            sizes |= {max(visit.crew, 2)}
        crews: list[tuple[int, ...]] = [()]
        for size in sorted(sizes):
            for crew in combinations(range(len(self.shifts)), size):
                shifts = [self.shifts[s] for s in crew]
                if (
                    all(_may_come(visit, shift) for shift in shifts)
                    and len({shift.staff for shift in shifts}) == size
                    and (size > 1 or shifts[0].may_go_alone)
                    and visit.pin.shifts <= {shift.id for shift in shifts}
                ):
                    crews.append(crew)
        return crews

    def _keeps(self, link, crews) -> bool:
        first, second = crews[self.number[link.first]], crews[self.number[link.second]]
        if (link.is_ordered or link.both_or_neither) and second and not first:
            return False
        if link.both_or_neither and first and not second:
            return False
        if link.staff is None or not first or not second:
            return True
        came, comes = ({self.shifts[s].staff for s in crew} for crew in (first, second))
        return came == comes if link.staff is StaffLink.SAME else not came & comes

    def _sums(self, crews, beaten_gbp: float) -> np.ndarray | None:
        """Return the cost at each choice of tied moments (and of work of each shift).

        ``None`` where no moment does, or none could be cheaper than what is known.
        """
        cost = self._timeless_gbp(crews)
        arrays = []
        for number in range(len(self.shifts)):
            made = frozenset(v for v, crew in enumerate(crews) if number in crew)
            tried = self.rounds[number].get(made)
            if tried is None:
                return None
            arrays.append(tried.array)
        if cost + sum(array.min() for array in arrays) >= beaten_gbp:
            return None
        work_axes = len(self.shifts) if self.weighs_work else 0
        sums = np.full((1,) * (len(self.tied) + work_axes), cost)
        for number, array in enumerate(arrays):
            shape = array.shape[:-1]
            if self.weighs_work:
                own = [1] * work_axes
                own[number] = array.shape[-1]
                shape += tuple(own)
            sums = sums + array.reshape(shape)
        for array in self._joint(crews, sums.ndim):
            sums = sums + array
        return sums if np.isfinite(sums).any() else None

    def _timeless_gbp(self, crews) -> float:
        """Return what unmade visits and unequal numbers of visits cost."""
        left = [v for v, crew in zip(self.visits, crews, strict=True) if not crew]
        counts = [sum(n in crew for crew in crews) for n in range(len(self.shifts))]
        spread = max(counts, default=0) - min(counts, default=0)
        return (
            sum(self.prices.unmade_gbp_of(v) for v in left) + self.prices.visits_spread_gbp * spread
        )

    def _joint(self, crews, axes: int) -> Iterator[np.ndarray]:
        """Yield the cost (infinite for never) of tied moments, taken together."""
        axis_of = {visit: axis for axis, visit in enumerate(self.tied)}
        worst_s = np.zeros((1,) * axes)
        for visit, axis in axis_of.items():
            if crews[visit]:
                yield _along(self._once(visit, crews[visit]), axis, axes)
                late_s = self._late_s(visit)
                worst_s = np.maximum(worst_s, _along(late_s, axis, axes))
        yield worst_s / 60 * self.prices.worst_lateness_gbp_per_minute
        for link in self.problem.links:
            first, second = self.number[link.first], self.number[link.second]
            if link.is_ordered and crews[first] and crews[second]:
                from_s = self.clock_s[self.tied[first]].astype(float)
                if link.gap_from is GapFrom.END:
                    from_s = from_s + self._longest_s(first, crews[first])
                begin_s = self.clock_s[self.tied[second]]
                gap_s = _along(begin_s, axis_of[second], axes) - _along(
                    from_s, axis_of[first], axes
                )
                most_s = NEVER if link.greatest_gap_s is None else link.greatest_gap_s
                yield np.where((gap_s >= link.least_gap_s) & (gap_s <= most_s), 0.0, NEVER)
        if self.weighs_work:
            yield self._work_spread(axes)

    def _once(self, visit: int, crew) -> np.ndarray:
        """Return what a tied visit costs once, whoever comes, at each of its moments."""
        wanted = self.visits[visit]
        begin_s = self.clock_s[self.tied[visit]]
        cost = np.array([untimely_gbp(wanted, float(s)) for s in begin_s])
        stay_s = self._longest_s(visit, crew)
        needed = [wanted.crew_needed(s, s + stay_s, self.problem.daylight) for s in begin_s]
        return np.where(np.array(needed) == len(crew), cost, NEVER)

    def _late_s(self, visit: int) -> np.ndarray:
        begin_s = self.clock_s[self.tied[visit]].astype(float)
        late_s = [begin_s - soft.window.end_s for soft in self.visits[visit].soft_windows]
        return np.maximum.reduce([np.zeros_like(begin_s), *late_s])

    def _longest_s(self, visit: int, crew) -> int:
        return max(self.visits[visit].service_s_of(self.shifts[s].staff) for s in crew)

    def _work_spread(self, axes: int) -> np.ndarray:
        steps = np.arange(len(self.clock_s)) * self.step_s / 3600
        works = [_along(steps, len(self.tied) + n, axes) for n in range(len(self.shifts))]
        most, least = works[0], works[0]
        for work in works[1:]:
            most, least = np.maximum(most, work), np.minimum(least, work)
        return (most - least) * self.prices.work_spread_gbp_per_hour

    def _order(self, number: int, crews, at) -> tuple[int, ...]:
        made = frozenset(v for v, crew in enumerate(crews) if number in crew)
        return self.rounds[number][made].order_at(self._place(number, at))

    def _place(self, number: int, at) -> tuple[int, ...]:
        """Return where in a shift's arrays a choice of tied moments stands."""
        work = (at[len(self.tied) + number],) if self.weighs_work else (0,)
        return (*at[: len(self.tied)], *work)

    def _routes(self, crews, orders, at) -> tuple[Route, ...]:
        begins = {
            visit: float(self.clock_s[moments[at[axis]]])
            for axis, (visit, moments) in enumerate(self.tied.items())
            if crews[visit]
        }
        routes = []
        for number, order in enumerate(orders):
            if not order:
                continue
            tried = self.rounds[number][frozenset(order)]
            work_s = at[len(self.tied) + number] * self.step_s if self.weighs_work else None
            told_gbp = tried.least_at(self._place(number, at))
            shift = self.shifts[number]
            stops = _Sheets(self, shift, order, begins).first_of(told_gbp, work_s)
            routes.append(Route(shift=shift.id, staff=shift.staff, stops=stops))
        return tuple(routes)


def _along(values, axis: int, axes: int) -> np.ndarray:
    shape = [1] * axes
    shape[axis] = len(values)
    return np.asarray(values, dtype=float).reshape(shape)


def _may_come(visit: Visit, shift: Shift) -> bool:
    return (
        visit.skills <= shift.skills
        and (not visit.required_staff or shift.staff in visit.required_staff)
        and shift.staff not in visit.forbidden_staff
    )


def _may_begin(visit: Visit, begin_s: float, set_up_s: float, stay_s: float | None) -> bool:
    """Tell whether one who comes may begin then; without ``stay_s``, whether any one might."""
    if visit.pin.begin_s is not None:
        return begin_s == visit.pin.begin_s
    if visit.window_sense is WindowSense.START:
        told_s = begin_s
    elif stay_s is None:
        return True
    elif visit.window_sense is WindowSense.FINISH:
        told_s = begin_s + stay_s
    else:
        told_s = begin_s - set_up_s
    return any(window.start_s <= told_s <= window.end_s for window in visit.windows)


def untimely_gbp(visit: Visit, begin_s: float) -> float:
    """Return what it costs that a visit begins outside its soft windows."""
    return sum(
        soft.early_gbp_per_minute * max(0.0, soft.window.start_s - begin_s) / 60
        + soft.late_gbp_per_minute * max(0.0, begin_s - soft.window.end_s) / 60
        for soft in visit.soft_windows
    )


class _Ways:
    """How one shift goes from place to place; the car stays where it was last driven to."""

    def __init__(self, day: _Day, shift: Shift) -> None:
        self.day, self.shift = day, shift
        self.travel = day.problem.travel_of(shift)
        self.walks = shift.walks_up_to_s
        self.foot = None if self.walks is None else day.problem.foot_travel

    def _to_visit(self, here: str, car: str, visit: Visit) -> Leg | None:
        come_from = self.day.number.get(here)
        same_door = (
            come_from is not None
            and visit.address is not None
            and self.day.visits[come_from].address == visit.address
        )
        parking_s = 0.0 if same_door else float(self.shift.parking_s)
        set_up_s = 0.0 if same_door else float(visit.set_up_s)
        back_s = self._walk(here, car)
        drive_s, distance_m = self._drive(car, visit.id)
        if self.foot is not None and come_from is not None:
            on_foot_s = self._walk(here, visit.id)
            if (
                on_foot_s <= self.walks
                and self._walk(car, visit.id) <= self.walks
                and on_foot_s <= back_s + drive_s + parking_s
            ):
                return Leg(travel_s=on_foot_s, set_up_s=set_up_s, walk_s=on_foot_s, is_walked=True)
        if back_s + drive_s == NEVER:
            return None
        return Leg(
            travel_s=back_s + drive_s,
            parking_s=parking_s,
            set_up_s=set_up_s,
            walk_s=back_s,
            distance_m=distance_m,
        )

    def _to_end(self, here: str, car: str) -> Leg | None:
        if self.shift.end_place is None:
            return Leg()
        back_s = self._walk(here, car)
        drive_s, distance_m = self._drive(car, self.shift.end_place)
        if back_s + drive_s == NEVER:
            return None
        return Leg(travel_s=back_s + drive_s, walk_s=back_s, distance_m=distance_m)

    def _walk(self, here: str, there: str) -> float:
        if here == there:
            return 0.0
        assert self.foot is not None
        time_s = float(self.foot.time_s[self.day.row[here], self.day.row[there]])
        return NEVER if math.isnan(time_s) else time_s

    def _drive(self, here: str, there: str) -> tuple[float, float]:
        leg = self.day.row[here], self.day.row[there]
        time_s = float(self.travel.time_s[leg])
        if math.isnan(time_s):
            return NEVER, 0.0
        return time_s, float(self.travel.distance_m[leg])

    def to_next(self, order: tuple[int, ...], legs: list[Leg]) -> Leg | None:
        """Return the way to the last of some visits; ``None`` for no way.

        Args:
            order: Numbers of visits.
            legs: The ways to those before the last.
        """
        here, car = self._stand(order[:-1], legs)
        return self._to_visit(here, car, self.day.visits[order[-1]])

    def to_end_of(self, order: tuple[int, ...], legs: list[Leg]) -> Leg | None:
        """Return the way to the end after these visits; ``None`` for no way."""
        return self._to_end(*self._stand(order, legs))

    def legs(self, order: tuple[int, ...]) -> list[Leg]:
        """Return the ways to each visit in order and to the end, which are there."""
        legs: list[Leg] = []
        for count in range(1, len(order) + 1):
            legs.append(self.to_next(order[:count], legs))
        return [*legs, self.to_end_of(order, legs)]

    def _stand(self, order: tuple[int, ...], legs: list[Leg]) -> tuple[str, str]:
        """Return where one is after these visits, and where the car is."""
        here = car = str(self.shift.start_place)
        for number, leg in zip(order, legs, strict=True):
            here = str(self.day.visits[number].id)
            if not leg.is_walked:
                car = here
        return here, car

    def are_allowed(self, legs: list[Leg]) -> bool:
        """Tell whether the ways keep the shift's limits."""
        travel_s = sum(leg.travel_s + leg.parking_s for leg in legs)
        shift = self.shift
        if shift.most_travel_s is not None and travel_s > shift.most_travel_s:
            return False
        return shift.most_distance_m is None or self._ridden_m(legs) <= shift.most_distance_m

    def _ridden_m(self, legs: list[Leg]) -> float:
        is_ridden = self.shift.mode != "foot"
        return sum(leg.distance_m for leg in legs) if is_ridden else 0.0

    def cost_gbp(self, legs: list[Leg]) -> float:
        """Return what the ways, and having a round, cost whatever the time."""
        costs = self.shift.costs
        travel_s = sum(leg.travel_s + leg.parking_s for leg in legs)
        miles = self._ridden_m(legs) / METRES_PER_MILE
        return (
            costs.round_gbp
            + costs.travel_gbp_per_hour * travel_s / 3600
            + costs.mileage_gbp_per_mile * miles
        )


class _Tried:
    """Every order in which a shift may make some visits, and their cheapest times together."""

    def __init__(self) -> None:
        self.orders: list[tuple[tuple[int, ...], np.ndarray]] = []
        self.array: np.ndarray = np.array(NEVER)

    def add(self, order: tuple[int, ...], array: np.ndarray) -> None:
        self.array = np.minimum(self.array, array)
        self.orders.append((order, array))

    def least_at(self, place: tuple[int, ...]) -> float:
        return float(self._at(self.array, place))

    def order_at(self, place: tuple[int, ...]) -> tuple[int, ...]:
        costs = [self._at(array, place) for _, array in self.orders]
        return self.orders[int(np.argmin(costs))][0]

    @staticmethod
    def _at(array: np.ndarray, place: tuple[int, ...]) -> np.ndarray:
        return array[tuple(min(i, n - 1) for i, n in zip(place, array.shape, strict=True))]


def _rounds_of(day: _Day, number: int) -> dict[frozenset[int], _Tried]:
    """Return what each set of visits that a shift can make costs."""
    shift = day.shifts[number]
    nothing = np.full((1,) * len(day.tied) + (len(day.clock_s) if day.weighs_work else 1,), NEVER)
    nothing[..., 0] = 0.0
    tried = {frozenset(): _Tried()}
    tried[frozenset()].add((), nothing)
    _Orders(day, shift, tried).go_on((), [], None)
    return tried


class _Orders:
    """Tries every order of a shift's visits, one visit after the other."""

    def __init__(self, day: _Day, shift: Shift, tried: dict[frozenset[int], _Tried]) -> None:
        self.day, self.shift, self.tried = day, shift, tried
        self.ways, self.times = _Ways(day, shift), _Times(day, shift)

    def go_on(self, order: tuple[int, ...], legs: list[Leg], states) -> None:
        """Try every round that begins with these visits."""
        if states is None:
            states = self.times.left_start()
        for number, visit in enumerate(self.day.visits):
            if number in order or not self._may_follow(order, visit):
                continue
            longer = (*order, number)
            leg = self.ways.to_next(longer, legs)
            if leg is None:
                continue
            further = self.times.made(states, number, leg)
            if further:
                self._end(longer, [*legs, leg], further)
                self.go_on(longer, [*legs, leg], further)

    def _may_follow(self, order: tuple[int, ...], visit: Visit) -> bool:
        before = [self.day.visits[n] for n in order]
        load = sum(other.load for other in before) + visit.load
        return (
            _may_come(visit, self.shift)
            and (self.shift.capacity is None or load <= self.shift.capacity + 1e-9)
            and not (before and visit.pin.place is PlaceInRound.FIRST)
            and not any(other.pin.place is PlaceInRound.LAST for other in before)
        )

    def _end(self, order: tuple[int, ...], legs: list[Leg], states) -> None:
        last = self.ways.to_end_of(order, legs)
        if last is None or not self.ways.are_allowed([*legs, last]):
            return
        array = self.times.ended(states, last)
        if np.isfinite(array).any():
            people = sum(self.times.people_gbp(n) for n in order)
            timeless = self.ways.cost_gbp([*legs, last]) + people
            self.tried.setdefault(frozenset(order), _Tried()).add(order, array + timeless)


class _Times:
    """Tries every moment of a round.

    Arrays have an axis for each tied visit, one for the departure, one for the end of the last
    break, and one for the time of day. A key tells which break comes next, and which was the first
    that the round did without.
    """

    def __init__(self, day: _Day, shift: Shift) -> None:
        self.day, self.shift = day, shift
        self.clock_s = np.arange(shift.hours.start_s, shift.hours.end_s + 1, day.step_s)
        self.count = len(self.clock_s)
        self.pay_gbp = shift.costs.pay_gbp_per_hour / 3600
        self.late_gbp = 0.0 if shift.overtime is None else shift.overtime.gbp_per_hour / 3600
        self.knows_departure = (
            day.weighs_work
            or shift.most_work_s is not None
            or shift.overtime is not None
            or any(rest.after_work_s is not None for rest in shift.breaks)
        )

    def people_gbp(self, number: int) -> float:
        """Return what it costs that this member of staff comes to a visit."""
        visit, prices, staff = self.day.visits[number], self.day.prices, self.shift.staff
        cost = 0.0
        if visit.usual_staff and staff not in visit.usual_staff:
            cost += prices.new_face_gbp
        if visit.preferred_staff and staff not in visit.preferred_staff:
            cost += prices.not_preferred_gbp
        if visit.planned_staff and staff not in visit.planned_staff:
            cost += prices.moved_gbp
        return cost

    def left_start(self):
        """Return the states in which the first visit can be set out for."""
        return self._with_breaks({(0, None): self._departures()})

    def made(self, states, number: int, leg: Leg):
        """Return the states after one more visit, and any breaks behind it; none for never."""
        visited = {key: self._visited(array, number, leg) for key, array in states.items()}
        return self._with_breaks({k: a for k, a in visited.items() if a.min() < NEVER})

    def ended(self, states, leg: Leg) -> np.ndarray:
        """Return the least cost of time at each choice of tied moments (and of work)."""
        ends = [self._ended(key, array, leg) for key, array in states.items()]
        whole = [array for array in ends if array is not None]
        nothing = np.full((1,) * (len(self.day.tied) + 1), NEVER)
        return np.minimum.reduce(whole) if whole else nothing

    def _departures(self) -> np.ndarray:
        leave = -self.pay_gbp * self.clock_s
        if self.knows_departure:
            array = np.full((self.count, self.count), NEVER)
            np.fill_diagonal(array, leave)
        else:
            array = leave[None, :]
        return array.reshape((1,) * len(self.day.tied) + (len(array), 1, self.count))

    def _later(self, array: np.ndarray, by_s: float) -> np.ndarray:
        steps = by_s / self.day.step_s
        assert steps == int(steps), f"{by_s} s is not on the grid"
        if steps == 0:
            return array
        if steps >= self.count:
            return np.full_like(array, NEVER)
        moved = np.full_like(array, NEVER)
        moved[..., int(steps) :] = array[..., : -int(steps)]
        return moved

    def _visited(self, array: np.ndarray, number: int, leg: Leg) -> np.ndarray:
        visit = self.day.visits[number]
        stay_s = visit.service_s_of(self.shift.staff)
        begin = self._later(array, leg.travel_s + leg.parking_s + leg.set_up_s)
        begin = np.minimum.accumulate(begin, axis=-1)
        may = [_may_begin(visit, float(s), leg.set_up_s, stay_s) for s in self.clock_s]
        if number in self.day.tied:
            axis = list(self.day.tied).index(number)
            moment_s = self.day.clock_s[self.day.tied[number]]
            only = np.where(moment_s[:, None] == self.clock_s, 0.0, NEVER)
            shape = [1] * array.ndim
            shape[axis], shape[-1] = only.shape
            begin = begin + only.reshape(shape)
        else:
            begin = begin + np.array([untimely_gbp(visit, float(s)) for s in self.clock_s])
        return self._later(np.where(may, begin, NEVER), stay_s)

    def _with_breaks(self, states):
        """Return the states after any number of further breaks, taken or done without."""
        found = dict(states)
        for place, rest in enumerate(self.shift.breaks):
            for key in [key for key in found if key[0] == place]:
                _, without = key
                if rest.after_work_s is None or without is None:
                    self._keep(found, (place + 1, without), self._rested(found[key], key))
                if rest.after_work_s is not None:
                    first = place if without is None else without
                    self._keep(found, (place + 1, first), found[key])
        return found

    @staticmethod
    def _keep(found, key, array: np.ndarray) -> None:
        found[key] = np.minimum(found[key], array) if key in found else array

    def _since(self, place: int, array: np.ndarray) -> np.ndarray:
        """Return seconds from when a break's time counts, to each time of day."""
        if place == 0:
            came = self.clock_s.reshape((-1, 1, 1))
        else:
            came = self.clock_s.reshape((1, -1, 1))
            assert array.shape[-2] == self.count
        return self.clock_s.reshape((1, 1, -1)) - came

    def _rested(self, array: np.ndarray, key) -> np.ndarray:
        place, without = key
        rest = self.shift.breaks[place]
        begin = np.minimum.accumulate(array, axis=-1)
        if rest.window is not None:
            begin = np.where(_is_in(self.clock_s, rest.window), begin, NEVER)
        if rest.after_work_s is not None:
            begin = np.where(self._since(place, array) <= rest.after_work_s, begin, NEVER)
        if not rest.is_paid:
            over_s = self.clock_s + rest.duration_s
            late_s = self._late_s(over_s) - self._late_s(self.clock_s)
            begin = begin - self.pay_gbp * rest.duration_s - self.late_gbp * late_s
        over = self._later(begin, rest.duration_s)
        if without is not None:
            return over
        over = over.min(axis=-2, keepdims=True)
        behind = self.shift.breaks[place + 1 : place + 2]
        if behind and behind[0].after_work_s is not None:
            only = np.full((self.count, self.count), NEVER)
            np.fill_diagonal(only, 0.0)
            over = over + only
        return over

    def _late_s(self, clock_s: np.ndarray) -> np.ndarray:
        after_s = NEVER if self.shift.overtime is None else self.shift.overtime.after_s
        return np.maximum(0.0, clock_s - after_s)

    def _ended(self, key, array: np.ndarray, leg: Leg) -> np.ndarray | None:
        place, without = key
        if place < len(self.shift.breaks):
            return None
        array = self._later(array, leg.travel_s) + self.pay_gbp * self.clock_s
        if without is not None:
            most_s = self.shift.breaks[without].after_work_s
            array = np.where(self._since(without, array) <= most_s, array, NEVER)
        array = array.min(axis=-2)
        unpaid_s = self._unpaid_s(without)
        if self.knows_departure:
            left_s = self.clock_s.reshape((-1, 1))
            late_s = self._late_s(self.clock_s) - self._late_s(left_s)
            array = array + np.where(late_s > 0, late_s, 0.0) * self.late_gbp
            if self.shift.most_work_s is not None:
                is_short = self.clock_s - left_s - unpaid_s <= self.shift.most_work_s
                array = np.where(is_short, array, NEVER)
        if self.day.weighs_work:
            return self._by_work(array, unpaid_s)
        return array.min(axis=(-2, -1))[..., None]

    def _unpaid_s(self, without: int | None) -> int:
        return sum(
            rest.duration_s
            for place, rest in enumerate(self.shift.breaks)
            if not rest.is_paid
            and (rest.after_work_s is None or without is None or place < without)
        )

    def _by_work(self, array: np.ndarray, unpaid_s: int) -> np.ndarray:
        unpaid = unpaid_s // self.day.step_s
        by_work = np.full((*array.shape[:-2], len(self.day.clock_s)), NEVER)
        for departure in range(self.count):
            ends = array[..., departure, departure + unpaid :]
            by_work[..., : ends.shape[-1]] = np.minimum(by_work[..., : ends.shape[-1]], ends)
        return by_work


def _is_in(clock_s: np.ndarray, window: TimeWindow) -> np.ndarray:
    return (clock_s >= window.start_s) & (clock_s <= window.end_s)


class _Sheets:
    """Every route sheet of one order, moment by moment, until one costs what it should."""

    def __init__(self, day: _Day, shift: Shift, order, begins: dict[int, float]) -> None:
        self.day, self.shift, self.order, self.begins = day, shift, order, begins
        self.ways, self.times = _Ways(day, shift), _Times(day, shift)
        self.legs = self.ways.legs(order)

    def first_of(self, cost_gbp: float, work_s: float | None) -> tuple[Stop, ...]:
        """Return the first sheet of that cost (and work)."""
        timeless = self.ways.cost_gbp(self.legs) + sum(map(self.times.people_gbp, self.order))
        for clock_s in self.times.clock_s:
            start = _stop(StopKind.START, self.shift.start_place, float(clock_s))
            for stops, taken in self._on([start], 0, ()):
                spent_gbp, worked_s = self._cost(stops, taken)
                if work_s is not None and worked_s != work_s:
                    continue
                if abs(spent_gbp + timeless - cost_gbp) < _SAME_GBP:
                    return tuple(stops)
        msg = f"{self.shift.id}: no sheet of {self.order} costs {cost_gbp}"
        raise AssertionError(msg)

    def _on(self, stops: list[Stop], made: int, taken: tuple[int, ...]):
        if stops[-1].leave_s > self.shift.hours.end_s:
            return
        place = taken[-1] + 1 if taken else 0
        for rest in range(place, len(self.shift.breaks)):
            yield from self._break(stops, made, taken, rest)
            if self.shift.breaks[rest].after_work_s is None:
                break
        yield from self._leg(stops, made, taken)

    def _break(self, stops, made: int, taken, number: int):
        rest, last = self.shift.breaks[number], stops[-1]
        if not self._after_work_in_order(taken, number):
            return
        for clock_s in map(float, self.times.clock_s):
            if clock_s < last.leave_s or clock_s + rest.duration_s > self.shift.hours.end_s:
                continue
            if rest.window is not None and not _is_in(clock_s, rest.window):
                continue
            since_s = self._counts_from(stops, taken, number)
            if rest.after_work_s is not None and clock_s - since_s > rest.after_work_s:
                continue
            taking = Stop(
                kind=StopKind.BREAK,
                place=last.place,
                travel_s=0.0,
                distance_m=0.0,
                arrive_s=last.leave_s,
                wait_s=clock_s - last.leave_s,
                begin_s=clock_s,
                leave_s=clock_s + rest.duration_s,
            )
            yield from self._on([*stops, taking], made, (*taken, number))

    def _after_work_in_order(self, taken, number: int) -> bool:
        breaks = self.shift.breaks
        if breaks[number].after_work_s is None:
            return True
        return all(rest in taken for rest in range(number) if breaks[rest].after_work_s)

    @staticmethod
    def _counts_from(stops, taken, number: int) -> float:
        """Return when the time of a break (none of those before it being left out) counts from."""
        ended = [stop.leave_s for stop in stops if stop.kind is StopKind.BREAK]
        return dict(zip(taken, ended, strict=True)).get(number - 1, stops[0].leave_s)

    def _leg(self, stops, made: int, taken):
        leg, last = self.legs[made], stops[-1]
        arrive_s = last.leave_s + leg.travel_s + leg.parking_s
        if made == len(self.order):
            place = self.shift.end_place or last.place
            end = _stop(StopKind.END, place, arrive_s, leg)
            if arrive_s <= self.shift.hours.end_s and self._is_rested([*stops, end], taken):
                yield [*stops, end], taken
            return
        number = self.order[made]
        visit = self.day.visits[number]
        stay_s = visit.service_s_of(self.shift.staff)
        for begin_s in map(float, self.times.clock_s):
            if begin_s < arrive_s + leg.set_up_s or self.begins.get(number, begin_s) != begin_s:
                continue
            if _may_begin(visit, begin_s, leg.set_up_s, stay_s):
                there = Stop(
                    kind=StopKind.VISIT,
                    place=visit.id,
                    travel_s=leg.travel_s,
                    distance_m=leg.distance_m,
                    arrive_s=arrive_s,
                    wait_s=begin_s - leg.set_up_s - arrive_s,
                    begin_s=begin_s,
                    leave_s=begin_s + stay_s,
                    parking_s=leg.parking_s,
                    set_up_s=leg.set_up_s,
                    walk_s=leg.walk_s,
                )
                yield from self._on([*stops, there], made + 1, taken)

    def _is_rested(self, stops, taken) -> bool:
        """Tell whether the breaks that the round did without were not needed."""
        without = [n for n in range(len(self.shift.breaks)) if n not in taken]
        if any(self.shift.breaks[n].after_work_s is None for n in without):
            return False
        if not without:
            return True
        since_s = self._counts_from(stops, taken, without[0])
        return stops[-1].arrive_s - since_s <= self.shift.breaks[without[0]].after_work_s

    def _cost(self, stops, taken) -> tuple[float, float]:
        """Return pay, overtime and untimeliness, and the work."""
        start_s, end_s = stops[0].leave_s, stops[-1].arrive_s
        work_s, late_s = end_s - start_s, self._late_s(start_s, end_s)
        rests = [stop for stop in stops if stop.kind is StopKind.BREAK]
        for number, rest in zip(taken, rests, strict=True):
            if not self.shift.breaks[number].is_paid:
                work_s -= rest.leave_s - rest.begin_s
                late_s -= self._late_s(rest.begin_s, rest.leave_s)
        if self.shift.most_work_s is not None and work_s > self.shift.most_work_s:
            return NEVER, work_s
        cost = work_s * self.times.pay_gbp + late_s * self.times.late_gbp
        for number in self.order:
            visit = self.day.visits[number]
            if number not in self.day.tied:
                begin_s = next(stop.begin_s for stop in stops if stop.place == visit.id)
                cost += untimely_gbp(visit, begin_s)
        return cost, work_s

    def _late_s(self, start_s: float, end_s: float) -> float:
        if self.shift.overtime is None:
            return 0.0
        return max(0.0, end_s - max(start_s, self.shift.overtime.after_s))


def _stop(kind: StopKind, place: str, clock_s: float, leg: Leg | None = None) -> Stop:
    leg = leg or Leg()
    return Stop(
        kind=kind,
        place=place,
        travel_s=leg.travel_s,
        distance_m=leg.distance_m,
        arrive_s=clock_s,
        wait_s=0.0,
        begin_s=clock_s,
        leave_s=clock_s,
        walk_s=leg.walk_s,
    )
