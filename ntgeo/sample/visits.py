"""One day of home visits: staff, shifts, and about sixty visits that they can just make.

A round is drawn for each shift first, with slow roads and its break; the windows are then put
around the times of that round. So every visit but one can be made in principle, and the day is
tight. The one that cannot be made needs a skill that nobody on shift has.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from ntgeo.sample.addresses import Addresses
from ntgeo.sample.calls import Call, clock
from ntgeo.sample.ground import Floats, placed
from ntgeo.sample.network import StreetNetwork, Whole
from ntgeo.sample.streams import Part, stream
from ntgeo.sample.visit_rules import LINK_COLUMNS, RULE_COLUMNS, add_rules, staff_id

__all__ = [
    "DAY",
    "DEPOT_COLUMNS",
    "LINK_COLUMNS",
    "SHIFT_COLUMNS",
    "SKILL_OF_NOBODY",
    "VISIT_COLUMNS",
    "build_depots",
    "build_shifts",
    "build_visits",
]

DAY: Final = date(2026, 11, 24)
"""A Tuesday; the tables give times of day only."""
SKILL_OF_NOBODY: Final = "catheter care"
DEPOT_COLUMNS: Final = ("depot_id", "name", "easting", "northing")
_TERM_COLUMNS: Final = (
    "break_paid", "break2_min", "break2_after_work_min", "mode", "walks_up_to_min", "parking_min",
    "overtime_after", "overtime_gbp_per_hour", "pay_gbp_per_hour", "may_go_alone",
)  # fmt: skip
SHIFT_COLUMNS: Final = (
    "shift_id", "staff_id", "start_time", "end_time", "start_depot", "end_depot", "skills",
    "break_min", "break_earliest", "break_latest", *_TERM_COLUMNS,
)  # fmt: skip
VISIT_COLUMNS: Final = (
    "visit_id", "duration_min", "window_start", "window_end", "window2_start", "window2_end",
    "skills", "priority", *RULE_COLUMNS, "easting", "northing",
)  # fmt: skip

_DEPOTS: Final = (
    ("D1", "North Bank Depot", 4720.0, 4480.0),
    ("D2", "South Bank Depot", 5620.0, 2050.0),
)
_CARE: Final = "personal care"
_SHIFTS: Final = (
    ("D1", 420, 780, 6, (_CARE, "medication")),
    ("D1", 480, 960, 8, (_CARE, "medication", "dementia care")),
    ("D1", 480, 960, 8, (_CARE, "reablement", "BSL")),
    ("D1", 840, 1260, 7, (_CARE, "medication", "reablement")),
    ("D2", 420, 780, 6, (_CARE, "medication", "dementia care")),
    ("D2", 480, 960, 8, (_CARE, "medication", "BSL")),
    ("D2", 480, 960, 8, (_CARE, "reablement", "dementia care")),
    ("D2", 840, 1260, 8, (_CARE, "medication")),
    ("D1", 510, 870, 0, (_CARE,)),
)
"""Depot, start, end, visits of the round that is drawn, skills; the last is a trainee's."""
_PAY_GBP: Final = 12.71
_SHORT_MIN: Final = 420
_TEA: Final = {"break2_min": 10, "break2_after_work_min": 210}
_LATE_PAY: Final = {"overtime_after": "20:00", "overtime_gbp_per_hour": 6.36}
_TERMS: Final[dict[int, dict[str, object]]] = {
    1: {"pay_gbp_per_hour": 13.4, **_TEA},
    2: {"walks_up_to_min": 8, "parking_min": 3, "pay_gbp_per_hour": 13.1},
    3: {"pay_gbp_per_hour": 13.4, **_LATE_PAY},
    4: {"mode": "bicycle", "parking_min": 1},
    5: {"pay_gbp_per_hour": 14.25, **_TEA},
    7: _LATE_PAY,
    8: {"may_go_alone": "no"},
}
"""Terms of a shift that are not those of the others, by its place."""
_BREAK_MIN: Final = 30
_BREAK_STARTS: Final = {420: (570, 690), 480: (690, 840), 510: (660, 780), 840: (1020, 1140)}
"""Start of a shift → first and last start of its break."""
_DURATIONS_MIN: Final = (15, 20, 30, 45, 60, 90)
_DURATION_SHARES: Final = (0.08, 0.1, 0.27, 0.27, 0.2, 0.08)
_ROUND_RADIUS_M: Final = 1500.0
_SLOW_M_PER_MIN: Final = 300.0
_PARKING_MIN: Final = 1.5
_SKILLED_SHARE: Final = 0.45
_SECOND_WINDOWS: Final = 3
_LATE_MIN: Final = 18 * 60
_WINDOW_MIN: Final = ((30, 0.3), (60, 0.3), (120, 0.25), (240, 0.15))
_PRIORITY_SHARES: Final = (0.15, 0.25, 0.35, 0.15, 0.1)


