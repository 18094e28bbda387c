"""A made-up day of visits at real postcodes, for trying rounds where no real visits are to hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Final

import numpy as np

from ntgeo.domain.places import Location
from ntgeo.domain.routing import (
    Break,
    Depot,
    DepotId,
    Shift,
    ShiftId,
    StaffId,
    TimeWindow,
    Visit,
    VisitDay,
    VisitId,
)
from ntgeo.domain.units import SECONDS_PER_MINUTE, seconds_of_day
from ntgeo.sample.seeded_rules import with_rules

__all__ = ["draw_day"]

_DURATIONS_MIN: Final = (15, 20, 30, 30, 45, 60)
_SKILLS: Final = ("medication", "moving and handling")
_SKILL_SHARES: Final = (0.20, 0.15)
_HOURS: Final = ((7, 15), (8, 16), (9, 17), (12, 20))
_WINDOW_STARTS: Final = (8, 9, 10, 11, 13, 14, 15)
_WINDOW_HOURS: Final = (2, 3, 4)
_BREAK_MIN: Final = 30
_RULES: Final = 1
"""Tells the chance of rules from that of visits: one moves nothing of the other."""


def draw_day(
    addresses: Sequence[Location], *, day: date, visits: int, staff: int, seed: int
) -> VisitDay:
    """Draw visits at ``addresses``, and shifts that start in their middle.

    No two visits are at one address, but for two doses to one person. Some visits take two
    people, some are four hours after another, half have usual staff.

    Args:
        addresses: Places that a visit may be at, in an order that does not change between runs.
        day: The day.
        visits: How many visits; at most as many as there are addresses.
        staff: How many shifts.
        seed: The same seed and addresses give the same day.

    Raises:
        ValueError: There are fewer addresses than visits.
    """
    if len(addresses) < visits:
        msg = f"{visits} visits were asked for but there are {len(addresses)} addresses"
        raise ValueError(msg)
    chance = np.random.Generator(np.random.PCG64([seed, visits, staff]))
    chosen = sorted(chance.choice(len(addresses), size=visits, replace=False).tolist())
    depot = Depot(id=DepotId("DEPOT"), name="Office", location=_middle(addresses))
    plain = VisitDay(
        visits=tuple(
            _visit(number, addresses[index], day, chance) for number, index in enumerate(chosen, 1)
        ),
        shifts=tuple(_shift(number, day, depot.id) for number in range(1, staff + 1)),
        depots=(depot,),
    )
    rules = np.random.Generator(np.random.PCG64([seed, visits, staff, _RULES]))
    return with_rules(plain, day=day, chance=rules)


def _middle(addresses: Sequence[Location]) -> Location:
    """Return the address nearest to the middle, so that the depot is at a road."""
    points = np.array([(place.easting_m, place.northing_m) for place in addresses])
    return addresses[int(np.argmin(((points - np.median(points, axis=0)) ** 2).sum(axis=1)))]


def _clock(day: date, hour: int) -> int:
    return seconds_of_day(day, time(hour))


def _visit(number: int, place: Location, day: date, chance: np.random.Generator) -> Visit:
    start_hour = int(chance.choice(_WINDOW_STARTS))
    end_hour = min(start_hour + int(chance.choice(_WINDOW_HOURS)), 18)
    skills = [s for s, share in zip(_SKILLS, _SKILL_SHARES, strict=True) if chance.random() < share]
    return Visit(
        id=VisitId(f"V{number:03d}"),
        location=place,
        service_s=int(chance.choice(_DURATIONS_MIN)) * SECONDS_PER_MINUTE,
        windows=(TimeWindow(start_s=_clock(day, start_hour), end_s=_clock(day, end_hour)),),
        skills=frozenset(skills),
        priority=int(chance.integers(1, 6)),
    )


def _shift(number: int, day: date, depot: DepotId) -> Shift:
    start_hour, end_hour = _HOURS[number % len(_HOURS)]
    can = {_SKILLS[number % 2]} if number % 3 else set(_SKILLS)
    return Shift(
        id=ShiftId(f"S{number:02d}"),
        staff=StaffId(f"STAFF-{number:02d}"),
        start_place=depot,
        end_place=depot,
        hours=TimeWindow(start_s=_clock(day, start_hour), end_s=_clock(day, end_hour)),
        skills=frozenset(can),
        breaks=(
            Break(
                duration_s=_BREAK_MIN * SECONDS_PER_MINUTE,
                window=TimeWindow(
                    start_s=_clock(day, start_hour + 3), end_s=_clock(day, start_hour + 5)
                ),
            ),
        ),
    )
