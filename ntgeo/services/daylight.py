"""When it is light: from sunrise to sunset at a place, or as a scenario says."""

from __future__ import annotations

import math
from datetime import date, datetime

from astral import Observer
from astral.sun import sunrise, sunset
from pyproj import Transformer

from ntgeo.domain.places import Location
from ntgeo.domain.routing import TimeWindow, VisitDay
from ntgeo.domain.scenario import DaylightTable
from ntgeo.domain.units import BRITISH_NATIONAL_GRID, LONDON, WGS84, seconds_of_day
from ntgeo.errors import Fault, ScenarioError

__all__ = ["daylight_at", "daylight_of"]


def daylight_of(day: date, asked: DaylightTable | None, places: VisitDay) -> TimeWindow | None:
    """Return when it is light on a day: as asked, else at the middle of its places.

    Raises:
        ScenarioError: The clocks skip a time that was asked for.
    """
    if asked is not None:
        try:
            begins_s, ends_s = (seconds_of_day(day, at) for at in (asked.begins, asked.ends))
        except ValueError as error:
            raise ScenarioError(
                Fault(
                    file="scenario",
                    column="rounds.daylight",
                    column_word="key",
                    what=str(error),
                    fix="give a time an hour later",
                    code="skipped-time",
                )
            ) from None
        return TimeWindow(start_s=begins_s, end_s=ends_s)
    there = list(places.locations.values())
    if not there:
        return None
    middle = Location(
        easting_m=math.fsum(place.easting_m for place in there) / len(there),
        northing_m=math.fsum(place.northing_m for place in there) / len(there),
    )
    return daylight_at(day, middle)


def daylight_at(day: date, place: Location) -> TimeWindow:
    """Return sunrise to sunset by the astral package, in whole seconds of the day's clock."""
    to_degrees = Transformer.from_crs(BRITISH_NATIONAL_GRID, WGS84, always_xy=True)
    lon, lat = to_degrees.transform(place.easting_m, place.northing_m)
    observer = Observer(latitude=lat, longitude=lon)
    midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON)
    begins, ends = (find(observer, day, tzinfo=LONDON) for find in (sunrise, sunset))
    return TimeWindow(
        start_s=math.ceil(begins.timestamp() - midnight.timestamp()),
        end_s=math.floor(ends.timestamp() - midnight.timestamp()),
    )
