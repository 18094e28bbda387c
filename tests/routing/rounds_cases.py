"""Small days with named rules switched on; all times on a grid, and prices that bite.

``small_day`` builds one from a stream of chance, ``small_days`` is the strategy of it for
hypothesis, and ``rule_sets`` lists every rule alone and in pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import partial
from itertools import combinations
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st

from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.places import Location
from ntgeo.domain.rounds_prices import USUAL_PRICES
from ntgeo.domain.routing import (
    Break,
    Depot,
    DepotId,
    GapFrom,
    NotAlone,
    Overtime,
    PlaceInRound,
    RoundsPrices,
    RoutingProblem,
    Shift,
    ShiftCosts,
    ShiftId,
    SoftWindow,
    StaffId,
    StaffLink,
    TimeWindow,
    Visit,
    VisitId,
    VisitLink,
    WindowSense,
)

GRID_S = 600
DAY = date(2026, 11, 24)
HERE = Location(easting_m=0.0, northing_m=0.0)
EIGHT = 48
"""Steps of the grid from midnight to eight o'clock, when the days begin."""
LONGEST = 20
"""Steps from the first start to the last end of any shift."""
DEPOTS = ("d0", "d1")
RUSH = time(8, 30)


@dataclass
class Draft:
    """A day as it is drawn up, rule by rule."""

    chance: Random
    visits: list[Visit]
    shifts: list[Shift]
    links: list[VisitLink] = field(default_factory=list)
    prices: RoundsPrices = USUAL_PRICES
    daylight: TimeWindow | None = None
    has_gaps: bool = False
    further: set[tuple[TravelMode, time | None]] = field(default_factory=set)

    def some(self, count: int = 1) -> list[int]:
        """Return the numbers of some visits."""
        return self.chance.sample(range(len(self.visits)), min(count, len(self.visits)))

    def change(self, number: int, **changes: Any) -> None:
        self.visits[number] = replace(self.visits[number], **changes)

    def change_shift(self, number: int, **changes: Any) -> None:
        self.shifts[number] = replace(self.shifts[number], **changes)

    def each(self, share: float = 0.6) -> Iterator[int]:
        """Yield the numbers of about that share of the visits, at least one."""
        chosen = [n for n in range(len(self.visits)) if self.chance.random() < share]
        yield from chosen or self.some()

    def each_shift(self, share: float = 0.6) -> Iterator[int]:
        chosen = [n for n in range(len(self.shifts)) if self.chance.random() < share]
        yield from chosen or [self.chance.randrange(len(self.shifts))]

    def staff(self, most: int = 1) -> frozenset[StaffId]:
        names = sorted({shift.staff for shift in self.shifts})
        return frozenset(self.chance.sample(names, self.chance.randint(1, min(most, len(names)))))

    def window(self, wide: tuple[int, int] = (1, 8)) -> TimeWindow:
        return window(self.chance.randint(0, 10), self.chance.randint(*wide))

    def linked(self, **changes: Any) -> None:
        """Link two visits that are not linked in a circle yet."""
        first, second = sorted(self.some(2))
        link = {"first": self.visits[first].id, "second": self.visits[second].id}
        self.links.append(VisitLink(**link, **changes))

    def price(self, **changes: Any) -> None:
        self.prices = replace(self.prices, **changes)

    def cost(self, number: int, **changes: Any) -> None:
        costs = replace(self.shifts[number].costs, **changes)
        self.change_shift(number, costs=costs)


def window(first: int, length: int) -> TimeWindow:
    """Return a window, in steps from eight o'clock."""
    start_s = (EIGHT + first) * GRID_S
    return TimeWindow(start_s=start_s, end_s=start_s + length * GRID_S)


def _steps(draft: Draft, least: int, most: int) -> int:
    return draft.chance.randint(least, most) * GRID_S


# --- what a visit may ask --------------------------------------------------------------------


def duration_by_staff(d: Draft) -> None:
    for n in d.each():
        d.change(n, service_s_by_staff={staff: _steps(d, 1, 4) for staff in sorted(d.staff(2))})


def several_windows(d: Draft) -> None:
    for n in d.each():
        d.change(n, windows=tuple(d.window((0, 3)) for _ in range(d.chance.randint(2, 3))))


def finish_in_window(d: Draft) -> None:
    for n in d.each():
        d.change(n, window_sense=WindowSense.FINISH, windows=(d.window((0, 5)),))


