import os
import signal
import sys

import numpy as np
import pytest

from ntgeo.domain.places import Location
from ntgeo.errors import CancelledError, DataUnavailableError, SettingsError
from ntgeo.progress import SILENT
from ntgeo.roads import prepare, travel_times, write_times
from ntgeo.roads.search import cluster

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Dask's, as its processes end
]


@pytest.fixture(scope="module")
def roads(real_roads):
    network = real_roads("cambridge/cambridge_drive.osm.pbf")
    prepare(network)
    return network


@pytest.fixture(scope="module")
def places(roads):
    spread = roads.junctions.xy_m[:: roads.junction_count // 1200] + 7.0
    return {
        f"p{number}": Location(easting_m=x, northing_m=y)
        for number, (x, y) in enumerate(spread.tolist())
    }


@pytest.fixture(scope="module")
def alone(roads, places):
    return travel_times(roads, places, places)


@pytest.fixture(scope="module")
def started():
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
    ) as cluster_here:
        yield cluster_here


@pytest.fixture
def two_workers(started):
    """Return the cluster with both workers up, which a nanny brings back after a kill."""
    started.wait_for_workers(2, timeout=120)
    return started


class Watching:
    """Calls back once, after the first rows have come."""

    def __init__(self, once):
        self.once = once
        self.is_done = False
        self.rows = []

    def stage(self, name, total=None):
        pass

    def note(self, message):
        pass

    def advance(self, done):
        self.rows.append(done)
        if not self.is_done:
            self.is_done = True
            self.once()

    def is_cancelled(self):
        return False


def same(one, other):
    assert np.array_equal(one.time_s, other.time_s, equal_nan=True)
    assert np.array_equal(one.distance_m, other.distance_m, equal_nan=True)
    assert one.origins == other.origins


def test_two_workers_give_the_same_matrix(roads, places, alone, two_workers, tmp_path):
    address = two_workers.scheduler_address
    same(travel_times(roads, places, places, scheduler=address), alone)
    on_disk = write_times(roads, places, places, tmp_path / "times", scheduler=address)
    same(on_disk.select(tuple(places), tuple(places)), alone)


def test_a_worker_killed_midway_changes_nothing(roads, places, alone, two_workers):
    victim = next(iter(two_workers.workers.values()))
    first = victim.pid
    watching = Watching(lambda: os.kill(first, signal.SIGKILL))
    found = travel_times(
        roads, places, places, scheduler=two_workers.scheduler_address, progress=watching
    )
    same(found, alone)
    assert watching.is_done
    assert watching.rows == sorted(watching.rows)
    assert watching.rows[-1] == len(places)
    assert victim.pid != first


def test_what_every_worker_held_is_asked_again(roads, places, alone, two_workers):
    """All workers die at once: the search itself is lost, and shared out anew."""

    def kill_all():
        for worker in two_workers.workers.values():
            os.kill(worker.pid, signal.SIGKILL)

    found = travel_times(
        roads, places, places, scheduler=two_workers.scheduler_address, progress=Watching(kill_all)
    )
    same(found, alone)


def test_stopping_is_heard(roads, places, two_workers):
    class Stopped(Watching):
        def is_cancelled(self):
            return self.is_done

    with pytest.raises(CancelledError):
        travel_times(
            roads,
            places,
            places,
            scheduler=two_workers.scheduler_address,
            progress=Stopped(lambda: None),
        )


def test_a_cluster_that_cannot_be_used_is_told(roads, places, monkeypatch):
    def ask(scheduler):
        travel_times(roads, places, places, scheduler=scheduler, progress=SILENT)

    with pytest.raises(SettingsError, match="no address of a Dask scheduler"):
        ask("nowhere")
    monkeypatch.setattr(cluster, "_ANSWER_WITHIN_S", 1)
    with pytest.raises(DataUnavailableError, match="no Dask scheduler answered within 1 s"):
        ask("tcp://127.0.0.1:9")
    with (
        distributed.LocalCluster(
            n_workers=0, dashboard_address="127.0.0.1:0", host="127.0.0.1"
        ) as empty,
        pytest.raises(DataUnavailableError, match="it has no workers"),
    ):
        ask(empty.scheduler_address)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(
        DataUnavailableError, match=r"Dask: it is not installed here.*ntgeo\[dask\]"
    ):
        ask("tcp://127.0.0.1:9")


def test_workers_of_another_version_are_refused(roads, places, two_workers, monkeypatch):
    monkeypatch.setattr(cluster, "__version__", "9.9")
    with pytest.raises(DataUnavailableError, match=r"2 of 2 workers lack ntgeo 9\.9"):
        travel_times(roads, places, places, scheduler=two_workers.scheduler_address)
