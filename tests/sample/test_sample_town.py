import collections

import numpy as np


def test_the_town_has_streets_of_every_kind(town):
    network = town.network
    stretches = collections.Counter(network.streets[int(k)].highway for k in network.street)
    assert set(stretches) == {
        "cycleway", "footway", "primary", "residential", "secondary", "service", "tertiary",
        "unclassified",
    }  # fmt: skip
    assert stretches["residential"] > 2000
    assert 6_000 < len({tuple(p) for line in network.points for p in line.tolist()}) < 12_000
    patterns = {street.pattern for street in network.streets}
    assert {"roundabout", "crescent", "close end", "ring", "bridge"} <= patterns


def test_cul_de_sacs_are_common_and_grids_too(town):
    network = town.network
    degree = np.bincount(np.concatenate([network.start, network.end]))
    assert np.mean(degree == 1) > 0.08
    assert np.mean(degree == 4) > 0.15


def test_one_way_streets_and_speed_limits(town):
    streets = [town.network.streets[k] for k in np.unique(town.network.street)]
    assert 15 < sum(s.tags.get("oneway") == "yes" for s in streets) < 40
    limits = collections.Counter(s.tags.get("maxspeed") for s in streets if s.highway != "footway")
    assert {"20 mph", "30 mph", "40 mph", "60 mph", None} == set(limits)
    assert limits[None] < 0.5 * len(streets)


def test_names_are_not_shared_by_two_small_streets(town):
    names = collections.Counter(
        s.name for s in town.network.streets if s.highway == "residential" and s.name
    )
    assert len(names) > 500
    assert max(names.values()) == 1
    named = [
        town.network.streets[int(k)].name != ""
        for k in town.network.street
        if town.network.streets[int(k)].highway in {"primary", "secondary", "residential"}
    ]
    assert np.mean(named) > 0.95


def test_banned_turns_are_right_turns(town):
    network = town.network
    assert 2 <= len(town.banned_turns) <= 3
    for ban in town.banned_turns:
        assert network.end[ban.from_stretch] == ban.junction
        arriving = np.diff(network.points[ban.from_stretch][-2:], axis=0)[0]
        away = network.points[ban.to_stretch]
        away = away if network.start[ban.to_stretch] == ban.junction else away[::-1]
        leaving = away[1] - away[0]
        assert arriving[0] * leaving[1] - arriving[1] * leaving[0] < 0