def arrive_in_window(d: Draft) -> None:
    for n in d.each():
        d.change(
            n,
            window_sense=WindowSense.ARRIVE,
            windows=(d.window((0, 4)),),
            set_up_s=_steps(d, 0, 2),
        )


def soft_windows(d: Draft) -> None:
    for n in d.some(2):
        prices = [
            {
                "early_gbp_per_minute": d.chance.choice([0.0, 0.05]),
                "late_gbp_per_minute": d.chance.choice([0.05, 0.3]),
            }
            for _ in range(d.chance.randint(1, 2))
        ]
        soft = tuple(SoftWindow(window=d.window((0, 3)), **price) for price in prices)
        d.change(n, soft_windows=soft)


def worst_lateness(d: Draft) -> None:
    for n in d.some(2):
        d.change(n, soft_windows=(SoftWindow(window=d.window((0, 2))),))
    d.price(worst_lateness_gbp_per_minute=d.chance.choice([0.05, 0.4]))


def skills(d: Draft) -> None:
    for n in d.each():
        d.change(n, skills=frozenset(d.chance.sample(["lift", "sign"], d.chance.randint(1, 2))))
    for n in range(len(d.shifts)):
        has = frozenset(d.chance.sample(["lift", "sign"], d.chance.randint(0, 2)))
        d.change_shift(n, skills=has)


def required_staff(d: Draft) -> None:
    for n in d.each(0.4):
        d.change(n, required_staff=d.staff(2))


def forbidden_staff(d: Draft) -> None:
    for n in d.each(0.4):
        d.change(n, forbidden_staff=d.staff())


def preferred_staff(d: Draft) -> None:
    for n in d.each():
        d.change(n, preferred_staff=d.staff(2))
    d.price(not_preferred_gbp=d.chance.choice([0.5, 3.0]))


def usual_staff(d: Draft) -> None:
    for n in d.each():
        d.change(n, usual_staff=d.staff(2))
    d.price(new_face_gbp=d.chance.choice([0.5, 3.0]))


def planned_staff(d: Draft) -> None:
    for n in d.each():
        d.change(n, planned_staff=d.staff())
    d.price(moved_gbp=d.chance.choice([0.5, 3.0]))


def crew(d: Draft) -> None:
    for n in d.some(d.chance.randint(1, 2)):
        d.change(n, crew=2)


def never_alone(d: Draft) -> None:
    for n in d.some():
        d.change(n, not_alone=NotAlone.ALWAYS)


def after_dark(d: Draft) -> None:
    for n in d.some(d.chance.randint(1, 2)):
        d.change(n, not_alone=NotAlone.AFTER_DARK)
    if d.chance.random() < 0.8:
        d.daylight = window(d.chance.randint(0, 5), d.chance.randint(3, 8))


def may_not_go_alone(d: Draft) -> None:
    d.change_shift(d.chance.randrange(len(d.shifts)), may_go_alone=False)
    if d.chance.random() < 0.7:
        d.change(d.some()[0], crew=2)


def least_gap(d: Draft) -> None:
    d.linked(least_gap_s=_steps(d, 0, 4))


def greatest_gap(d: Draft) -> None:
    least_s = _steps(d, 0, 3)
    d.linked(least_gap_s=least_s, greatest_gap_s=least_s + _steps(d, 0, 2))


def gap_from_begin(d: Draft) -> None:
    d.linked(least_gap_s=_steps(d, 0, 2), greatest_gap_s=_steps(d, 2, 5), gap_from=GapFrom.BEGIN)


def same_staff(d: Draft) -> None:
    d.linked(staff=StaffLink.SAME)


def different_staff(d: Draft) -> None:
    d.linked(staff=StaffLink.DIFFERENT)


def both_or_neither(d: Draft) -> None:
    least_s = d.chance.choice([None, GRID_S])
    d.linked(both_or_neither=True, least_gap_s=least_s)


def together(d: Draft) -> None:
    first, second = d.some(2)
    d.links.append(VisitLink.together(d.visits[first].id, d.visits[second].id))


def pinned_staff(d: Draft) -> None:
    for n in d.each(0.4):
        d.change(n, pin=replace(d.visits[n].pin, shifts=frozenset({d.chance.choice(d.shifts).id})))


