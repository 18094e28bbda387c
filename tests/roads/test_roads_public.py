import subprocess
import sys

from ntgeo import roads


def output_of(code):
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    return ran.stdout.strip()


def test_every_public_name_is_there():
    for name in roads.__all__:
        assert getattr(roads, name).__module__.startswith("ntgeo.roads."), name
    assert sorted(roads.__all__, key=str) == sorted(set(roads.__all__))


def test_importing_the_room_loads_nothing_heavy():
    heavy = "{'numba', 'networkx', 'osmnx', 'osmium', 'scipy', 'shapely'}"
    code = f"import sys, ntgeo.roads; print(sorted({heavy} & set(sys.modules)))"
    told = output_of(code)
    assert told == "[]"


def test_reading_and_asking_never_loads_osmnx(small_town):
    path = small_town({1: (0, 0), 2: (9, 0)}, {1: ([1, 2], {"highway": "residential"})})
    code = f"""
import sys
from pathlib import Path
from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import read_roads, travel_times
here = {{"a": Location(easting_m=545_000, northing_m=258_000)}}
travel_times(read_roads(Path({str(path)!r}), mode=TravelMode.CAR), here, here)
print(sorted({{"networkx", "osmnx", "pandas", "geopandas"}} & set(sys.modules)))
"""
    told = output_of(code)
    assert told == "[]"
