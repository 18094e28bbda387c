import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from ntgeo.demand import expected_demand
from ntgeo.demand.limits import poisson_limits
from ntgeo.errors import InputError, MissingColumnError, UnknownIdError


def town(areas=40, seed=7, alpha=0.0):
    rng = np.random.default_rng(seed)
    codes = [f"X0100{n:04d}" for n in range(areas)]
    ages = rng.integers(3, 40, (areas, 91))
    population = pd.DataFrame(ages, columns=[f"age_{age}" for age in range(91)])
    population.insert(0, "population", ages.sum(axis=1))
    population.insert(0, "lsoa", codes)
    score = rng.gamma(2, 12, areas)
    deprivation = pd.DataFrame({"lsoa": codes, "imd_score": score, "imd_decile": 5})
    mean = population["population"].to_numpy() * np.exp(-3 + 0.02 * score)
    if alpha:
        mean = mean * rng.gamma(1 / alpha, alpha, areas)
    use = pd.DataFrame({"lsoa": codes, "service": "library", "count": rng.poisson(mean)})
    return use, population, deprivation


def test_equal_areas_by_hand():
    use, population, _ = town(4)
    flat = population.assign(population=1000).drop(columns=[f"age_{a}" for a in range(91)])
    use["count"] = [10, 20, 30, 40]
    frame, (model,) = expected_demand(use, flat, None, family="poisson")
    assert frame["expected"].tolist() == pytest.approx([25] * 4)
    assert frame["difference"].tolist() == pytest.approx([15, 5, -5, -15])
    assert frame["unmet_need"].tolist() == pytest.approx([15, 5, 0, 0])
    assert frame["ratio"].tolist() == pytest.approx([0.4, 0.8, 1.2, 1.6])
    low, high = poisson_limits([10, 20, 30, 40])
    assert frame["ratio_low"].tolist() == pytest.approx(low / 25)
    assert frame["ratio_high"].tolist() == pytest.approx(high / 25)
    # 95 % of Poisson counts of mean 25 lie in 16 to 35
    assert frame[["usual_low", "usual_high"]].to_numpy().tolist() == [[16, 35]] * 4
    assert [c.name for c in model.coefficients] == ["intercept"]
    assert model.coefficients[0].estimate == pytest.approx(math.log(25 / 1000))
    assert model.service == "library"
    assert model.areas == 4


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([0.0, 0.3]), st.randoms(use_true_random=False))
def test_total_expected_is_total_observed_and_order_never_matters(seed, alpha, random):
    use, population, deprivation = town(45, seed, alpha)
    frame, models = expected_demand(use, population, deprivation)
    assert frame["expected"].sum() == pytest.approx(use["count"].sum(), rel=1e-9)
    assert (frame["expected"] > 0).all()
    mixed = list(range(45))
    random.shuffle(mixed)
    again = expected_demand(use.iloc[mixed], population.iloc[mixed[::-1]], deprivation[::-1])
    pd.testing.assert_frame_equal(frame, again.frame, check_exact=True)
    assert models == again.models


def test_each_family_gives_its_own_usual_range():
    use, population, deprivation = town(120, 3, alpha=0.4)
    spread = expected_demand(use, population, deprivation)
    plain = expected_demand(use, population, deprivation, family="poisson")
    assert spread.models[0].family == "negative-binomial"
    alpha, frame = spread.models[0].alpha, spread.frame
    size = 1 / alpha
    assert frame["usual_high"].tolist() == pytest.approx(
        nbinom.ppf(0.975, size, size / (size + frame["expected"]))
    )
    assert plain.frame["usual_low"].tolist() == pytest.approx(
        poisson.ppf(0.025, plain.frame["expected"])
    )

    def share_unusual(f):
        return ((f["observed"] < f["usual_low"]) | (f["observed"] > f["usual_high"])).mean()

    assert share_unusual(frame) < 0.1 < share_unusual(plain.frame)


def test_negative_binomial_is_scaled_and_says_by_how_much():
    use, population, deprivation = town(120, 3, alpha=0.4)
    model = expected_demand(use, population, deprivation).models[0]
    assert model.scale != 1
    assert model.scale == pytest.approx(1, abs=0.05)
    plain = expected_demand(use, population, deprivation, family="poisson").models[0]
    assert plain.scale == pytest.approx(1, abs=1e-9)