def pinned_time(d: Draft) -> None:
    for n in d.each(0.3):
        at_s = (EIGHT + d.chance.randint(1, 14)) * GRID_S
        d.change(n, pin=replace(d.visits[n].pin, begin_s=at_s))


def pinned_place(d: Draft) -> None:
    for n in d.each(0.3):
        d.change(n, pin=replace(d.visits[n].pin, place=d.chance.choice(list(PlaceInRound))))


def set_up_at_address(d: Draft) -> None:
    for n in d.each(0.8):
        d.change(
            n, set_up_s=_steps(d, 0, 2), address=d.chance.choice([None, "1 High St", "1 High St"])
        )


def load(d: Draft) -> None:
    for n in d.each(0.8):
        d.change(n, load=d.chance.randint(1, 3) / 2)
    for n in d.each_shift(0.8):
        d.change_shift(n, capacity=d.chance.randint(1, 5) / 2)


def own_unmade_price(d: Draft) -> None:
    unmade_prices(d)
    for n in d.each(0.5):
        d.change(n, unmade_gbp=float(d.chance.randint(0, 8)))


# --- what a shift may ask --------------------------------------------------------------------


def end_at_last_visit(d: Draft) -> None:
    for n in d.each_shift():
        d.change_shift(n, end_place=None)


def _add_break(d: Draft, n: int, rest: Break) -> None:
    """Add a break in the order in which it can be taken, or leave it out where it cannot."""
    shift = d.shifts[n]
    breaks = (*shift.breaks, rest)
    windowed = [b.window.start_s if b.window else shift.hours.start_s for b in breaks]
    if windowed != sorted(windowed) or len(breaks) > 2:
        return
    try:
        d.change_shift(n, breaks=breaks)
    except ValueError:
        return


def fixed_break(d: Draft) -> None:
    for n in d.each_shift():
        _add_break(d, n, Break(duration_s=GRID_S, window=window(d.chance.randint(2, 8), 0)))


def floating_break(d: Draft) -> None:
    for n in d.each_shift():
        rest = Break(duration_s=_steps(d, 1, 2), window=d.window((1, 4)))
        _add_break(d, n, rest)


def break_at_any_time(d: Draft) -> None:
    for n in d.each_shift():
        _add_break(d, n, Break(duration_s=_steps(d, 1, 2)))


def break_after_work(d: Draft) -> None:
    for n in d.each_shift(0.8):
        _add_break(d, n, Break(duration_s=_steps(d, 1, 2), after_work_s=_steps(d, 2, 7)))


def break_after_break(d: Draft) -> None:
    for n in d.each_shift(0.8):
        for _ in range(2):
            _add_break(d, n, Break(duration_s=GRID_S, after_work_s=_steps(d, 2, 4)))


def unpaid_break(d: Draft) -> None:
    for n in d.each_shift(0.8):
        rest = Break(duration_s=_steps(d, 1, 3), window=d.window((2, 6)), is_paid=False)
        _add_break(d, n, rest)


def most_work(d: Draft) -> None:
    for n in d.each_shift(0.8):
        d.change_shift(n, most_work_s=_steps(d, 3, 8))


def most_travel(d: Draft) -> None:
    for n in d.each_shift(0.8):
        d.change_shift(n, most_travel_s=_steps(d, 2, 6))


def most_distance(d: Draft) -> None:
    for n in d.each_shift(0.8):
        d.change_shift(n, most_distance_m=2000.0 * d.chance.randint(2, 5))


def overtime(d: Draft) -> None:
    for n in d.each_shift(0.8):
        after_s = d.shifts[n].hours.end_s - _steps(d, 2, 8)
        d.change_shift(n, overtime=Overtime(after_s=after_s, gbp_per_hour=12.0))


def parking(d: Draft) -> None:
    for n in d.each_shift(0.8):
        d.change_shift(n, parking_s=GRID_S)
    for n in d.each(0.5):
        d.change(n, address="1 High St")


def modes(d: Draft) -> None:
    for n in d.each_shift():
        mode = d.chance.choice([TravelMode.BICYCLE, TravelMode.FOOT])
        if d.shifts[n].walks_up_to_s is None:
            d.change_shift(n, mode=mode)
            d.further.add((mode, d.shifts[n].traffic_at))


def traffic_at(d: Draft) -> None:
    for n in d.each_shift():
        d.change_shift(n, traffic_at=RUSH)
        d.further.add((d.shifts[n].mode, RUSH))


