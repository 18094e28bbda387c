import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntgeo.demand.composition import age_expected, composition_of
from ntgeo.errors import InputError

AREAS = np.array(["X01000001", "X01000002"])


def test_age_expected_use_by_hand():
    ages = np.zeros((2, 91))
    ages[0, 0:10] = 100  # area 1: 500 of 0 to 4, 500 of 5 to 9
    ages[1, 0:5] = 300  # area 2: 1,500 of 0 to 4
    ages[1, 90] = 50
    uses = np.zeros(91)
    uses[2], uses[7], uses[90] = 200, 40, 10
    # rates 200/2000, 40/500, 10/50
    assert age_expected(uses, ages, (0, 90)) == pytest.approx([50 + 40, 150 + 10])
    assert age_expected(uses, ages, (0, 4)) == pytest.approx([50, 150])
    # a band that cuts a group: only ages 7 to 9 stand for the 40 uses
    assert age_expected(uses, ages, (7, 12)) == pytest.approx([40, 0])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 90), st.integers(0, 90))
def test_age_expected_use_sums_to_the_uses_of_ages_that_live_there(seed, one, other):
    rng = np.random.default_rng(seed)
    band = (min(one, other), max(one, other))
    ages = rng.integers(1, 30, (7, 91)).astype(float)
    uses = rng.integers(0, 50, 91).astype(float)
    expected = age_expected(uses, ages, band)
    assert expected.sum() == pytest.approx(uses[band[0] : band[1] + 1].sum())


def test_uses_by_age_become_the_exposure(population):
    use_by_age = pd.DataFrame({"service": ["club", "club"], "age": [3, 93], "count": [10, 3]})
    people = composition_of("club", AREAS, population, (0, 90), use_by_age)
    assert people.exposure == pytest.approx([10, 3])
    assert people.population.tolist() == [1000, 200]
    assert "age-expected" in people.offset
    assert people.shares == ()


@pytest.mark.parametrize("table", [None, pd.DataFrame({"service": [], "age": [], "count": []})])
def test_without_uses_by_age_residents_are_the_exposure_and_shares_the_covariates(
    population, table
):
    people = composition_of("club", AREAS, population, (0, 90), table)
    assert people.exposure.tolist() == [1000, 200]
    assert people.offset == "residents of all ages"
    shares = dict(people.shares)
    # children are the largest group and the rest tell them
    assert "share aged 0 to 15" not in shares
    assert shares["share aged 80 and over"] == pytest.approx([0, 0.75])
    assert shares["share aged 25 to 44"] == pytest.approx([0, 0.25])


def test_shares_are_of_the_band_alone_and_of_everyone_where_nobody_lives(population):
    people = composition_of("club", AREAS, population, (40, 90), None)
    assert people.offset == "residents aged 40 and over"
    assert people.population.tolist() == [0, 200]
    assert dict(people.shares)["share aged 40 to 44"] == pytest.approx([0.25, 0.25])
    children = composition_of("club", AREAS, population, (0, 4), None)
    assert children.offset == "residents aged 0 to 4"
    assert children.shares == ()


def test_totals_alone_will_do_with_a_note(population):
    people = composition_of("club", AREAS, population[["lsoa", "population"]], (0, 90), None)
    assert people.exposure.tolist() == [1000, 200]
    assert "no single years of age" in people.notes[0]


def test_ages_must_be_whole(population):
    table = pd.DataFrame({"service": ["club"], "age": [3.5], "count": [1]})
    with pytest.raises(InputError, match="whole"):
        composition_of("club", AREAS, population, (0, 90), table)
