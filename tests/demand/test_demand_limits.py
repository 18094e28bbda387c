import numpy as np
import pytest
from scipy.stats import poisson

from ntgeo.demand.limits import per_1000, poisson_limits


def test_exact_limits_as_printed_in_tables():
    # Garwood's limits as printed in textbooks (95 %)
    low, high = poisson_limits([0, 1, 2, 5, 10, 100])
    assert low == pytest.approx([0, 0.0253, 0.2422, 1.6235, 4.7954, 81.3640], abs=5e-5)
    assert high == pytest.approx([3.6889, 5.5716, 7.2247, 11.6683, 18.3904, 121.6268], abs=5e-5)


@pytest.mark.parametrize("count", [1, 3, 8, 40, 1000])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.998])
def test_limits_are_where_the_tails_are_half_of_what_is_left(count, confidence):
    low, high = poisson_limits([count], confidence)
    tail = (1 - confidence) / 2
    assert poisson.sf(count - 1, low[0]) == pytest.approx(tail, rel=1e-9)
    assert poisson.cdf(count, high[0]) == pytest.approx(tail, rel=1e-9)


def test_byars_approximation_agrees_within_a_hundredth_from_ten_on():
    n = np.arange(10, 500, dtype=float)
    z = 1.959963984540054
    low, high = poisson_limits(n)
    byar_low = n * (1 - 1 / (9 * n) - z / (3 * np.sqrt(n))) ** 3
    byar_high = (n + 1) * (1 - 1 / (9 * (n + 1)) + z / (3 * np.sqrt(n + 1))) ** 3
    assert low == pytest.approx(byar_low, rel=0.01)
    assert high == pytest.approx(byar_high, rel=0.01)


def test_a_missing_count_has_missing_limits():
    low, high = poisson_limits([np.nan])
    assert np.isnan(low).all()
    assert np.isnan(high).all()


def test_rates_per_thousand_are_nan_where_nobody_lives():
    assert per_1000([1, 2, 0], [10, 0, 0])[0] == 100
    assert np.isnan(per_1000([1, 2, 0], [10, 0, 0])[1:]).all()
