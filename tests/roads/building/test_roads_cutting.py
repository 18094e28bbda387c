import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from road_graphs import by_dijkstra, networks

from ntgeo.domain.matrix import TravelMode
from ntgeo.roads import read_roads
from ntgeo.roads.building.cutting import cut_link
from ntgeo.roads.changes.whatif import change_roads
from ntgeo.roads.files.soundness import find_unsound
from ntgeo.roads.road_change import RoadChange
from ntgeo.roads.search import engine
from ntgeo.roads.search.dijkstra import ABSENT

STREET = {"highway": "residential"}


@pytest.fixture
def street(small_town):
    """Way 7 goes on as way 8 over 400 m to a signal; way 9 crosses there."""
    points = {1: (0, 0), 2: (100, 0), 3: (400, 0), 4: (400, 100), 5: (400, -100)}
    ways = {7: ([1, 2], STREET), 8: ([2, 3], STREET), 9: ([4, 3, 5], {**STREET, "name": "Cross"})}
    path = small_town(points, ways, stops={3: {"highway": "traffic_signals"}})
    return read_roads(path, mode=TravelMode.CAR)


def test_time_and_length_are_shared_out_and_waiting_stays_at_its_end(street):
    link = int(np.flatnonzero(np.diff(street.links.way_start) == 2)[0])
    forward, backward = street.link_arcs[link]
    cut = cut_link(street, link, 100.0)
    junction, rest = street.junction_count, street.link_count
    assert (cut.junction_count, cut.link_count) == (junction + 1, rest + 1)
    assert cut.lines[link].length == pytest.approx(100, abs=0.1)
    assert cut.lines[rest].length == pytest.approx(300, abs=0.1)
    assert cut.links.way[-2:].tolist() == [7, 8] or cut.links.way[-2:].tolist() == [8, 7]
    for arc, column in ((forward, 0), (backward, 1)):
        halves = cut.link_arcs[[link, rest], column]
        for name in ("time_ms", "delay_ms", "length_cm"):
            whole = int(getattr(street.arcs, name)[arc])
            assert getattr(cut.arcs, name)[halves].astype(np.int64).sum() == whole
        at_cut = cut.arcs.head[halves] == junction
        assert cut.arcs.delay_ms[halves[at_cut]].tolist() == [0]


def test_a_closed_link_has_two_closed_halves(street):
    closed = change_roads(street, [RoadChange(links=(0,), is_closed=True)])
    cut = cut_link(closed, 0, closed.lines[0].length / 3)
    halves = np.isin(cut.arcs.link, [0, street.link_count])
    assert not cut.is_open[halves].any()
    assert cut.is_open[~halves].all()


@pytest.mark.parametrize("has_turns", [False, True])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_cut_changes_no_time_between_the_old_places(has_turns, data):
    network = data.draw(networks(has_turns=has_turns))
    engine.junction_ranks(network)
    link = data.draw(st.integers(0, network.link_count - 1))
    length_m = network.lines[link].length
    if length_m == 0:
        return
    cut = cut_link(network, link, data.draw(st.floats(0.1, 0.9)) * length_m)
    assert find_unsound(cut) is None
    ranks = cut.kept["junction ranks"]
    assert sorted(ranks.tolist()) == list(range(cut.junction_count))
    assert ranks[-1] == 0
    if has_turns:  # vertices are arcs, reached at their heads: compare those that were not cut
        kept = [arc for arc in range(network.arc_count) if network.arcs.link[arc] != link]
        origins = destinations = np.array(kept, np.int64)
        new = np.array([twin(network, cut, arc) for arc in kept], np.int64)
    else:
        origins = destinations = new = np.arange(network.junction_count)
    before = by_dijkstra(network, origins, destinations)
    after = by_dijkstra(cut, new, new)
    assert ((before >= ABSENT) == (after >= ABSENT)).all()
    assert (before == after).all()


def twin(network, cut, arc):
    """The same arc after the cut: of the same link and direction."""
    column = 0 if network.arcs.is_forward[arc] else 1
    return cut.link_arcs[network.arcs.link[arc], column]
