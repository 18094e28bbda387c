"""Speeds fitted to journeys made from factors that are known."""

from datetime import date, time

import networkx as nx
import numpy as np
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.observed import ObservedTimes
from ntgeo.domain.places import Location
from ntgeo.errors import InputError
from ntgeo.roads import at_time_of_day, fit_speeds, read_parted_roads, read_speeds, travel_times
from ntgeo.roads.calibration.observed_journeys import LEAST_JOURNEYS
from ntgeo.roads.calibration.time_parts import PARTS, scaled_speeds
from ntgeo.roads.files.reading import read_roads_with

CAMBRIDGE = "cambridge/cambridge_drive.osm.pbf"
TODAY = date(2026, 11, 24)
CLOCKS = (time(8, 30), time(12, 0))
PEAK = 1.18 * 1.12
TRUE = {"main roads": 1.3, "local roads": 0.9, "streets": 1.15, "stops": 1.6}


@pytest.fixture(scope="module")
def roads(shared_data):
    return read_parted_roads(shared_data / CAMBRIDGE, read_speeds(TravelMode.CAR))


@pytest.fixture(scope="module")
def observed(roads, shared_data):
    """Return a function that makes journeys from the true factors, with noise and a few delays.

    The true times come from roads read afresh by a true table, not from the parts.
    """
    factors = np.array([TRUE.get(name, 1.0) for name in PARTS])
    table = scaled_speeds(roads.speeds, factors, {**roads.speeds.time_of_day, "08:00": PEAK})
    afresh = read_roads_with(shared_data / CAMBRIDGE, table)

    def make(count, noise, *, seed=1, **changes):
        rng = np.random.default_rng(seed)
        ends = [rng.choice(afresh.junctions.xy_m, count) + rng.normal(0, 20, (count, 2))] * 2
        ends[1] = rng.permutation(ends[1])
        origins, destinations = (
            {
                str(at): Location(easting_m=x, northing_m=y)
                for at, (x, y) in enumerate(xy_m.tolist())
            }
            for xy_m in ends
        )
        times = [
            np.diag(travel_times(at_time_of_day(afresh, at, table), origins, destinations).time_s)
            for at in CLOCKS
        ]
        true_s = np.where(np.arange(count) % 2, times[1], times[0])
        made_s = true_s * np.exp(rng.normal(0, noise, count))
        made_s[rng.random(count) < 0.04] *= 2.5
        facts = {
            "file": "observed.csv",
            "origin_xy_m": ends[0],
            "destination_xy_m": ends[1],
            "departs_at": tuple(CLOCKS[at % 2] for at in range(count)),
            "day": (TODAY,) * count,
            "time_s": np.maximum(np.nan_to_num(made_s, nan=1.0), 1.0),
        }
        return ObservedTimes(**(facts | changes))

    return make


@pytest.mark.shared_data
@pytest.mark.slow
def test_known_factors_are_found_again_and_journeys_left_out_are_foretold(roads, observed):
    fit = fit_speeds(roads, observed(500, 0.1), today=TODAY)
    found = {factor.name: factor for factor in fit.parts}
    for name, true in TRUE.items():
        factor = found[name]
        assert factor.is_told
        # Stops, junctions and turns come together, so that each is told less surely.
        assert factor.factor == pytest.approx(true, rel=0.25 if name == "stops" else 0.12)
        assert abs(np.log(factor.factor / true)) < 3 * factor.spread_share
    slots = {factor.name: factor for factor in fit.slots}
    assert slots["08:00"].factor == pytest.approx(1.12, rel=0.05)
    assert [name for name, factor in slots.items() if factor.is_told] == ["08:00"]
    assert fit.speeds.time_of_day["08:00"] == pytest.approx(PEAK, rel=0.05)
    assert fit.speeds.time_of_day["16:30"] == 1.20
    assert fit.before.median_share > 0.15
    assert fit.before.bias_share < -0.12
    assert fit.after.median_share < 0.09
    assert abs(fit.after.bias_share) < 0.03
    told = fit.speeds.time_range
    assert 0.80 < told.low_share < 0.93
    assert 1.08 < told.high_share < 1.30
    assert told.source == f"calibrated on {fit.used:,} journeys, 24 November 2026"
    share = roads.speeds.share["primary"] / found["main roads"].factor
    assert fit.speeds.share["primary"] == pytest.approx(share)


@pytest.mark.shared_data
def test_few_journeys_change_little_and_what_they_do_not_tell_not_at_all(roads, observed):
    fit = fit_speeds(roads, observed(40, 0.3, seed=5), today=TODAY)
    found = {factor.name: factor for factor in fit.parts}
    for factor in fit.parts:
        assert abs(np.log(factor.factor)) < 1.0
        assert factor.is_told or factor.factor == 1.0
    assert not found["fast roads"].is_told
    assert fit.speeds.share["motorway"] == roads.speeds.share["motorway"]
    assert fit.speeds.time_range.high_share > 1.2


