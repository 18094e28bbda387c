import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntgeo.demand import use_by_decile
from ntgeo.errors import DuplicateIdError, InputError, UnknownIdError

AREAS = [f"X0100000{n}" for n in range(1, 5)]


def tables(counts=(10, 20, 30, 40), deciles=(1, 1, 10, None), people=(100, 300, 1000, 500)):
    use = pd.DataFrame({"lsoa": AREAS, "service": "library", "count": counts})
    deprivation = pd.DataFrame({"lsoa": AREAS, "imd_decile": pd.array(deciles, "Int64")})
    return use, deprivation, pd.DataFrame({"lsoa": AREAS, "population": people})


def test_ten_deciles_and_one_for_the_unknown_by_hand():
    table = use_by_decile(*tables())
    assert table["imd_decile"].tolist() == [*range(1, 11), pd.NA]
    assert table["areas"].tolist() == [2, *[0] * 8, 1, 1]
    assert table["population"].tolist() == [400, *[0] * 8, 1000, 500]
    assert table["count"].tolist() == [30, *[0] * 8, 30, 40]
    assert table["rate_per_1000"].iloc[[0, 9, 10]].tolist() == [75.0, 30.0, 80.0]
    assert table.loc[1:8, ["rate_per_1000", "ci_low", "ci_high"]].isna().all(axis=None)
    # exact Poisson limits of 30 events: 20.2409 and 42.8269 (Garwood)
    assert table.loc[0, ["ci_low", "ci_high"]].tolist() == pytest.approx(
        [20.2409 / 0.4, 42.8269 / 0.4], rel=1e-5
    )


def test_all_deciles_known_give_ten_rows_each_service():
    use, deprivation, population = tables(deciles=(1, 2, 3, 10))
    both = pd.concat([use, use.assign(service="clinic", count=0)])
    table = use_by_decile(both, deprivation, population)
    assert table["service"].tolist() == ["clinic"] * 10 + ["library"] * 10
    assert table.groupby("service")["count"].sum().tolist() == [0, 100]
    assert table["imd_decile"].tolist() == [*range(1, 11)] * 2


def test_people_can_be_what_is_counted():
    use, deprivation, population = tables()
    table = use_by_decile(
        use.assign(people=pd.array([1, 2, 3, 4], "Int64")),
        deprivation,
        population,
        measure="people",
    )
    assert table["count"].sum() == 10


def test_people_not_known_are_not_counted_as_none():
    use, deprivation, population = tables()
    missing = use.assign(people=pd.array([1, None, 3, 4], "Int64"))
    with pytest.raises(InputError, match="people"):
        use_by_decile(missing, deprivation, population, measure="people")


def test_bands_set_the_residents(population):
    use = pd.DataFrame({"lsoa": population["lsoa"], "service": "club", "count": [5, 0]})
    deprivation = population[["lsoa"]].assign(imd_decile=[1, 10])
    table = use_by_decile(use, deprivation, population, bands={"club": (0, 4)})
    assert table["population"].tolist() == [500, *[0] * 9]


@pytest.mark.parametrize("odd", [0, 11, 2.5, "most deprived"])
def test_deciles_must_be_one_to_ten(odd):
    use, deprivation, population = tables()
    deprivation = deprivation.astype(object)
    deprivation.loc[1, "imd_decile"] = odd
    with pytest.raises(InputError, match="1 \\(most deprived\\) to 10"):
        use_by_decile(use, deprivation, population)


def test_areas_without_a_row_or_with_two_are_refused():
    use, deprivation, population = tables()
    with pytest.raises(UnknownIdError, match="X01000004"):
        use_by_decile(use, deprivation[:3], population)
    with pytest.raises(DuplicateIdError, match="X01000001"):
        use_by_decile(use, pd.concat([deprivation, deprivation[:1]]), population)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 10**6), min_size=4, max_size=4),
    st.lists(st.none() | st.integers(1, 10), min_size=4, max_size=4),
    st.permutations(range(4)),
)
def test_totals_are_kept_and_order_never_matters(counts, deciles, order):
    use, deprivation, population = tables(tuple(counts), tuple(deciles))
    table = use_by_decile(use, deprivation, population)
    assert table["count"].sum() == sum(counts)
    assert table["areas"].sum() == 4
    assert table["population"].sum() == 1900
    known = table.dropna(subset=["rate_per_1000"])
    assert (known["ci_low"] <= known["rate_per_1000"]).all()
    assert (known["rate_per_1000"] < known["ci_high"]).all()
    shuffled = use_by_decile(use.iloc[list(order)], deprivation.iloc[list(order[::-1])], population)
    pd.testing.assert_frame_equal(table, shuffled)
    assert not np.isinf(table.select_dtypes("float").to_numpy()).any()
