from dataclasses import replace
from datetime import time

import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import (
    at_time_of_day,
    read_roads,
    read_speeds,
    travel_times,
    travel_times_by_departure,
)
from ntgeo.roads.search import engine

DAY = [time(3), time(8, 15), time(8, 45), time(12), time(17, 30)]


@pytest.mark.shared_data
@pytest.mark.parametrize("is_prepared", [False, True])
def test_several_departures_equal_the_single_ones(real_roads, monkeypatch, is_prepared):
    if is_prepared:
        monkeypatch.setattr(engine, "_MUCH_WORK", 1)
        monkeypatch.setattr(engine, "_MANY_ORIGINS", 1)
    network = replace(real_roads("cambridge/cambridge_drive.osm.pbf"))
    speeds = read_speeds(TravelMode.CAR)
    chosen = np.random.default_rng(4).choice(network.junctions.xy_m, 40).tolist()
    places = {str(n): Location(easting_m=x, northing_m=y) for n, (x, y) in enumerate(chosen)}
    together = travel_times_by_departure(network, places, places, DAY, speeds)
    assert list(together) == DAY
    assert ("hierarchy" in network.kept) == is_prepared
    monkeypatch.undo()
    for clock in DAY:
        fresh = replace(real_roads("cambridge/cambridge_drive.osm.pbf"))
        alone = travel_times(at_time_of_day(fresh, clock, speeds), places, places)
        assert np.array_equal(together[clock].time_s, alone.time_s, equal_nan=True)
        assert np.array_equal(together[clock].distance_m, alone.distance_m, equal_nan=True)
        assert together[clock].departs_at == alone.departs_at == clock
        assert together[clock].method == alone.method
    assert together[time(8, 15)].method == "road network, by car, leaving at 08:15"
    morning, night = together[time(8, 15)].time_s, together[time(3)].time_s
    assert np.nansum(morning) > 1.1 * np.nansum(night)


def test_departures_of_one_factor_are_worked_out_once(small_town, at):
    class Counting:
        stages = ()

        def stage(self, name, total=None):
            self.stages += ((name, total),)

        def advance(self, done):
            pass

        def note(self, message):
            pass

        def is_cancelled(self):
            return False

    ways = {1: ([1, 2], {"highway": "residential"})}
    path = small_town({1: (0, 0), 2: (900, 0)}, ways)
    ends = {"a": at(0, 0)}, {"b": at(900, 0)}
    for mode, worked_out in ((TravelMode.CAR, 4), (TravelMode.FOOT, 1)):
        counting = Counting()
        network, speeds = read_roads(path, mode=mode), read_speeds(mode)
        found = travel_times_by_departure(network, *ends, DAY, speeds, progress=counting)
        assert len(found) == len(DAY)
        assert len(counting.stages) == worked_out
    assert found[time(3)].departs_at is None
    assert found[time(3)].method == "road network, on foot"