@pytest.mark.shared_data
def test_nobody_is_let_drive_above_the_limit(roads, observed):
    made = observed(60, 0.05)
    quick = observed(60, 0.05, time_s=np.maximum(made.time_s * 0.45, 1.0))
    fit = fit_speeds(roads, quick, today=TODAY)
    assert max(fit.speeds.share.values()) <= 1.0
    assert fit.speeds.share["primary"] > roads.speeds.share["primary"]


@pytest.mark.shared_data
def test_journeys_that_tell_nothing_are_set_aside_by_reason(roads, observed):
    made = observed(60, 0.05)
    origin, time_s, day = made.origin_xy_m.copy(), made.time_s.copy(), list(made.day)
    origin[0] = (600_000, 258_000)
    origin[1] = made.destination_xy_m[1] + 5
    day[2] = date(2026, 11, 28)
    time_s[3] *= 9
    time_s[4] = 20.0
    spoilt = observed(60, 0.05, origin_xy_m=origin, time_s=time_s, day=tuple(day))
    before = dict(fit_speeds(roads, made, today=TODAY).refused)
    added = dict(fit_speeds(roads, spoilt, today=TODAY).refused)
    grown = {reason: count - before.get(reason, 0) for reason, count in added.items()}
    assert {reason.split(",")[0][:24]: count for reason, count in grown.items() if count} == {
        "no road within 1": 1,
        "on a Saturday or Sunday": 1,
        "too short to tell (under": 2,
        "a speed over 4 times": 1,
    }


@pytest.mark.shared_data
def test_too_few_journeys_are_refused_with_the_least_needed(roads, observed):
    with pytest.raises(
        InputError, match=rf"12 of 12 journeys can be used. Fix: give at least {LEAST_JOURNEYS}"
    ):
        fit_speeds(roads, observed(12, 0.05, seed=2), today=TODAY)
    with pytest.raises(InputError, match=r"0 of 40 journeys.*40 refused: on a Saturday"):
        fit_speeds(roads, observed(40, 0.05, day=(date(2026, 11, 29),) * 40), today=TODAY)


@pytest.mark.shared_data
def test_the_same_journey_over_and_over_is_refused(roads, observed):
    few = observed(4, 0.05, seed=3)
    again = np.resize(np.arange(4), 60)
    repeated = observed(
        60,
        0.05,
        origin_xy_m=few.origin_xy_m[again],
        destination_xy_m=few.destination_xy_m[again],
        time_s=few.time_s[again],
    )
    with pytest.raises(InputError, match=r"join only 4 different pairs.*at least 10 pairs"):
        fit_speeds(roads, repeated, today=TODAY)


def block(tmp_path, crs, corner):
    """Write a block of 6 × 6 corners 200 m apart, each street a minute long by its own time."""
    graph = nx.MultiDiGraph(nx.grid_2d_graph(6, 6))
    graph.graph["crs"] = crs
    for x, y in graph.nodes:
        graph.nodes[x, y].update(x=corner[0] + 200.0 * x, y=corner[1] + 200.0 * y)
    nx.set_edge_attributes(graph, 60.0, "travel_time")
    nx.set_edge_attributes(graph, 200.0, "length")
    path = tmp_path / "block.graphml"
    nx.write_graphml(nx.convert_node_labels_to_integers(graph), path)
    return read_parted_roads(path, read_speeds(TravelMode.CAR))


@pytest.mark.parametrize(
    ("crs", "corner", "told"),
    [
        ("epsg:27700", (545_000, 258_000), "the roads bring their own travel times"),
        ("epsg:32629", (530_000, 4_556_000), "British National Grid, the roads in EPSG:32629"),
    ],
)
def test_roads_that_cannot_be_calibrated_are_refused(tmp_path, crs, corner, told):
    rng = np.random.default_rng(1)
    west = np.array(corner)
    east = west + np.array((800, 0))
    journeys = ObservedTimes(
        file="observed.csv",
        origin_xy_m=west + 200 * rng.integers(0, 2, (40, 2)),
        destination_xy_m=east + 200 * rng.integers(0, 2, (40, 2)),
        departs_at=(time(12),) * 40,
        day=(None,) * 40,
        time_s=np.full(40, 300.0),
    )
    with pytest.raises(InputError, match=told):
        fit_speeds(block(tmp_path, crs, corner), journeys, today=TODAY)


def test_observed_journeys_are_whole():
    facts = {
        "file": "observed.csv",
        "origin_xy_m": np.zeros((1, 2)),
        "destination_xy_m": np.zeros((1, 2)),
        "departs_at": (time(12),),
        "day": (None,),
        "time_s": np.ones(1),
    }
    for wrong in (
        {"origin_xy_m": np.zeros((2, 2))},
        {"destination_xy_m": np.full((1, 2), np.nan)},
        {"time_s": np.zeros(1)},
        {"day": ()},
    ):
        with pytest.raises(ValueError, match=r"must be finite and of shape|a time above 0"):
            ObservedTimes(**(facts | wrong))