def build_depots(addresses: Addresses) -> list[tuple[object, ...]]:
    """Return the depots, one on each bank, as rows of :data:`DEPOT_COLUMNS`."""
    return [
        (code, name, *addresses.spots[_nearest(addresses, x, y)].tolist())
        for code, name, x, y in _DEPOTS
    ]


def build_shifts() -> list[tuple[object, ...]]:
    """Return the shifts of the day as rows of :data:`SHIFT_COLUMNS`."""
    rows = []
    for number, (depot, start, end, _, skills) in enumerate(_SHIFTS):
        asks = {
            "parking_min": 2,
            "pay_gbp_per_hour": _PAY_GBP,
            "break_paid": "no" if end - start > _SHORT_MIN else "yes",
            **_TERMS.get(number, {}),
        }
        rows.append(
            (
                f"SH{number + 1:02d}", staff_id(number), clock(start), clock(end), depot, depot,
                ";".join(skills), _BREAK_MIN, *map(clock, _BREAK_STARTS[start]),
                *(asks.get(column, "") for column in _TERM_COLUMNS),
            )
        )  # fmt: skip
    return rows


def build_visits(
    network: StreetNetwork, addresses: Addresses, seed: int
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Return the visits of the day and the links between them.

    Returns:
        Rows of :data:`VISIT_COLUMNS`, and rows of :data:`LINK_COLUMNS`.
    """
    rng = stream(seed, Part.VISITS)
    calls: list[Call] = []
    for number, shift in enumerate(_SHIFTS):
        if shift[3]:
            taken = {call.address for call in calls}
            calls += _round(number, network, addresses, rng, taken)
    for call in calls:
        _open_window(call, rng)
    calls.append(_beyond_everybody(calls, addresses, rng))
    order = rng.permutation(len(calls)).tolist()
    early = [index for index, call in enumerate(calls) if call.closes_min < _LATE_MIN]
    later = set(rng.choice(np.array(early), _SECOND_WINDOWS, replace=False).tolist())
    priorities = rng.choice(5, len(calls), p=_PRIORITY_SHARES) + 1
    links = add_rules(calls, stream(seed, Part.VISIT_RULES))
    names = {id(calls[index]): f"V{place:03d}" for place, index in enumerate(order, start=1)}
    rows = [
        (
            names[id(calls[index])],
            *_work_cells(calls[index], has_second=index in later),
            int(priorities[place]),
            *(calls[index].asks.get(column, "") for column in RULE_COLUMNS),
            *addresses.spots[calls[index].address].tolist(),
        )
        for place, index in enumerate(order)
    ]
    ends = [{"first": names[id(link.first)], "second": names[id(link.second)]} for link in links]
    return rows, [
        tuple((link.asks | end).get(column, "") for column in LINK_COLUMNS)
        for link, end in zip(links, ends, strict=True)
    ]


def _work_cells(call: Call, *, has_second: bool) -> tuple[object, ...]:
    second = ("19:30", "20:00") if has_second else ("", "")
    window = (clock(call.opens_min), clock(call.closes_min))
    return (call.duration_min, *window, *second, ";".join(call.skills))


def _nearest(addresses: Addresses, x: float, y: float) -> int:
    return int(np.hypot(*(addresses.spots - placed([(x, y)])[0]).T).argmin())


def _round(
    number: int,
    network: StreetNetwork,
    addresses: Addresses,
    rng: np.random.Generator,
    taken: set[int],
) -> list[Call]:
    """Draw the round of a shift: where, in which order, how long, and when."""
    depot, start_min, end_min, count, skills = _SHIFTS[number]
    home = next(_nearest(addresses, x, y) for code, _, x, y in _DEPOTS if code == depot)
    stops = _places(addresses, home, count, rng, taken)
    junctions = addresses.junction[[home, *stops]]
    minutes = network.road_distances_m(junctions)[:, junctions].T / _SLOW_M_PER_MIN + _PARKING_MIN
    order = _nearest_next(minutes)
    durations = rng.choice(_DURATIONS_MIN, count, p=_DURATION_SHARES)
    while True:
        starts, back_min = _timed(order, minutes, durations, start_min)
        if back_min <= end_min - 5:
            break
        longest = int(durations.argmax())
        durations[longest] = max(d for d in (15, *_DURATIONS_MIN) if d < durations[longest])
    return [
        Call(
            shift=number,
            address=int(stops[stop - 1]),
            duration_min=int(durations[place]),
            start_min=starts[place],
            skills=_needed(skills, rng),
        )
        for place, stop in enumerate(order)
    ]


def _places(
    addresses: Addresses, home: int, count: int, rng: np.random.Generator, taken: set[int]
) -> Whole:
    """Return addresses near one another on the depot's side of the river."""
    side = addresses.spots[:, 1] > placed([(0.0, 3000.0)])[0, 1]
    same = side == (addresses.spots[home, 1] > placed([(0.0, 3000.0)])[0, 1])
    reach = np.hypot(*(addresses.spots - addresses.spots[home]).T) < 2.4 * _ROUND_RADIUS_M
    lived_in = np.flatnonzero(same & reach & (addresses.people > 1))
    middle = addresses.spots[int(rng.choice(lived_in))]
    away = np.hypot(*(addresses.spots - middle).T)
    near = [a for a in lived_in[away[lived_in] < _ROUND_RADIUS_M].tolist() if a not in taken]
    return rng.choice(np.array(near), count, replace=False)


def _nearest_next(minutes: Floats) -> list[int]:
    order: list[int] = []
    here = 0
    while len(order) < len(minutes) - 1:
        left = [stop for stop in range(1, len(minutes)) if stop not in order]
        here = min(left, key=lambda stop: (minutes[here, stop], stop))
        order.append(here)
    return order


def _timed(
    order: list[int], minutes: Floats, durations: Whole, start_min: int
) -> tuple[list[float], float]:
    """Return when each visit of the round starts, with the break, and when the round is back."""
    earliest, latest = _BREAK_STARTS[start_min]
    clock, here, rested = float(start_min), 0, False
    starts = []
    for stop, duration in zip(order, durations.tolist(), strict=True):
        if not rested and clock + minutes[here, stop] + duration > (earliest + latest) / 2:
            clock, rested = max(clock, earliest) + _BREAK_MIN, True
        clock += float(minutes[here, stop])
        starts.append(clock)
        clock += duration
        here = stop
    return starts, clock + float(minutes[here, 0])


def _needed(skills: tuple[str, ...], rng: np.random.Generator) -> tuple[str, ...]:
    special = [s for s in skills if s != _CARE]
    if rng.random() >= _SKILLED_SHARE:
        return (_CARE,)
    extra = special[int(rng.integers(len(special)))]
    return (_CARE, extra) if rng.random() < 2 / 3 else (extra,)


def _open_window(call: Call, rng: np.random.Generator) -> None:
    """Put a window on quarter hours around the time of the round."""
    widths = [width for width, _ in _WINDOW_MIN]
    width = int(rng.choice(widths, p=[share for _, share in _WINDOW_MIN]))
    before = rng.uniform(0.15, 0.85) * width
    opens = int((call.start_min - before) // 15) * 15
    closes = -int(-(call.start_min + width - before) // 15) * 15
    call.opens_min = min(max(opens, 7 * 60), int(call.start_min))
    call.closes_min = max(min(closes, 21 * 60 - 15), int(call.start_min) + 1)


def _beyond_everybody(calls: list[Call], addresses: Addresses, rng: np.random.Generator) -> Call:
    taken = {call.address for call in calls}
    lived_in = [a for a in np.flatnonzero(addresses.people > 1).tolist() if a not in taken]
    return Call(
        shift=None,
        address=int(rng.choice(np.array(lived_in))),
        duration_min=30,
        start_min=600.0,
        skills=(_CARE, SKILL_OF_NOBODY),
        opens_min=540,
        closes_min=720,
    )