def walks(d: Draft) -> None:
    for n in d.each_shift(0.8):
        if d.shifts[n].mode is TravelMode.CAR:
            d.change_shift(n, walks_up_to_s=_steps(d, 1, 3), parking_s=_steps(d, 0, 1))
            d.further.add((TravelMode.FOOT, None))


def mileage(d: Draft) -> None:
    for n in d.each_shift(0.9):
        d.cost(n, mileage_gbp_per_mile=d.chance.choice([0.25, 0.8]))


def travel_price(d: Draft) -> None:
    for n in d.each_shift(0.9):
        d.cost(n, travel_gbp_per_hour=d.chance.choice([3.0, 18.0]))


def round_price(d: Draft) -> None:
    for n in d.each_shift(0.9):
        d.cost(n, round_gbp=d.chance.choice([1.0, 5.0]))


def two_shifts_of_one(d: Draft) -> None:
    one, other = d.shifts[0], d.shifts[1]
    later_s = max(other.hours.start_s, one.hours.end_s + _steps(d, -4, 0))
    middle_s = min(later_s, (EIGHT + LONGEST - 5) * GRID_S)
    if middle_s <= one.hours.start_s or one.breaks or other.breaks:
        return
    ends_s = max(other.hours.end_s, middle_s + 5 * GRID_S)
    d.change_shift(0, hours=TimeWindow(start_s=one.hours.start_s, end_s=middle_s))
    d.change_shift(1, hours=TimeWindow(start_s=middle_s, end_s=ends_s), staff=one.staff)


# --- what the day may ask --------------------------------------------------------------------


def unmade_prices(d: Draft) -> None:
    if d.prices.puts_priorities_first:
        d.price(unmade_gbp=d.chance.choice([(12.0, 9.0, 6.0, 4.0, 2.0), (5.0,) * 5]))


def work_spread(d: Draft) -> None:
    d.price(work_spread_gbp_per_hour=d.chance.choice([2.0, 15.0]))


def visits_spread(d: Draft) -> None:
    d.price(visits_spread_gbp=d.chance.choice([0.5, 4.0]))


def no_way(d: Draft) -> None:
    d.has_gaps = True


_BUILDERS: tuple[Callable[[Draft], None], ...] = (
    # Who works when comes first: what follows names staff and shifts.
    two_shifts_of_one,
    end_at_last_visit,
    fixed_break,
    floating_break,
    unpaid_break,
    break_at_any_time,
    break_after_work,
    break_after_break,
    most_work,
    most_travel,
    most_distance,
    overtime,
    modes,
    traffic_at,
    parking,
    walks,
    mileage,
    travel_price,
    round_price,
    duration_by_staff,
    several_windows,
    finish_in_window,
    arrive_in_window,
    soft_windows,
    worst_lateness,
    skills,
    required_staff,
    forbidden_staff,
    preferred_staff,
    usual_staff,
    planned_staff,
    crew,
    never_alone,
    after_dark,
    may_not_go_alone,
    least_gap,
    greatest_gap,
    gap_from_begin,
    same_staff,
    different_staff,
    both_or_neither,
    together,
    pinned_staff,
    pinned_time,
    pinned_place,
    set_up_at_address,
    load,
    unmade_prices,
    own_unmade_price,
    work_spread,
    visits_spread,
    no_way,
)
_BUILDER_OF = {builder.__name__: builder for builder in _BUILDERS}
RULES: tuple[str, ...] = tuple(_BUILDER_OF)
"""Every rule of the rounds by name, in the order in which they are put upon a day."""


def rule_sets() -> list[tuple[str, ...]]:
    """Return no rule at all, every rule alone, and every two together."""
    return [(), *((rule,) for rule in RULES), *combinations(RULES, 2)]


PLAIN_RULES: tuple[str, ...] = (
    "several_windows",
    "skills",
    "floating_break",
    "load",
    "no_way",
)
"""Those of a day that the plain engine may be asked."""


