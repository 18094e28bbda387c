import zipfile
from contextlib import suppress
from datetime import time

import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import DataUnavailableError, InputError
from ntgeo.roads import at_time_of_day, load_network, read_roads, read_speeds, write_network
from ntgeo.roads.files import store as store_module


@pytest.fixture
def network(small_town):
    ways = {1: ([1, 2], {"highway": "residential", "name": "Café Row"})}
    ways[2] = ([2, 3, 4, 2], {"highway": "residential", "junction": "roundabout", "name": "Ring"})
    points = {1: (0, 0), 2: (90, 0), 3: (120, 20), 4: (120, -20)}
    return read_roads(small_town(points, ways), mode=TravelMode.BICYCLE)


def test_a_network_comes_back_as_it_was(network, tmp_path):
    path = tmp_path / "roads.npz"
    write_network(network, path)
    back = load_network(path)
    assert back.mode is TravelMode.BICYCLE
    assert back.names == network.names == ("", "Café Row", "Ring")
    assert back.ring_ways == network.ring_ways == {2}
    assert back.tag_gaps == network.tag_gaps
    assert [gap.share for gap in back.tag_gaps] == [1.0, 0.0, 1.0]
    assert back.time_range == network.time_range
    assert back.time_range.is_told
    assert back.departs_at is None
    for part in ("junctions", "arcs", "links"):
        one, other = getattr(network, part), getattr(back, part)
        for name in one.__dataclass_fields__:
            assert np.array_equal(getattr(one, name), getattr(other, name)), name
            assert not getattr(other, name).flags.writeable


def test_a_time_of_day_is_kept_and_no_other_is_made_of_it(small_town, tmp_path):
    ways = {1: ([1, 2], {"highway": "residential"})}
    network = read_roads(small_town({1: (0, 0), 2: (90, 0)}, ways), mode=TravelMode.CAR)
    path, speeds = tmp_path / "roads.npz", read_speeds(TravelMode.CAR)
    write_network(at_time_of_day(network, time(8), speeds), path)
    back = load_network(path)
    assert back.departs_at == time(8)
    with pytest.raises(ValueError, match="not as read"):
        at_time_of_day(back, time(12), speeds)


def test_what_is_damaged_is_refused(network, tmp_path, monkeypatch):
    path = tmp_path / "roads.npz"
    with pytest.raises(DataUnavailableError, match="no such file"):
        load_network(path)
    write_network(network, path)
    whole = path.read_bytes()
    for spoilt in (b"", b"nonsense", whole[: len(whole) // 2]):
        path.write_bytes(spoilt)
        with pytest.raises(InputError, match="not a whole network file"):
            load_network(path)
    monkeypatch.setattr(store_module, "FORMAT_VERSION", 99)
    path.write_bytes(whole)
    with pytest.raises(InputError, match="format"):
        load_network(path)


@pytest.mark.parametrize("seed", range(40))
def test_a_file_cut_or_altered_anywhere_is_refused_or_harmless(network, tmp_path, seed):
    path = tmp_path / "roads.npz"
    write_network(network, path)
    content = bytearray(path.read_bytes())
    rng = np.random.default_rng(seed)
    if seed % 2:
        del content[int(rng.integers(len(content))) :]
    else:
        for at in rng.integers(len(content), size=20):
            content[at] ^= int(rng.integers(1, 256))
    path.write_bytes(content)
    with suppress(InputError):
        back = load_network(path)  # where only bytes were hit that nobody reads
        assert np.array_equal(back.arcs.time_ms, network.arcs.time_ms)


def test_a_whole_archive_of_wrong_arrays_is_refused(network, tmp_path):
    path, other = tmp_path / "roads.npz", tmp_path / "other.npz"
    write_network(network, path)
    for name, wrong in (
        ("arcs.head", np.array([5, 9], np.int32)),
        ("arcs.head", np.zeros((3, 3))),
        ("links.xy_m", np.zeros(7)),
        ("junctions.osm", np.array(["a"], dtype=np.str_)),
        ("header", np.frombuffer(b"[1]", np.uint8)),
        ("header", np.frombuffer(b"{}", np.uint8)),
        ("arcs.link", None),
    ):
        with np.load(path) as whole:
            arrays = {key: whole[key] for key in whole.files if key != name}
        np.savez(other, **arrays, **({} if wrong is None else {name: wrong}))
        with pytest.raises(InputError, match="not a whole network file"):
            load_network(other)
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("header.npy", b"\x93NUMPY\x01\x00v\x00{'descr': '|O', }")
    with pytest.raises(InputError, match="not a whole network file"):
        load_network(other)
