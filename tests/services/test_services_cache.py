import multiprocessing
import os
import time

import numpy as np
import pytest

from ntgeo.errors import Fault, InputError
from ntgeo.services.cache import Cache, key_of


class Notes:
    def __init__(self):
        self.told = []

    def stage(self, name, total=None):
        pass

    def advance(self, done):
        pass

    def note(self, message):
        self.told.append(message)

    def is_cancelled(self):
        return False


@pytest.fixture
def cache(tmp_path):
    return Cache(folder=tmp_path, most_bytes=1000)


def put(cache, key, size, *, used_s=None):
    cache.keep("travel", key, lambda path: write(path, size))
    path = cache.folder / "travel" / f"{key}.npz"
    if used_s is not None:
        os.utime(path, (used_s, used_s))
    return path


def write(path, size):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)


def length(path):
    return len(path.read_bytes())


def test_a_key_tells_facts_apart_and_not_their_order():
    assert key_of({"a": 1, "b": [2]}) == key_of({"b": [2], "a": 1})
    assert key_of({"a": 1}) != key_of({"a": 2})


def test_what_was_kept_is_found(cache):
    assert cache.find("travel", "one", length) is None
    put(cache, "one", 10)
    assert cache.find("travel", "one", length) == 10
    assert cache.find("networks", "one", length) is None


def test_damage_is_told_and_counts_as_absent(cache):
    def fail(_path):
        raise InputError(Fault(file="a", what="torn", fix="run again", code="torn-file"))

    notes = Notes()
    put(cache, "one", 10)
    assert cache.find("travel", "one", fail, progress=notes) is None
    assert notes.told == ["A kept travel-time matrix was damaged; it is built again."]


def test_the_longest_unused_makes_way(cache):
    old = put(cache, "old", 400, used_s=1000)
    used = put(cache, "used", 400, used_s=500)
    cache.find("travel", "used", length)
    new = put(cache, "new", 400)
    assert not old.exists()
    assert used.exists()
    assert new.exists()


def test_the_newest_stays_even_alone_over_the_limit(cache):
    small = put(cache, "small", 10, used_s=1000)
    large = put(cache, "large", 5000)
    assert large.exists()
    assert not small.exists()


def test_abandoned_halves_are_swept_and_fresh_ones_left(cache):
    put(cache, "one", 10)
    folder = cache.folder / "travel"
    fresh, abandoned = folder / ".two-a.npz", folder / ".two-b.npz"
    for half in (fresh, abandoned):
        half.write_bytes(b"x" * 5000)
    then = time.time() - 2 * 24 * 3600
    os.utime(abandoned, (then, then))
    put(cache, "three", 10)
    assert fresh.exists()
    assert not abandoned.exists()
    assert (folder / "one.npz").exists()


def test_what_is_removed_while_it_is_read_stays_readable(cache):
    path = put(cache, "one", 400, used_s=1000)

    def read_slowly(opened):
        with opened.open("rb") as stream:
            first = stream.read(100)
            put(cache, "two", 900)
            assert not path.exists()
            return first + stream.read()

    assert cache.find("travel", "one", read_slowly) == b"x" * 400


def matrix_in(folder, scenario, most_mb, gate):
    """Return the sample's times over one cache folder; run in a process of its own."""
    os.environ |= {"NTGEO_CACHE": str(folder), "NTGEO_CACHE_MB": str(most_mb)}
    from ntgeo import Workspace  # noqa: PLC0415 - in the other process

    gate.wait()
    return Workspace(folder).matrix(scenario).time_s


def work(folder, scenario, most_mb, gate, answers):
    for _ in range(3):
        answers.put(matrix_in(folder, scenario, most_mb, gate))


@pytest.mark.slow
def test_two_processes_over_one_folder_get_the_same(repository, tmp_path):
    """Both begin each round at once; the limit is so small that they take files from each other."""
    scenario = repository / "data" / "sample" / "scenario.toml"
    context = multiprocessing.get_context("spawn")
    gate, answers = context.Barrier(2), context.Queue()
    workers = [
        context.Process(target=work, args=(tmp_path, scenario, 1, gate, answers)) for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    found = [answers.get(timeout=240) for _ in range(6)]
    for worker in workers:
        worker.join(timeout=60)
        assert worker.exitcode == 0
    assert all(np.array_equal(found[0], times, equal_nan=True) for times in found)
    left = [path.name for path in (tmp_path / "travel").iterdir()]
    assert not [name for name in left if name.startswith(".")]