def test_deprivation_moves_the_expectation():
    use, population, deprivation = town(60)
    frame, (model,) = expected_demand(use, population, deprivation)
    rate = frame["expected"] / frame["population"]
    assert np.corrcoef(rate, deprivation["imd_score"])[0, 1] > 0.8
    slope = next(c for c in model.coefficients if c.name == "imd_score")
    assert slope.estimate / slope.per == pytest.approx(0.02, abs=0.004)


def test_ranks_or_deciles_will_do_without_scores():
    use, population, deprivation = town(60)
    ranks = deprivation[["lsoa"]].assign(imd_rank=deprivation["imd_score"].rank())
    (model,) = expected_demand(use, population, ranks).models
    assert model.coefficients[1].name == "imd_rank"
    with pytest.raises(MissingColumnError, match="imd_score"):
        expected_demand(use, population, ranks[["lsoa"]])


def test_missing_deprivation_takes_the_mean_and_is_told():
    use, population, deprivation = town(30)
    partly = deprivation.copy()
    partly.loc[4, "imd_score"] = np.nan
    assert (
        "1 areas have no imd_score" in expected_demand(use, population, partly).models[0].notes[0]
    )
    none = deprivation.assign(imd_score=np.nan)
    note = expected_demand(use, population, none).models[0].notes[0]
    assert "not allowed for" in note


def test_age_is_dealt_with_first_where_it_is_known():
    use, population, _ = town(2)
    columns = [f"age_{age}" for age in range(91)]
    population[columns] = 0
    population["population"] = 1000
    population.loc[0, "age_10"], population.loc[0, "age_70"] = 800, 200
    population.loc[1, "age_10"], population.loc[1, "age_70"] = 200, 800
    use["count"] = [60, 60]
    by_age = pd.DataFrame({"service": "library", "age": [10, 70], "count": [100, 20]})
    frame, (model,) = expected_demand(use, population, None, use_by_age=by_age)
    # children use it 100 per 1,000, the old 20: 84 and 36 are expected of the two areas
    assert frame["expected"].tolist() == pytest.approx([84, 36])
    assert "age-expected" in model.offset


def test_a_service_nobody_used_expects_nothing_and_says_so():
    use, population, deprivation = town(20)
    frame, (model,) = expected_demand(use.assign(count=0), population, deprivation)
    assert frame["expected"].eq(0).all()
    assert frame["unmet_need"].eq(0).all()
    assert frame["ratio"].isna().all()
    assert model.family == "none"
    assert "no use was recorded" in model.notes[-1]


def test_an_area_without_residents_expects_nothing_and_the_total_still_agrees():
    use, population, deprivation = town(25)
    columns = ["population", *(f"age_{age}" for age in range(91))]
    population.loc[3, columns] = 0
    frame, (model,) = expected_demand(use, population, deprivation)
    assert frame.loc[3, "expected"] == 0
    assert math.isnan(frame.loc[3, "ratio"])
    assert frame.loc[3, ["usual_low", "usual_high"]].tolist() == [0, 0]
    assert frame["expected"].sum() == pytest.approx(use["count"].sum())
    assert model.areas == 24
    assert "without residents" in model.notes[0]
    assert not np.isinf(frame.select_dtypes("number").to_numpy(float)).any()


def test_use_where_nobody_it_is_for_lives_is_refused():
    use, population, deprivation = town(5)
    population[[f"age_{age}" for age in range(5)]] = 0
    with pytest.raises(InputError, match="nobody of the ages"):
        expected_demand(use, population, deprivation, bands={"library": (0, 4)})


def test_services_are_fitted_apart_and_come_by_area_and_name():
    use, population, deprivation = town(30)
    both = pd.concat([use, use.assign(service="clinic", count=use["count"] * 3)])
    frame, models = expected_demand(both, population, deprivation)
    assert [model.service for model in models] == ["clinic", "library"]
    assert frame["service"].tolist() == ["clinic", "library"] * 30
    totals = frame.groupby("service")[["observed", "expected"]].sum()
    assert totals["expected"].tolist() == pytest.approx(totals["observed"].tolist())


def test_faults_are_told():
    use, population, deprivation = town(5)
    with pytest.raises(InputError, match="no such family"):
        expected_demand(use, population, deprivation, family="gaussian")
    with pytest.raises(UnknownIdError, match="X01000004"):
        expected_demand(use, population, deprivation[:4])
    with pytest.raises(InputError, match="0 or more"):
        expected_demand(use.assign(count=-1), population, deprivation)
