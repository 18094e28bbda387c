import math
from datetime import date, time

import pytest
import toytown

from ntgeo.domain.places import Location
from ntgeo.domain.routing import Depot, DepotId, TimeWindow, VisitDay
from ntgeo.domain.scenario import DaylightTable
from ntgeo.domain.units import moment
from ntgeo.errors import ScenarioError
from ntgeo.services.daylight import daylight_at, daylight_of

NORTH_SHIELDS = Location(easting_m=435_600, northing_m=568_400)
NOWHERE = VisitDay(visits=(), shifts=(), depots=())


SUN_ON_HORIZON_DEG = -0.833  # its upper edge, bent by the air


def sun_altitude_deg(at, *, lon_deg, lat_deg):
    """Return how high the sun stands, by the Astronomical Almanac's low-precision formulae."""
    days = at.timestamp() / 86_400 + 2_440_587.5 - 2_451_545.0
    mean, anomaly = 280.460 + 0.9856474 * days, math.radians(357.528 + 0.9856003 * days)
    ecliptic = math.radians(mean + 1.915 * math.sin(anomaly) + 0.020 * math.sin(2 * anomaly))
    tilt = math.radians(23.439 - 4e-7 * days)
    ascension = math.atan2(math.cos(tilt) * math.sin(ecliptic), math.cos(ecliptic))
    declination = math.asin(math.sin(tilt) * math.sin(ecliptic))
    sidereal = math.radians(15 * (18.697374558 + 24.06570982441908 * days) + lon_deg)
    lat = math.radians(lat_deg)
    height = math.sin(lat) * math.sin(declination)
    height += math.cos(lat) * math.cos(declination) * math.cos(sidereal - ascension)
    return math.degrees(math.asin(height))


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 6, 21),
        date(2026, 12, 21),
        date(2026, 3, 29),  # the clocks went forward that night
        date(2026, 10, 25),  # and back
    ],
)
def test_the_sun_is_on_the_horizon_when_it_gets_light_and_dark(day):
    light = daylight_at(day, NORTH_SHIELDS)
    assert light.start_s < 13 * 3600 < light.end_s
    for at_s in (light.start_s, light.end_s):
        height = sun_altitude_deg(moment(day, at_s), lon_deg=-1.443, lat_deg=55.008)
        assert height == pytest.approx(SUN_ON_HORIZON_DEG, abs=0.1)


def test_a_scenario_may_say_when_it_is_light():
    asked = DaylightTable(begins=time(7, 30), ends=time(16, 15))
    light = daylight_of(date(2026, 3, 29), asked, NOWHERE)
    assert light == TimeWindow(start_s=int(6.5 * 3600), end_s=int(15.25 * 3600))  # 23-hour day
    with pytest.raises(ScenarioError, match="01:30 does not exist"):
        daylight_of(date(2026, 3, 29), DaylightTable(begins=time(1, 30), ends=time(16)), NOWHERE)
    with pytest.raises(ValueError, match="daylight ends at 06:00, before"):
        DaylightTable(begins=time(7), ends=time(6))


def test_without_any_place_no_light_is_known():
    assert daylight_of(date(2026, 3, 29), None, NOWHERE) is None


def test_the_middle_of_the_places_decides():
    ends = [toytown.location(0), toytown.location(60)]
    middle = Location(
        easting_m=sum(p.easting_m for p in ends) / 2, northing_m=sum(p.northing_m for p in ends) / 2
    )
    depots = tuple(
        Depot(id=DepotId(str(i)), name="", location=place) for i, place in enumerate(ends)
    )
    places = VisitDay(visits=(), shifts=(), depots=depots)
    day = date(2026, 11, 24)
    assert daylight_of(day, None, places) == daylight_at(day, middle)
