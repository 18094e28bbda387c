import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntgeo.demand import demand_weights
from ntgeo.errors import InputError

OBSERVED, EXPECTED, POPULATION = [10, 30, 60], [40.0, 40.0, 20.0], [1000, 1000, 2000]
ALL = {"observed": OBSERVED, "expected": EXPECTED, "population": POPULATION}


class Listener:
    def __init__(self):
        self.notes = []

    def note(self, message):
        self.notes.append(message)


@pytest.mark.parametrize("kind", ["observed", "expected", "population"])
def test_one_kind_counts_in_its_own_unit(kind):
    assert demand_weights(**ALL, kind=kind).tolist() == ALL[kind]


def test_a_mix_by_hand():
    weights = demand_weights(**ALL, mix={"observed": 0.5, "population": 0.5})
    # population scaled to the total of observed, 100: 25, 25, 50
    assert weights.tolist() == pytest.approx([17.5, 27.5, 55])


def test_a_deprivation_weight_by_hand():
    weights = demand_weights(**ALL, deprivation_weight=1, imd_decile=[1, 10, 4])
    assert weights.tolist() == pytest.approx([20, 30, 60 * (1 + 6 / 9)])


@pytest.mark.parametrize(
    "deciles", [[1, None, 10], [1, np.nan, 10], pd.Series([1, None, 10], dtype="Int64")]
)
def test_an_unknown_decile_counts_as_the_middle_and_is_noted(deciles):
    listener = Listener()
    weights = demand_weights(**ALL, deprivation_weight=0.8, imd_decile=deciles, progress=listener)
    assert weights.tolist() == pytest.approx([18, 42, 60])
    assert listener.notes == [
        "1 of 3 areas have no IMD decile; they count as the middle of the country."
    ]


@settings(deadline=None)
@given(
    st.lists(st.tuples(*[st.floats(0.01, 1e6)] * 3), min_size=1, max_size=30),
    st.floats(0, 1),
)
def test_a_mix_keeps_the_total_of_observed(rows, share):
    observed, expected, population = map(list, zip(*rows, strict=True))
    weights = demand_weights(
        observed=observed,
        expected=expected,
        population=population,
        mix={"expected": share, "population": 1 - share},
    )
    assert weights.sum() == pytest.approx(sum(observed))
    assert (weights >= 0).all()


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({"mix": {"observed": 0.5, "expected": 0.4}}, "sum to 0.9"),
        ({"mix": {"observed": 1.5, "expected": -0.5}}, "0 or more"),
        ({"mix": {"need": 1.0}}, "no such weight"),
        ({"kind": "need"}, "no such weight"),
        ({"mix": {"observed": 0.5, "expected": 0.5}, "expected": [0, 0, 0]}, "0 everywhere"),
        ({"mix": {"observed": 0.5, "expected": 0.5}, "expected": [1]}, "different numbers"),
        ({"kind": "expected", "expected": None}, "not given"),
        ({"observed": [1, -2, 3]}, "0 or more"),
        ({"observed": [1, float("nan"), 3]}, "finite"),
        ({"deprivation_weight": -1}, "0 or more"),
        ({"deprivation_weight": float("nan")}, "0 or more"),
        ({"deprivation_weight": 1}, "needs the IMD decile"),
        ({"deprivation_weight": 1, "imd_decile": [1, 2]}, "one for each area"),
        ({"deprivation_weight": 1, "imd_decile": [0, 1, 2]}, "1 \\(most deprived\\)"),
    ],
)
def test_what_cannot_be_weighed_is_refused(question, says):
    with pytest.raises(InputError, match=says):
        demand_weights(**ALL | question)


def test_the_input_is_not_changed():
    observed = np.array([1.0, 2.0])
    demand_weights(observed=observed)[0] = 99
    assert observed.tolist() == [1, 2]
