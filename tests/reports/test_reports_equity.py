import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ntgeo.reports.equity import gini_share, kolm_pollak_s, lorenz_curve, scale_per_s

ONES = np.ones(4)
some_times = arrays(float, 6, elements=st.floats(0, 7200))
some_people = arrays(float, 6, elements=st.floats(0.5, 1000))


def test_when_all_travel_alike_every_measure_says_so():
    times = np.full(4, 600.0)
    assert kolm_pollak_s(times, ONES, scale_per_s=scale_per_s(times, ONES)) == pytest.approx(600)
    assert gini_share(times, ONES) == pytest.approx(0)


def test_two_halves_by_hand():
    times, people = np.array([0.0, 600.0]), np.array([1.0, 1.0])
    scale = scale_per_s(times, people)
    assert scale == pytest.approx(1 / 600)
    by_hand = 600 * np.log((1 + np.e) / 2)
    assert kolm_pollak_s(times, people, scale_per_s=scale) == pytest.approx(by_hand)
    assert gini_share(times, people) == pytest.approx(0.5)
    along, up = lorenz_curve(times, people)
    assert along.tolist() == [0, 0.5, 1]
    assert up.tolist() == [0, 0, 1]


def test_who_has_no_way_is_left_out():
    times, people = np.array([300.0, 600.0, np.nan]), np.array([1.0, 2.0, 5.0])
    known = kolm_pollak_s(times[:2], people[:2], scale_per_s=0.002)
    assert kolm_pollak_s(times, people, scale_per_s=0.002) == known
    assert gini_share(times, people) == gini_share(times[:2], people[:2])
    assert np.isnan(kolm_pollak_s(times[2:], people[2:], scale_per_s=0.002))


def test_nobody_travels():
    nought = np.zeros(4)
    assert np.isnan(scale_per_s(nought, ONES))
    assert kolm_pollak_s(nought, ONES, scale_per_s=float("nan")) == 0
    assert gini_share(nought, ONES) == pytest.approx(0)
    assert gini_share(np.array([np.nan]), np.array([1.0])) == 0


def test_long_journeys_do_not_overflow():
    times = np.array([0.0, 1e9])
    assert kolm_pollak_s(times, np.ones(2), scale_per_s=1.0) == pytest.approx(1e9, rel=1e-6)


@given(some_times, some_people)
def test_it_lies_between_the_mean_and_the_longest(times, people):
    scale = scale_per_s(times, people)
    value = kolm_pollak_s(times, people, scale_per_s=0.0 if np.isnan(scale) else scale)
    mean = np.average(times, weights=people)
    assert mean - 1e-6 * (1 + mean) <= value <= times.max() + 1e-6 * (1 + times.max())


@given(some_times, some_people)
def test_gini_is_half_the_mean_difference_over_the_mean(times, people):
    mean = np.average(times, weights=people)
    if mean < 1e-3:
        return
    shares = people / people.sum()
    differences = np.abs(times[:, None] - times[None, :])
    by_pairs = float(shares @ differences @ shares) / (2 * mean)
    assert gini_share(times, people) == pytest.approx(by_pairs, abs=1e-9)
