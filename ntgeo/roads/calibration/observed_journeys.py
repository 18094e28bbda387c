"""Observed journeys put on the roads, and those that cannot tell anything set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.domain.observed import ObservedTimes
from ntgeo.domain.places import Location
from ntgeo.domain.units import BRITISH_NATIONAL_GRID
from ntgeo.errors import Fault, InputError
from ntgeo.progress import SILENT, Progress
from ntgeo.roads.calibration.journey_parts import journey_parts
from ntgeo.roads.calibration.time_parts import FITTED, MOVING, PARTS, PartedRoads
from ntgeo.roads.search.entries import direct_ways
from ntgeo.roads.search.snapping import OFF_ROAD, SnappedPlaces, snap_places
from ntgeo.roads.speeds import SpeedTable

__all__ = ["LEAST_JOURNEYS", "PlacedJourneys", "place_journeys"]

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

LEAST_JOURNEYS: Final = 30
"""Fewer usable journeys tell too little."""
_LEAST_PAIRS: Final = 10
_SQUARE_M: Final = 100.0
_LEAST_S: Final = 60.0
_MOST_TIMES: Final = 4.0
_SATURDAY: Final = 5
_LEAST_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlacedJourneys:
    """Observed journeys on the roads, and what tells how long each takes.

    Args:
        roads: With what their times are made of.
        starts: Where the journeys start.
        ends: Where they end.
        slot: (journeys,) the time of day of each departure, index into ``slots``.
        slots: When each time of day begins, ``HH:MM``.
        slot_factor: (slots,) of the speed table.
        observed_s: (journeys,) seconds.
        parts_s: (journeys, PARTS) along the fastest ways by the table as it is.
        refused: How many journeys were set aside, by reason.
    """

    roads: PartedRoads
    starts: SnappedPlaces
    ends: SnappedPlaces
    slot: Longs
    slots: tuple[str, ...]
    slot_factor: Floats
    observed_s: Floats
    parts_s: Floats
    refused: tuple[tuple[str, int], ...]

    def __len__(self) -> int:
        """Return how many journeys there are."""
        return len(self.observed_s)

    @property
    def pair(self) -> Longs:
        """(journeys,) number of the pair of places: alike where both ends lie in like squares."""
        ends_m = np.hstack([self.starts.place_xy_m, self.ends.place_xy_m])
        return np.unique(ends_m // _SQUARE_M, axis=0, return_inverse=True)[1].reshape(-1)

    def take(self, which: Longs) -> PlacedJourneys:
        """Return the part with the given journeys."""
        return replace(
            self,
            starts=self.starts.take(which),
            ends=self.ends.take(which),
            slot=self.slot[which],
            observed_s=self.observed_s[which],
            parts_s=self.parts_s[which],
        )

    def rerouted(
        self, factors: Floats, slot_factor: Floats, *, progress: Progress = SILENT
    ) -> PlacedJourneys:
        """Return the same journeys along the ways that are fastest by other factors."""
        parts_s = self.parts_s.copy()
        for factor in np.unique(slot_factor[self.slot]):
            which = np.flatnonzero(slot_factor[self.slot] == factor)
            timed = self.roads.timed(factors, float(factor))
            starts, ends = self.starts.take(which), self.ends.take(which)
            parts_s[which] = journey_parts(self.roads, timed, starts, ends, progress=progress)
        return replace(self, parts_s=parts_s)

    def expected_s(self, factors: Floats, slot_factor: Floats) -> Floats:
        """Return (journeys,) seconds by the given factors, along the ways at hand."""
        scaled = self.parts_s * factors
        scaled[:, MOVING] *= slot_factor[self.slot][:, None]
        return np.asarray(scaled.sum(axis=1))


def place_journeys(
    roads: PartedRoads,
    observed: ObservedTimes,
    *,
    snap_limit_m: float,
    progress: Progress = SILENT,
) -> PlacedJourneys:
    """Put observed journeys on the roads, and set aside those that cannot tell anything.

    Raises:
        InputError: The roads are not in Great Britain, fewer than :data:`LEAST_JOURNEYS` are left
            or they join few pairs of places, or the roads bring their own times, so that the table
            has no part in them.
    """
    if roads.network.epsg != BRITISH_NATIONAL_GRID:
        what = f"journeys are on the British National Grid, the roads in EPSG:{roads.network.epsg}"
        fix = "calibrate on roads of Great Britain"
        raise InputError(Fault(file=observed.file, what=what, fix=fix, code="crs-mismatch"))
    journeys = _placed(roads, observed, snap_limit_m)
    table = np.ones(len(PARTS))
    journeys = journeys.rerouted(table, journeys.slot_factor, progress=progress)
    reasons = _reasons(journeys, observed, journeys.expected_s(table, journeys.slot_factor))
    told = Counter(reason for reason in reasons if reason)
    kept = np.flatnonzero([not reason for reason in reasons])
    usable = replace(journeys.take(kept), refused=tuple(told.most_common()))
    _refuse_too_few(usable, observed)
    if usable.parts_s[:, FITTED].sum() < _LEAST_SHARE * usable.parts_s.sum():
        what = "the roads bring their own travel times, so no speed of the table can be told"
        fix = "use roads without times of their own, such as .osm.pbf"
        raise InputError(Fault(file=observed.file, what=what, fix=fix, code="own-times"))
    return usable


def _placed(roads: PartedRoads, observed: ObservedTimes, snap_limit_m: float) -> PlacedJourneys:
    starts, ends = (
        snap_places(roads.network, _locations(xy_m), snap_limit_m=snap_limit_m)
        for xy_m in (observed.origin_xy_m, observed.destination_xy_m)
    )
    slots, factor = _slots_of(roads.speeds)
    clocks = [f"{clock:%H:%M}" for clock in observed.departs_at]
    return PlacedJourneys(
        roads=roads,
        starts=starts,
        ends=ends,
        slot=np.searchsorted(slots, clocks, side="right").astype(np.int64) - 1,
        slots=slots,
        slot_factor=factor,
        observed_s=observed.time_s,
        parts_s=np.zeros((len(observed), len(PARTS))),
        refused=(),
    )


def _locations(xy_m: Floats) -> dict[str, Location]:
    return {
        str(number): Location(easting_m=x, northing_m=y)
        for number, (x, y) in enumerate(xy_m.tolist())
    }


def _slots_of(speeds: SpeedTable) -> tuple[tuple[str, ...], Floats]:
    table = {"00:00": 1.0, **speeds.time_of_day}
    slots = tuple(sorted(table))
    return slots, np.array([table[slot] for slot in slots])


def _reasons(
    journeys: PlacedJourneys, observed: ObservedTimes, expected_s: Floats
) -> Sequence[str]:
    """Return why each journey is set aside; empty where it is not."""
    direct = direct_ways(journeys.roads.network, journeys.starts, journeys.ends)
    is_one_stretch = np.zeros(len(observed), np.bool_)
    is_one_stretch[direct.origin[direct.origin == direct.destination]] = True
    is_off = (journeys.starts.link == OFF_ROAD) | (journeys.ends.link == OFF_ROAD)
    is_weekend = [day is not None and day.weekday() >= _SATURDAY for day in observed.day]
    times = observed.time_s / expected_s
    is_far_off = (times > _MOST_TIMES) | (times < 1 / _MOST_TIMES)
    is_short = np.minimum(observed.time_s, expected_s) < _LEAST_S
    return np.select(
        [is_off, is_weekend, is_one_stretch | is_short, np.isnan(expected_s), is_far_off],
        [
            f"no road within {journeys.starts.limit_m:,.0f} m",
            "on a Saturday or Sunday, for which the table is not",
            f"too short to tell (under {_LEAST_S:.0f} seconds, or along one stretch of road)",
            "no way by road",
            f"a speed over {_MOST_TIMES:.0f} times, or under a quarter of, the table's",
        ],
        "",
    ).tolist()


def _refuse_too_few(usable: PlacedJourneys, observed: ObservedTimes) -> None:
    pairs = len(np.unique(usable.pair))
    if len(usable) >= LEAST_JOURNEYS and pairs >= _LEAST_PAIRS:
        return
    reasons = "".join(f"; {count:,} refused: {reason}" for reason, count in usable.refused)
    what = f"{len(usable):,} of {len(observed):,} journeys can be used{reasons}"
    fix = f"give at least {LEAST_JOURNEYS} usable journeys"
    if len(usable) >= LEAST_JOURNEYS:
        what = f"its {len(usable):,} usable journeys join only {pairs:,} different pairs of places"
        fix = f"give journeys between at least {_LEAST_PAIRS} pairs of places"
    raise InputError(Fault(file=observed.file, what=what, fix=fix, code="few-journeys"))