def small_day(
    chance: Random,
    rules: Iterable[str] = (),
    *,
    visits: tuple[int, int] = (3, 4),
    shifts: int | None = None,
) -> RoutingProblem:
    """Build a day on which these rules may bite.

    Args:
        chance: Decides everything else.
        rules: Some of ``RULES``.
        visits: How many, at least and at most.
        shifts: How many; 2 or 3 where that is left to chance.
    """
    wanted = set(rules)
    count = _shift_count(chance, wanted) if shifts is None else shifts
    draft = _plain_day(chance, visits=chance.randint(*visits), shifts=count)
    places = [*DEPOTS, *(visit.id for visit in draft.visits)]
    by_car = _matrix(draft, places, TravelMode.CAR, None)
    for name, builder in _BUILDER_OF.items():
        if name in wanted:
            builder(draft)
    if draft.has_gaps:
        by_car = _with_gaps(chance, by_car)
    return RoutingProblem.from_arrays(
        day=DAY,
        visits=draft.visits,
        shifts=draft.shifts,
        depots=[Depot(id=DepotId(name), name=name, location=HERE) for name in DEPOTS],
        travel=by_car,
        more_travel=[_matrix(draft, places, *kind) for kind in sorted(draft.further, key=str)],
        links=draft.links,
        prices=draft.prices,
        daylight=draft.daylight,
    )


def _shift_count(chance: Random, rules: set[str]) -> int:
    is_large = chance.random() < (0.5 if rules & {"crew", "together"} else 0.2)
    return 3 if is_large and "work_spread" not in rules else 2


def _plain_day(chance: Random, *, visits: int, shifts: int) -> Draft:
    draft = Draft(chance=chance, visits=[], shifts=[])
    for n in range(visits):
        draft.visits.append(
            Visit(
                id=VisitId(f"v{n}"),
                location=HERE,
                service_s=_steps(draft, 1, 3),
                windows=(draft.window(),),
                priority=chance.randint(1, 5),
            )
        )
    for n in range(shifts):
        start = chance.randint(0, 4)
        draft.shifts.append(
            Shift(
                id=ShiftId(f"s{n}"),
                staff=StaffId(f"p{n}"),
                start_place=DepotId(chance.choice(DEPOTS)),
                end_place=DepotId(chance.choice(DEPOTS)),
                hours=window(start, chance.randint(6, LONGEST - 4)),
                costs=ShiftCosts(pay_gbp_per_hour=6.0, mileage_gbp_per_mile=0.0),
            )
        )
    return draft


def _matrix(draft: Draft, places: list[str], mode: TravelMode, at: time | None) -> TravelTimeMatrix:
    size = len(places)
    slow = 1 if mode is TravelMode.CAR and at is None else draft.chance.randint(1, 2)
    steps = [[draft.chance.randint(0, 2 + slow) for _ in places] for _ in places]
    time_s = np.array(steps, dtype=float) * GRID_S
    matrix = TravelTimeMatrix.from_arrays(
        time_s.reshape(size, size),
        origins=places,
        destinations=places,
        distance_m=time_s.reshape(size, size) * 4.0 + 100.0,
        mode=mode,
    )
    return replace(matrix, departs_at=at)


def _with_gaps(chance: Random, matrix: TravelTimeMatrix) -> TravelTimeMatrix:
    cut = np.array([[chance.random() < 0.2 for _ in matrix.origins] for _ in matrix.origins])
    return replace(
        matrix,
        time_s=np.where(cut, np.nan, matrix.time_s),
        distance_m=np.where(cut, np.nan, matrix.distance_m),
    )


def small_days(
    rules: st.SearchStrategy[Iterable[str]] | None = None, **sizes: Any
) -> st.SearchStrategy[RoutingProblem]:
    """Return the strategy of small days; by default with any rule, any two, or none."""
    chosen = st.sampled_from(rule_sets()) if rules is None else rules
    return st.builds(partial(small_day, **sizes), st.randoms(use_true_random=False), chosen)


def plain_days(**sizes: Any) -> st.SearchStrategy[RoutingProblem]:
    """Return the strategy of small days that ask no more than the plain engine knows."""
    return small_days(st.frozensets(st.sampled_from(PLAIN_RULES)), **sizes)


def seeded_day(seed: int, rules: Iterable[str] = (), **sizes: Any) -> RoutingProblem:
    """Return the small day of a seed on which these rules may bite."""
    return small_day(Random(seed), rules, **sizes)  # noqa: S311


def seeded_days(count: int) -> Iterator[tuple[str, RoutingProblem]]:
    """Yield the first of endless rounds through every set of rules, each with its name."""
    sets = rule_sets()
    for number in range(count):
        rules = sets[number % len(sets)]
        yield f"{number}:{'+'.join(rules)}", small_day(Random(number), rules)  # noqa: S311
