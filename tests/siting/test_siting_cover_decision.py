"""Whether so many sites can cover everyone, against trying every set of them."""

import itertools
import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.clock import Clock
from ntgeo.siting.models.cover_decision import cover_with

LIMITS = SolveLimits(time_limit_s=30)
EXAMPLES = settings(max_examples=60, deadline=None, derandomize=True)


def asked(reach, count):
    return cover_with(reach, count, LIMITS, Clock(ends_at=time.time() + 30))


@st.composite
def reaches(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    areas, sites = draw(st.integers(1, 12)), draw(st.integers(1, 8))
    share = draw(st.sampled_from([0.2, 0.4, 0.6]))
    return rng.random((areas, sites)) < share, draw(st.integers(0, sites))


def can_cover(reach, count):
    sets = itertools.combinations(range(reach.shape[1]), count)
    return any(reach[:, list(sites)].any(axis=1).all() for sites in sets)


@EXAMPLES
@given(reaches())
def test_a_cover_is_found_exactly_where_there_is_one(question):
    reach, count = question
    found, is_impossible = asked(reach, count)
    assert is_impossible == (not can_cover(reach, count))
    if found is not None:
        assert len(found) <= count
        assert reach[:, found].any(axis=1).all()


def ring(areas):
    """Each site covers two areas in a row of a ring: half the areas' number, rounded up."""
    return (np.eye(areas) + np.roll(np.eye(areas), 1, axis=1)).astype(bool)


def test_a_ring_needs_more_than_areas_that_share_no_site_can_show():
    reach = ring(9)
    assert asked(reach, 4) == (None, True)
    found, is_impossible = asked(reach, 5)
    assert (len(found), is_impossible) == (5, False)


def test_neither_is_known_when_the_clock_is_up():
    rng = np.random.default_rng(5)
    reach = rng.random((400, 300)) < 0.02
    reach[:, 0] |= ~reach.any(axis=1)
    found, is_impossible = cover_with(reach, 60, LIMITS, Clock(ends_at=time.time()))
    assert found is None or reach[:, found].any(axis=1).all()
    assert not (found is not None and is_impossible)
