"""What is asked of the sample day's visits besides time and skills.

Each rule is put on visits of the rounds that the day was drawn from, in a way that those rounds
keep or nearly keep it: so the day stays one that can nearly all be made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Final

import numpy as np

from ntgeo.sample.calls import Call, clock

__all__ = ["LINK_COLUMNS", "RULE_COLUMNS", "CallLink", "add_rules", "staff_id"]

RULE_COLUMNS: Final = (
    *("window_sense", "soft_start", "soft_end", "soft_early_gbp_per_minute"),
    *("soft_late_gbp_per_minute", "duration_by_staff", "crew", "not_alone", "required_staff"),
    *("preferred_staff", "forbidden_staff", "usual_staff", "address_id", "set_up_min"),
    *("pinned_shifts", "pinned_start", "pinned_place"),
)
"""Columns of the table of visits that hold these rules; blank where nothing is asked."""
LINK_COLUMNS: Final = (
    *("first", "second", "least_gap_min", "greatest_gap_min", "staff", "both_or_neither"),
)

_CARE: Final = "personal care"
_NORTH_DAY: Final = (1, 2)
_EVENING: Final = (3, 7)
_MORNING_AND_EVENING: Final = ((0, 3), (4, 7))
"""Shifts of one bank of the river whose staff give medication."""
_DARK_AT_MIN: Final = 15 * 60 + 50
"""Sunset at the sample borough on its day, ten minutes short."""
_LEAST_GAP_MIN: Final = 240
_GREATEST_GAP_MIN: Final = 600
_CREWS: Final = 3
_DOORS: Final = 3
_AFTER_DARK: Final = 3
_SET_UP_MIN: Final = 5
_SOFT_SHARE: Final = 0.4
_SOFT_HALF_MIN: Final = 20
_WIDE_MIN: Final = 90
_USUAL_SHARE: Final = 0.55
_USUAL_KINDS: Final = (0.7, 0.2, 0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLink:
    """What two visits have to do with each other; ``asks`` is column → cell."""

    first: Call
    second: Call
    asks: dict[str, object]


@dataclass(slots=True, kw_only=True)
class _Draw:
    """The visits, those of them already spoken for, and chance."""

    calls: Sequence[Call]
    rng: np.random.Generator
    taken: set[int] = field(default_factory=set)

    def take(self, count: int, is_fit: Callable[[Call], bool]) -> list[Call]:
        """Return so many visits that fit and are not spoken for, at most; then they are."""
        fit = [c for c in self.calls if id(c) not in self.taken and c.is_plain and is_fit(c)]
        chosen = self.rng.permutation(len(fit))[:count].tolist()
        return self.speak_for([fit[place] for place in sorted(chosen)])

    def speak_for(self, calls: list[Call]) -> list[Call]:
        self.taken |= {id(call) for call in calls}
        return calls


def staff_id(shift: int) -> str:
    """Return who works the shift of a place."""
    return f"ST{shift + 1:02d}"


def add_rules(calls: Sequence[Call], rng: np.random.Generator) -> list[CallLink]:
    """Ask more of some visits, and return what some have to do with each other."""
    draw = _Draw(calls=[call for call in calls if call.shift is not None], rng=rng)
    links = [*_two_doses(draw), *_same_face(draw)]
    _share_doors(draw)
    _need_two(draw)
    _settle(draw)
    _end_in_time(draw)
    for call in draw.calls:
        _know_staff(call, rng)
        if call.closes_min - call.opens_min >= _WIDE_MIN and rng.random() < _SOFT_SHARE:
            _have_better(call)
    return links


def _two_doses(draw: _Draw) -> list[CallLink]:
    """A dose in the morning and one in the evening at the same door, four hours apart at least."""
    for morning, evening in _MORNING_AND_EVENING:
        for first, second in product(_given_by(draw, morning), _given_by(draw, evening)):
            gap_min = second.start_min - first.start_min - first.duration_min
            if _LEAST_GAP_MIN < gap_min < _GREATEST_GAP_MIN:
                second.address = first.address
                asks: dict[str, object] = {
                    "least_gap_min": _LEAST_GAP_MIN,
                    "greatest_gap_min": _GREATEST_GAP_MIN,
                }
                draw.speak_for([first, second])
                return [CallLink(first=first, second=second, asks=asks)]
    return []


def _given_by(draw: _Draw, shift: int) -> list[Call]:
    return [call for call in draw.calls if call.shift == shift and "medication" in call.skills]


def _same_face(draw: _Draw) -> list[CallLink]:
    """Two visits of a round that the same member of staff makes."""
    first = draw.take(1, lambda call: call.shift == _NORTH_DAY[0])
    second = draw.take(1, lambda call: call.shift == _NORTH_DAY[0])
    asks: dict[str, object] = {"staff": "same"}
    return [
        CallLink(first=one, second=other, asks=asks)
        for one, other in zip(first, second, strict=False)
    ]


def _share_doors(draw: _Draw) -> None:
    """Visits that follow each other in a round are at one door, with a set-up for both."""
    follow = [
        (one, other)
        for one, other in pairwise(draw.calls)
        if one.shift == other.shift and one.start_min < other.start_min
    ]
    number = 0
    for place in draw.rng.permutation(len(follow)).tolist():
        pair = follow[place]
        if number == _DOORS or any(id(call) in draw.taken for call in pair):
            continue
        number += 1
        pair[1].address = pair[0].address
        for call in draw.speak_for(list(pair)):
            call.widen(15, 15)
            call.asks |= {"address_id": f"A{number:02d}", "set_up_min": _SET_UP_MIN}


def _need_two(draw: _Draw) -> None:
    """Some visits take two people; some only after dark."""
    for number, call in enumerate(draw.take(_CREWS, lambda call: call.shift in _NORTH_DAY)):
        call.skills = (_CARE,)
        call.widen(60, 60)
        call.asks |= {"not_alone": "always"} if number == 0 else {"crew": 2}

    def ends_by_day(call: Call) -> bool:
        return call.shift in _EVENING and call.start_min + call.duration_min < _DARK_AT_MIN

    for call in draw.take(_AFTER_DARK, ends_by_day):
        call.widen(15, 180)
        call.asks["not_alone"] = "after-dark"


def _settle(draw: _Draw) -> None:
    """One visit is promised to a shift, one to a time, and one is the first of its round."""
    day = (1, 2, 5, 6)
    for call in draw.take(1, lambda call: call.shift in day):
        call.asks["pinned_shifts"] = f"SH{(call.shift or 0) + 1:02d}"
    for call in draw.take(1, lambda call: call.shift in day):
        call.asks["pinned_start"] = clock(-int(-call.start_min // 15) * 15)
    firsts = [
        min((c for c in draw.calls if c.shift == shift), key=lambda call: call.start_min)
        for shift in day
    ]
    for call in draw.take(1, lambda call: any(call is first for first in firsts)):
        call.asks["pinned_place"] = "first"


def _end_in_time(draw: _Draw) -> None:
    """One visit must be over within its window, and one be come to."""
    for call in draw.take(1, lambda call: call.duration_min <= 45):  # noqa: PLR2004 - minutes
        call.widen(30, 30 + call.duration_min)
        call.asks["window_sense"] = "finish"
    for call in draw.take(1, lambda call: call.closes_min - call.opens_min >= 60):  # noqa: PLR2004
        call.asks["window_sense"] = "arrive"
    for call in draw.take(1, lambda call: call.shift == _NORTH_DAY[0]):
        call.asks["duration_by_staff"] = f"{staff_id(0)}:{call.duration_min + 15}"


def _know_staff(call: Call, rng: np.random.Generator) -> None:
    """Most visits know who comes; a few prefer or refuse somebody."""
    own, other = call.shift or 0, int(rng.integers(8))
    if rng.random() < _USUAL_SHARE:
        kinds = ({own}, {own, other}, {other})
        known = kinds[int(rng.choice(3, p=_USUAL_KINDS))]
        call.asks["usual_staff"] = ";".join(sorted(map(staff_id, known)))
    chance = rng.random()
    if chance < 0.1:  # noqa: PLR2004 - share of visits
        call.asks["preferred_staff"] = staff_id(own)
    elif chance < 0.15 and other != own:  # noqa: PLR2004 - share of visits
        call.asks["forbidden_staff"] = staff_id(other)
    elif chance < 0.18:  # noqa: PLR2004 - share of visits
        call.asks["required_staff"] = ";".join(sorted({staff_id(own), staff_id(other)}))


def _have_better(call: Call) -> None:
    """A visit with a wide window had better begin about when its round does."""
    start = round(call.start_min / 5) * 5
    call.asks |= {
        "soft_start": clock(start - _SOFT_HALF_MIN),
        "soft_end": clock(start + _SOFT_HALF_MIN),
        "soft_early_gbp_per_minute": 0.05,
        "soft_late_gbp_per_minute": 0.1,
    }
