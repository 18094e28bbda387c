"""Restrictions along ways, against a search that carries its whole recent past with it."""

import heapq

import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import Location
from ntgeo.roads import load_network, read_roads, trace_paths, travel_times, write_network
from ntgeo.roads.search import engine

CAR = TravelMode.CAR
STREET = {"highway": "residential"}


def along(kind, start, vias, end, **tags):
    members = [("way", start, "from"), *(("way", via, "via") for via in vias), ("way", end, "to")]
    return members, {"type": "restriction", "restriction": kind, **tags}


# 1 ── 2 ── 3     Two carriageways of one road, 1→2→3 and 6→5→4, joined by the link 2 ── 5.
#      │
# 4 ── 5 ── 6
POINTS = {1: (0, 20), 2: (100, 20), 3: (200, 20), 4: (0, 0), 5: (100, 0), 6: (200, 0)}
DUAL = {**STREET, "highway": "primary", "oneway": "yes"}
WAYS = {
    10: ([1, 2], {**DUAL, "name": "East 1"}),
    11: ([2, 3], {**DUAL, "name": "East 2"}),
    12: ([6, 5], {**DUAL, "name": "West 1"}),
    13: ([5, 4], {**DUAL, "name": "West 2"}),
    14: ([2, 5], {**STREET, "name": "Gap"}),
    15: ([3, 6], {**STREET, "name": "Far end"}),
    16: ([4, 1], {**STREET, "name": "Near end"}),
}


@pytest.fixture
def dual(small_town, even_speeds):
    """Return a function from restrictions to the roads."""

    def read(*relations, mode=CAR, ways=WAYS):
        path = small_town(POINTS, ways, relations=relations)
        return read_roads(path, mode=mode, speeds_file=even_speeds)

    return read


def seconds(network, at, start, end):
    return float(travel_times(network, {"a": at(*start)}, {"b": at(*end)}).time_s[0, 0])


def test_no_u_turn_by_a_gap_costs_the_way_round(dual, at):
    """From 50 m before the gap to 50 m behind it on the other carriageway."""
    start, end = (50, 20), (50, 0)
    banned = dual(along("no_u_turn", 10, [14], 13))
    assert seconds(dual(), at, start, end) == pytest.approx(5 + 2 + 5, abs=0.02)
    assert seconds(banned, at, start, end) == pytest.approx(5 + 10 + 2 + 10 + 5, abs=0.02)
    assert len(banned.copies) == 1
    (path,) = trace_paths(banned, [(at(*start), at(*end))])
    assert [leg.street for leg in path.streets] == [
        "East 1",
        "East 2",
        "Far end",
        "West 1",
        "West 2",
    ]


def test_others_may_use_the_gap(dual, at):
    """From the gap itself; and into the gap, to stop there."""
    network = dual(along("no_u_turn", 10, [14], 13))
    assert seconds(network, at, (100, 15), (50, 0)) == pytest.approx(1.5 + 5, abs=0.02)
    assert seconds(network, at, (50, 20), (100, 10)) == pytest.approx(5 + 1, abs=0.02)
    (path,) = trace_paths(network, [(at(50, 20), at(100, 10))])
    assert path.time_s == pytest.approx(6, abs=0.02)
    assert path.distance_m == pytest.approx(60, abs=0.1)


def test_a_bicycle_may_be_spared(dual):
    rule = along("no_u_turn", 10, [14], 13, **{"except": "bicycle"})
    assert len(dual(rule, mode=TravelMode.BICYCLE).copies) == 0
    assert len(dual(rule).copies) == 1


def test_only_binds_those_who_enter(dual, at):
    """Who comes by East 1 into the gap may only go on to West 2; West 1 is forbidden anyway."""
    both_ways = {**WAYS, 12: ([6, 5], {**STREET, "name": "West 1"})}
    network = dual(along("only_right_turn", 10, [14], 13), ways=both_ways)
    start, end = (50, 20), (150, 0)
    assert seconds(dual(ways=both_ways), at, start, end) == pytest.approx(5 + 2 + 5, abs=0.02)
    assert seconds(network, at, start, end) == pytest.approx(5 + 10 + 2 + 5, abs=0.02)
    assert seconds(network, at, start, (50, 0)) == pytest.approx(12, abs=0.02)
    assert seconds(network, at, (100, 15), end) == pytest.approx(1.5 + 5, abs=0.02)


def test_several_ways_in_any_order(small_town, even_speeds, at):
    """The gap is of two ways, which would be one link but for the restriction."""
    points = {**POINTS, 7: (100, 10)}
    ways = {
        **WAYS,
        14: ([2, 7], {**STREET, "name": "Gap"}),
        17: ([7, 5], {**STREET, "name": "Gap"}),
    }
    for vias in ([14, 17], [17, 14]):
        path = small_town(points, ways, relations=[along("no_u_turn", 10, vias, 13)])
        network = read_roads(path, mode=CAR, speeds_file=even_speeds)
        assert seconds(network, at, (50, 20), (50, 0)) == pytest.approx(32, abs=0.02)
        assert network.notes == ()


def test_what_cannot_be_placed_is_noted(dual):
    network = dual(along("no_u_turn", 10, [15], 13))
    assert network.notes == ("1 × turn restriction along ways that could not be placed",)
    assert dual(along("no_u_turn", 10, [99], 13)).notes == ()


