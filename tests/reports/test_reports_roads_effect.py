import numpy as np
import pandas as pd
import pytest

from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.errors import MissingColumnError
from ntgeo.reports import roads_effect, roads_effect_sentences, roads_effect_table

AREAS = pd.DataFrame(
    {
        "lsoa": ["A", "B", "C", "D", "E"],
        "name": ["Abbey", "Beck", "Cross", "Dene", "Elm"],
        "population": [1000, 2000, 3000, 500, 700],
        "imd_decile": pd.array([1, 4, None, 9, 10], dtype="Int64"),
    }
)
NONE = float("nan")
BEFORE = [[120, 900], [300, 240], [600, 60], [60, 90], [NONE, NONE]]
AFTER = [[120, 900], [700, NONE], [600, 780], [NONE, NONE], [NONE, NONE]]


def matrix(times):
    return TravelTimeMatrix.from_arrays(times, origins=list("ABCDE"), destinations=["s", "t"])


@pytest.fixture
def table():
    return roads_effect_table(AREAS, matrix(BEFORE), matrix(AFTER))


def test_areas_hit_worst_stand_first(table):
    assert table["lsoa"].tolist() == ["D", "C", "B", "A", "E"]
    assert table["change_s"].tolist()[1:4] == [540.0, 460.0, 0.0]
    assert table["sites_cut_off"].tolist() == [2, 0, 1, 0, 0]
    assert table["imd_decile"].isna().tolist() == [False, True, False, False, False]


def test_the_figures_by_hand(table):
    effect = roads_effect(table, matrix(BEFORE), matrix(AFTER))
    assert effect.residents == 7200
    assert effect.mean_before_s == pytest.approx((120 * 1000 + 240 * 2000 + 60 * 3000) / 6000)
    assert effect.mean_after_s == pytest.approx((120 * 1000 + 700 * 2000 + 600 * 3000) / 6000)
    assert effect.longer == {1: 5000, 5: 5000, 10: 0}
    assert (effect.shorter, effect.cut_off) == (0, 500)
    assert (effect.pairs, effect.pairs_cut_off) == (8, 3)


def told(before, after, areas=AREAS):
    table = roads_effect_table(areas, matrix(before), matrix(after))
    effect = roads_effect(table, matrix(before), matrix(after))
    return roads_effect_sentences(effect, table, mode=TravelMode.FOOT, sites="the one site")


def test_the_sentences():
    mean, longer, cut_off, worst = told(BEFORE, AFTER)
    assert mean == (
        "The average resident's journey on foot to the one site rises from 2.2 to 9.2 minutes."
    )
    assert longer == (
        "Journeys lengthen by more than 1 minute for 5,000 of 7,200 residents, by more than "
        "5 minutes for 5,000 and by more than 10 minutes for none."
    )
    assert cut_off == (
        "3 of 8 pairs of area and site have no way left; Dene (500 residents) can reach no site "
        "at all."
    )
    assert worst == (
        "Hit worst: Cross (from 1.0 to 10.0 minutes); Beck (decile 4, from 4.0 to 11.7 minutes)."
    )


def test_a_change_that_helps_and_one_that_does_nothing():
    assert told(BEFORE, BEFORE) == [
        "The average resident's journey on foot to the one site stays at 2.1 minutes.",
        "Nobody's journey lengthens by more than a minute.",
        "No area is cut off from any site.",
    ]
    assert told(AFTER, BEFORE)[2] == ("Journeys shorten by more than a minute for 5,000 residents.")
    fewer = [[120, NONE], *BEFORE[1:]]
    assert told(BEFORE, fewer)[2] == (
        "1 of 8 pairs of area and site have no way left; every area still reaches some site."
    )
    nobody = np.full((5, 2), NONE)
    assert told(nobody, nobody)[0] == "Nobody has a way on foot to the one site."


def test_areas_without_deprivation_and_without_residents():
    plain = AREAS.drop(columns="imd_decile")
    assert "Beck (from 4.0" in told(BEFORE, AFTER, plain)[-1]
    with pytest.raises(MissingColumnError, match="population"):
        told(BEFORE, AFTER, AREAS.drop(columns="population"))
