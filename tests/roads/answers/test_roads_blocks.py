import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.errors import CancelledError, DataUnavailableError, InputError
from ntgeo.roads import read_roads, travel_times
from ntgeo.roads.answers.blocks import NO_WAY, open_times, write_times


@pytest.fixture
def town(small_town):
    points = {number: (100 * (number % 5), 100 * (number // 5)) for number in range(25)}
    points |= {90: (9_000, 0), 91: (9_100, 0)}
    ways = {
        100 + number: ([number, number + 1], {"highway": "residential"}) for number in range(24)
    }
    ways[200] = ([90, 91], {"highway": "residential"})
    return read_roads(small_town(points, ways), mode=TravelMode.CAR)


@pytest.fixture
def places():
    rng = np.random.default_rng(1)
    found = {
        f"p{number:03}": Location(easting_m=545_000 + x, northing_m=258_000 + y)
        for number, (x, y) in enumerate(rng.uniform(0, 400, (300, 2)).tolist())
    }
    island = Location(easting_m=554_050, northing_m=258_000)
    return {**found, "island": island, "far": Location(easting_m=0, northing_m=0)}


@pytest.mark.parametrize("workers", [1, 3])
def test_the_matrix_on_disk_is_the_one_in_memory(town, places, tmp_path, workers):
    folder = tmp_path / "out" / "times"
    on_disk = write_times(town, places, places, folder, workers=workers)
    in_memory = travel_times(town, places, places)
    back = open_times(folder).select(tuple(places), tuple(places))
    assert np.array_equal(back.time_s, in_memory.time_s, equal_nan=True)
    assert np.array_equal(back.distance_m, in_memory.distance_m, equal_nan=True)
    assert back.method == in_memory.method
    assert back.time_range == in_memory.time_range == town.time_range
    assert back.departs_at is None
    assert on_disk.time_ms.dtype == np.uint32
    assert (on_disk.time_ms[:300, 300:] == NO_WAY).all()
    part = on_disk.select(["p007", "island"], ["island", "p001"])
    assert part.is_reachable.tolist() == [[False, True], [True, False]]
    assert [path.name for path in folder.parent.iterdir()] == ["times"]


def test_a_folder_that_is_there_is_left_alone(town, places, tmp_path):
    with pytest.raises(FileExistsError, match=tmp_path.name):
        write_times(town, places, places, tmp_path)


def test_stopping_leaves_nothing_behind(town, places, tmp_path):
    class Stopping:
        def stage(self, name, total=None):
            pass

        def advance(self, done):
            pass

        def is_cancelled(self):
            return True

    with pytest.raises(CancelledError):
        write_times(town, places, places, tmp_path / "times", progress=Stopping())
    assert list(tmp_path.glob("*times*")) == []


def test_what_is_not_whole_is_refused(town, places, tmp_path):
    with pytest.raises(DataUnavailableError, match="no such matrix"):
        open_times(tmp_path / "none")
    folder = tmp_path / "times"
    write_times(town, places, {"a": places["p001"]}, folder)
    np.save(folder / "time_ms.npy", np.zeros((2, 2), np.uint32))
    with pytest.raises(InputError, match="do not belong together"):
        open_times(folder)
    (folder / "time_ms.npy").write_bytes(b"cut")
    with pytest.raises(InputError, match="not whole"):
        open_times(folder)


def test_a_matrix_of_nothing(town, places, tmp_path):
    empty = write_times(town, places, {}, tmp_path / "times")
    assert empty.time_ms.shape == (len(places), 0)
    assert empty.select(["p001"], []).time_s.shape == (1, 0)