def test_copies_are_kept_on_disk_and_not_given_to_osmnx(dual, tmp_path):
    network = dual(along("no_u_turn", 10, [14], 13))
    path = tmp_path / "roads.npz"
    write_network(network, path)
    assert load_network(path).copies.tolist() == network.copies.tolist()
    assert network.to_networkx().number_of_edges() == network.arc_count - 1


def random_town(seed):
    """A grid of 4 × 4 with gaps and one-ways, and restrictions along one and two ways."""
    rng = np.random.default_rng(seed)
    points = {
        4 * row + column + 1: (100 * column + rng.uniform(-9, 9), 100 * row + rng.uniform(-9, 9))
        for row in range(4)
        for column in range(4)
    }
    ways = {}
    for point in points:
        for other in (point + 1, point + 4):
            is_edge = other == point + 1 and point % 4 == 0
            if other in points and not is_edge and rng.random() < 0.9:
                tags = {"highway": "residential", "name": f"{point}-{other}"}
                if rng.random() < 0.2:
                    tags["oneway"] = "yes"
                ways[len(ways) + 100] = ([point, other], tags)
    ends = {way: refs for way, (refs, _) in ways.items()}
    meets = {way: [o for o in ends if o != way and set(ends[o]) & set(ends[way])] for way in ends}
    rules = []
    for _ in range(60):
        walk = [int(rng.choice(list(ends)))]
        while len(walk) < rng.integers(3, 5):
            walk.append(int(rng.choice(meets[walk[-1]])))
        if len(set(walk)) == len(walk):
            kind = "only_straight_on" if rng.random() < 0.15 else "no_left_turn"
            rules.append((kind, walk))
    return points, ways, rules


def banned_sequences(network, rules):
    """Sequences of arcs that rules forbid, found by trying all walks along their ways."""
    arcs = network.arcs
    way = network.links.first_way[arcs.link].tolist()
    turns = network.turns
    onto = [turns.onto[turns.start[a] : turns.start[a + 1]].tolist() for a in range(len(way))]
    banned = set()
    for kind, walk in rules:
        found = set()
        for ways in (walk, [walk[0], *walk[-2:0:-1], walk[-1]]):
            paths = [(arc,) for arc in range(len(way)) if way[arc] == ways[0]]
            for wanted in ways[1:]:
                paths = [(*p, b) for p in paths for b in onto[p[-1]] if way[b] == wanted]
            found |= set(paths)
            if paths:
                break
        for path in found:
            if kind.startswith("no_"):
                banned.add(path)
            else:
                banned |= {
                    (*path[: at + 1], other)
                    for at in range(1, len(path) - 1)
                    for other in onto[path[at]]
                    if other != path[at + 1]
                }
    return banned


def brute_force(network, banned, start, ends):
    """Milliseconds from the middle of an arc to the middles of arcs; the past is remembered."""
    arcs, turns = network.arcs, network.turns
    half = np.rint(arcs.time_ms * 0.5).astype(np.int64).tolist()
    onto = [turns.onto[turns.start[a] : turns.start[a + 1]].tolist() for a in range(len(half))]
    delay = {
        (a, b): int(ms)
        for a in range(len(half))
        for b, ms in zip(onto[a], turns.delay_ms[turns.start[a] : turns.start[a + 1]], strict=True)
    }
    best = {}
    queue = [(int(arcs.time_ms[arc]) - half[arc], (arc,)) for arc in start]
    seen = set()
    while queue:
        cost, past = heapq.heappop(queue)
        if past in seen:
            continue
        seen.add(past)
        for arc in onto[past[-1]]:
            now = (*past, arc)
            if any(now[at:] in banned for at in range(len(now))):
                continue
            turned = cost + delay[past[-1], arc]
            if arc in ends:
                best[arc] = min(best.get(arc, 1 << 60), turned + half[arc])
            heapq.heappush(queue, (turned + int(arcs.time_ms[arc]), now[-3:]))
    return best


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("uses_hierarchy", [False, True])
def test_equals_brute_force_on_random_towns(small_town, seed, uses_hierarchy):
    points, ways, rules = random_town(seed)
    relations = [along(kind, walk[0], walk[1:-1], walk[-1]) for kind, walk in rules]
    network = read_roads(small_town(points, ways, relations=relations), mode=CAR)
    assert len(network.copies) > 5
    if uses_hierarchy:
        engine.prepare(network)
    # Restrictions that mean nothing keep the same points as junctions, so that links are the same.
    free = read_roads(
        small_town(points, ways, relations=[along("no_x", 1, [way], 2) for way in ways]), mode=CAR
    )
    assert free.links.first_way.tolist() == network.links.first_way.tolist()
    banned = banned_sequences(free, rules)
    middles = [line.interpolate(0.5, normalized=True) for line in free.lines]
    places = {
        str(link): Location(easting_m=point.x, northing_m=point.y)
        for link, point in enumerate(middles)
        if link in network.main_links
    }
    matrix = travel_times(network, places, places)
    arcs_of = [[int(a) for a in pair if a >= 0] for pair in free.link_arcs]
    for row, start in enumerate(places):
        best = brute_force(free, banned, arcs_of[int(start)], set(range(free.arc_count)))
        for column, end in enumerate(places):
            found = [best[arc] for arc in arcs_of[int(end)] if arc in best]
            if row == column:
                assert matrix.time_s[row, column] == 0
            elif not found:
                assert np.isnan(matrix.time_s[row, column])
            else:
                assert matrix.time_s[row, column] == pytest.approx(min(found) / 1000, abs=0.004)
