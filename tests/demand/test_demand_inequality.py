import math
import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from ntgeo.demand import inequality_indices
from ntgeo.errors import MissingColumnError


def deciles_of(people, counts, service="library"):
    return pd.DataFrame(
        {
            "service": service,
            "imd_decile": range(1, len(people) + 1),
            "population": people,
            "count": counts,
        }
    )


def test_a_straight_gradient_is_found_by_hand():
    # ten equal deciles, rates 100, 90, … 10 per 1,000: the line falls 10 a decile, 100 over all,
    # from 105 at the most deprived end to 5 at the least; the ratio is of another, curved line
    row = inequality_indices(deciles_of([1000] * 10, range(100, 0, -10))).iloc[0]
    assert row["sii"] == pytest.approx(100)
    assert row["most_deprived_per_1000"] == pytest.approx(105)
    assert row["least_deprived_per_1000"] == pytest.approx(5)
    assert row["rate_per_1000"] == pytest.approx(55)
    assert row["deciles"] == 10
    assert row["sii_low"] < 100 < row["sii_high"]
    assert row["rii_low"] < row["rii"] < row["rii_high"]


def test_the_sign_says_who_uses_it_more():
    more = inequality_indices(deciles_of([500] * 10, range(50, 0, -5))).iloc[0]
    less = inequality_indices(deciles_of([500] * 10, range(5, 55, 5))).iloc[0]
    assert more["sii"] > 0
    assert more["rii"] > 1
    assert less["sii"] == pytest.approx(-more["sii"])
    assert less["rii"] == pytest.approx(1 / more["rii"])


def test_no_gradient_gives_zero_and_one():
    row = inequality_indices(deciles_of([100, 700, 300, 900], [10, 70, 30, 90])).iloc[0]
    assert row["sii"] == pytest.approx(0, abs=1e-9)
    assert row["rii"] == pytest.approx(1)
    assert row["sii_low"] < 0 < row["sii_high"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(50, 5000), min_size=10, max_size=10),
    st.lists(st.integers(1, 400), min_size=10, max_size=10),
)
def test_the_line_is_weighted_least_squares_on_ridits(people, counts):
    row = inequality_indices(deciles_of(people, counts)).iloc[0]
    n = np.array(people, float)
    ridit = (np.cumsum(n) - n / 2) / n.sum()
    fit = sm.WLS(1000 * np.array(counts) / n, sm.add_constant(ridit), weights=n).fit()
    assert row["sii"] == pytest.approx(-fit.params[1], rel=1e-8, abs=1e-8)
    assert row["most_deprived_per_1000"] == pytest.approx(fit.params[0], rel=1e-8, abs=1e-8)


def test_limits_hold_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(5)
    people = np.array([900, 1500, 1200, 700, 1100, 1000, 1600, 800, 1300, 900])
    ridit = (np.cumsum(people) - people / 2) / people.sum()
    straight, curved = 0.09 - 0.05 * ridit, 0.09 * 0.4**ridit
    held = {"sii": 0, "rii": 0}
    for _ in range(400):
        row = inequality_indices(deciles_of(people, rng.poisson(people * straight))).iloc[0]
        held["sii"] += row["sii_low"] <= 50 <= row["sii_high"]
        row = inequality_indices(deciles_of(people, rng.poisson(people * curved))).iloc[0]
        held["rii"] += row["rii_low"] <= 1 / 0.4 <= row["rii_high"]
    assert 0.92 <= held["sii"] / 400 <= 0.99
    assert 0.92 <= held["rii"] / 400 <= 0.99


def test_scatter_about_the_line_widens_the_limits():
    tidy = inequality_indices(deciles_of([1000] * 10, range(100, 0, -10))).iloc[0]
    counts = [140 + 40 * (-1) ** d - 10 * d for d in range(10)]
    untidy = inequality_indices(deciles_of([1000] * 10, counts)).iloc[0]
    assert untidy["dispersion"] > 1 > tidy["dispersion"]
    assert untidy["sii_high"] - untidy["sii_low"] > 2 * (tidy["sii_high"] - tidy["sii_low"])


def test_without_enough_to_go_on_the_indices_are_missing():
    for table in (
        deciles_of([100, 100], [1, 2]),
        deciles_of([100, 0, 0, 0], [1, 0, 0, 0]),
        deciles_of([100] * 10, [0] * 10),
    ):
        assert (
            inequality_indices(table)[["sii", "sii_low", "rii", "rii_high"]].isna().all(axis=None)
        )


def test_a_constant_ratio_is_found_by_hand():
    # rates halve from the most to the least deprived resident: 80 × ½^rank per 1,000
    rank = np.arange(10) / 10 + 0.05
    row = inequality_indices(deciles_of([1000] * 10, 80 * 0.5**rank)).iloc[0]
    assert row["rii"] == pytest.approx(2)
    assert row["rii_low"] * row["rii_high"] == pytest.approx(4)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(50, 5000), min_size=10, max_size=10),
    st.lists(st.integers(1, 400), min_size=10, max_size=10),
)
def test_the_ratio_is_that_of_a_poisson_regression_on_ridits(people, counts):
    row = inequality_indices(deciles_of(people, counts)).iloc[0]
    n, y = np.array(people, float), np.array(counts, float)
    ridit = (np.cumsum(n) - n / 2) / n.sum()
    family = sm.families.Poisson()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels warns where deciles lie on the line
        fit = sm.GLM(y, sm.add_constant(ridit), family=family, offset=np.log(n)).fit(tol=1e-12)
    spread = max(1.0, fit.pearson_chi2 / 8)
    half = 1.959963984540054 * fit.bse[1] * np.sqrt(spread)
    assert row["rii"] == pytest.approx(np.exp(-fit.params[1]), rel=1e-6)
    assert row["rii_high"] == pytest.approx(np.exp(-fit.params[1] + half), rel=1e-5)


def test_a_steep_gradient_has_a_ratio_though_the_straight_line_falls_below_zero():
    row = inequality_indices(deciles_of([1000] * 4, [200, 10, 2, 0])).iloc[0]
    assert row["least_deprived_per_1000"] < 0
    assert row["sii"] > 0
    assert 1 < row["rii_low"] < row["rii"] < np.inf


def test_all_use_at_one_end_has_a_slope_but_no_ratio():
    row = inequality_indices(deciles_of([1000] * 4, [200, 0, 0, 0])).iloc[0]
    assert row["sii"] > 0
    assert math.isnan(row["rii"])


def test_unknown_deciles_are_left_out_and_order_never_matters():
    table = deciles_of([100, 200, 300, 400], [40, 50, 60, 70])
    unknown = table.iloc[:1].assign(imd_decile=pd.NA, population=9999, count=9999)
    with_unknown = pd.concat([unknown, table.iloc[::-1]]).astype({"imd_decile": "Int64"})
    pd.testing.assert_frame_equal(inequality_indices(table), inequality_indices(with_unknown))


def test_services_come_sorted_and_an_empty_table_has_the_columns():
    both = pd.concat([deciles_of([9] * 3, [3] * 3, "b"), deciles_of([9] * 3, [3] * 3, "a")])
    found = inequality_indices(both)
    assert found["service"].tolist() == ["a", "b"]
    assert inequality_indices(both.iloc[:0]).columns.tolist() == found.columns.tolist()


def test_missing_columns_are_named():
    with pytest.raises(MissingColumnError, match="population"):
        inequality_indices(pd.DataFrame({"service": [], "imd_decile": [], "count": []}))
