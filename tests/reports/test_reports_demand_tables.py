import pandas as pd
import pytest

from ntgeo.errors import MissingColumnError
from ntgeo.reports.demand_tables import expected_by_decile_table, unmet_areas_table

AREAS = pd.DataFrame(
    {"lsoa": ["a", "b", "c", "d"], "name": ["A", "B", "C", "D"], "imd_decile": [1, 1, 2, None]}
)
EXPECTED = pd.DataFrame(
    {
        "lsoa": ["a", "b", "c", "d"] * 2,
        "service": ["libraries"] * 4 + ["leisure"] * 4,
        "observed": [10, 20, 5, 1, 0, 0, 0, 0],
        "expected": [15.0, 21.0, 3.0, 9.0, 0.0, 0.0, 1.0, 0.0],
    }
)


def test_deciles_are_sums_of_their_areas():
    table = expected_by_decile_table(EXPECTED, AREAS).set_index(["service", "imd_decile"])
    first = table.loc[("libraries", 1)]
    assert (first["areas"], first["observed"], first["expected"]) == (2, 30, 36)
    assert first["difference"] == 6
    assert first["observed_share"] == pytest.approx(30 / 36)
    assert pd.isna(table.loc[("leisure", 1), "observed_share"])
    assert len(table) == 4


def test_unmet_need_is_listed_the_greatest_first():
    table = unmet_areas_table(EXPECTED, AREAS, service="libraries")
    assert table["lsoa"].tolist() == ["d", "a", "b"]
    assert table["difference"].tolist() == [8, 5, 1]
    assert unmet_areas_table(EXPECTED, AREAS, service="libraries", most=1)["name"].tolist() == ["D"]


def test_a_protected_observation_is_not_ranked():
    hidden = EXPECTED.assign(observed=pd.array([None, 20, 5, 1] * 2, dtype="Int64"))
    assert unmet_areas_table(hidden, AREAS, service="libraries")["lsoa"].tolist() == ["d", "b"]


def test_missing_columns_are_told():
    with pytest.raises(MissingColumnError, match="expected"):
        expected_by_decile_table(EXPECTED.drop(columns="expected"), AREAS)
