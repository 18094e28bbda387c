import math

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import gammaln

from ntgeo.demand import regression
from ntgeo.demand.regression import dispersion_test, fit_counts

RNG = np.random.default_rng(2019)
AREAS = 131


@pytest.fixture(scope="module")
def town():
    rng = np.random.default_rng(22)
    people = rng.integers(900, 2600, AREAS).astype(float)
    score = rng.gamma(2.0, 10.0, AREAS)
    old = rng.beta(4, 18, AREAS)
    mean = people * np.exp(-3 + 0.02 * score + 2.0 * old)
    return {
        "people": people,
        "covariates": [("imd_score", score), ("share aged 65 and over", old)],
        "poisson": rng.poisson(mean).astype(float),
        "spread": rng.negative_binomial(4, 4 / (4 + mean)).astype(float),
    }


def standardised(covariates):
    columns = [(values - values.mean()) / values.std() for _, values in covariates]
    return np.column_stack([np.ones(len(columns[0])), *columns])


def reweighted_least_squares(counts, exposure, design, alpha=0.0):
    """A second way to the same answer: Fisher scoring written out in numpy."""
    beta = np.zeros(design.shape[1])
    beta[0] = math.log(counts.sum() / exposure.sum())
    for _ in range(200):
        mean = exposure * np.exp(design @ beta)
        weight = mean / (1 + alpha * mean)
        working = design @ beta + (counts - mean) / mean
        information = design.T @ (weight[:, None] * design)
        step = np.linalg.solve(information, design.T @ (weight * working)) - beta
        beta = beta + step
        if np.abs(step).max() < 1e-13:
            break
    return beta, np.sqrt(np.diag(np.linalg.inv(information)))


def nb2_log_likelihood(counts, mean, alpha):
    size = 1 / alpha
    return float(
        np.sum(
            gammaln(counts + size)
            - gammaln(size)
            - gammaln(counts + 1)
            + size * np.log(size / (size + mean))
            + counts * np.log(mean / (size + mean))
        )
    )


def test_poisson_by_a_second_path(town):
    fit = fit_counts(town["poisson"], town["people"], town["covariates"], "poisson")
    design = standardised(town["covariates"])
    beta, errors = reweighted_least_squares(town["poisson"], town["people"], design)
    assert [c.estimate for c in fit.coefficients] == pytest.approx(beta, rel=1e-8)
    assert [c.standard_error for c in fit.coefficients] == pytest.approx(errors, rel=1e-6)
    assert fit.mean == pytest.approx(town["people"] * np.exp(design @ beta), rel=1e-8)
    assert fit.mean.sum() == pytest.approx(town["poisson"].sum(), rel=1e-10)
    y, mu = town["poisson"], fit.mean
    deviance = 2 * np.sum(np.where(y > 0, y * np.log(np.where(y > 0, y, 1) / mu), 0) - (y - mu))
    assert fit.deviance == pytest.approx(deviance, rel=1e-8)
    assert fit.dispersion == pytest.approx(np.sum((y - mu) ** 2 / mu) / (AREAS - 3), rel=1e-8)
    assert fit.converged


def test_poisson_finds_the_truth_it_was_drawn_from(town):
    fit = fit_counts(town["poisson"], town["people"], town["covariates"])
    slopes = {c.name: c.estimate / c.per for c in fit.coefficients}
    assert slopes["imd_score"] == pytest.approx(0.02, abs=0.002)
    assert slopes["share aged 65 and over"] == pytest.approx(2.0, abs=0.3)
    assert fit.coefficients[1].rate_ratio == pytest.approx(math.exp(fit.coefficients[1].estimate))


def test_negative_binomial_by_the_likelihood_itself(town):
    counts, exposure = town["spread"], town["people"]
    design = standardised(town["covariates"])
    fit = fit_counts(counts, exposure, town["covariates"], "negative-binomial")

    def badness(parameters):
        mean = exposure * np.exp(design @ parameters[:-1])
        return -nb2_log_likelihood(counts, mean, math.exp(parameters[-1]))

    start = [math.log(counts.sum() / exposure.sum()), 0, 0, math.log(0.5)]
    found = minimize(
        badness,
        start,
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-10, "maxiter": 8000, "maxfev": 8000},
    )
    assert [c.estimate for c in fit.coefficients] == pytest.approx(found.x[:-1], abs=2e-6)
    assert fit.alpha == pytest.approx(math.exp(found.x[-1]), rel=1e-5)
    assert nb2_log_likelihood(counts, fit.mean, fit.alpha) >= -found.fun - 1e-7


def test_negative_binomial_by_a_second_path(town):
    fit = fit_counts(town["spread"], town["people"], town["covariates"], "negative-binomial")
    design = standardised(town["covariates"])
    beta, errors = reweighted_least_squares(town["spread"], town["people"], design, fit.alpha)
    assert [c.estimate for c in fit.coefficients] == pytest.approx(beta, rel=1e-7)
    assert [c.standard_error for c in fit.coefficients] == pytest.approx(errors, rel=1e-6)
    assert fit.alpha == pytest.approx(0.25, abs=0.1)


def test_auto_chooses_by_the_spread(town):
    plain = fit_counts(town["poisson"], town["people"], town["covariates"])
    spread = fit_counts(town["spread"], town["people"], town["covariates"])
    assert plain.family == "poisson"
    assert plain.alpha == 0
    assert plain.overdispersion_p > 0.05
    assert spread.family == "negative-binomial"
    assert spread.overdispersion_p < 0.05
    assert spread.dispersion == pytest.approx(1, abs=0.4)


def test_dispersion_test_by_hand():
    # mean 2 throughout; y = 0, 4 gives ((y-2)² - y)/2 = 2, 0; slope = (4+0)/8 = 0.5;
    # residuals 1, -1; variance of the slope = 2/1/8; t = 0.5/0.5 = 1; p = 0.158655
    p = dispersion_test(np.array([0.0, 4.0]), np.array([2.0, 2.0]))
    assert p == pytest.approx(0.158655, abs=1e-6)


def test_dispersion_test_is_rarely_wrong_on_poisson_and_mostly_right_on_spread_counts():
    rng = np.random.default_rng(3)
    mean = rng.uniform(5, 60, AREAS)
    alarms = [dispersion_test(rng.poisson(mean).astype(float), mean) < 0.05 for _ in range(400)]
    hits = [
        dispersion_test(rng.negative_binomial(5, 5 / (5 + mean)).astype(float), mean) < 0.05
        for _ in range(100)
    ]
    assert np.mean(alarms) < 0.09
    assert np.mean(hits) > 0.9


def test_dispersion_cannot_be_told_from_one_area_or_no_scatter():
    assert dispersion_test(np.array([3.0]), np.array([3.0])) == 1
    assert dispersion_test(np.array([3.0, 3.0]), np.array([3.0, 3.0])) == 1


def test_underdispersed_counts_stay_poisson_and_alpha_falls_to_its_floor():
    counts = np.full(60, 7.0)
    auto = fit_counts(counts, np.ones(60), [])
    assert auto.family == "poisson"
    assert auto.mean == pytest.approx(counts)
    forced = fit_counts(counts, np.ones(60), [], "negative-binomial")
    assert forced.alpha < 1e-5
    assert forced.mean == pytest.approx(counts)


def test_collinear_and_constant_covariates_are_left_out_in_words(town):
    score = town["covariates"][0][1]
    terms = [("a", score), ("b", 3 - 2 * score), ("c", np.full(AREAS, 0.2)), ("d", score**2)]
    fit = fit_counts(town["poisson"], town["people"], terms)
    assert [c.name for c in fit.coefficients] == ["intercept", "a", "d"]
    assert any(note.startswith("b ") and "already" in note for note in fit.notes)
    assert any(note.startswith("c ") and "same" in note for note in fit.notes)
    alone = fit_counts(town["poisson"], town["people"], [terms[0], terms[3]])
    assert fit.mean == pytest.approx(alone.mean)


def test_shares_that_sum_to_one_are_told_by_the_others(town):
    shares = np.random.default_rng(1).dirichlet([3, 4, 5], AREAS).T
    fit = fit_counts(
        town["poisson"], town["people"], [(f"s{i}", share) for i, share in enumerate(shares)]
    )
    assert [c.name for c in fit.coefficients] == ["intercept", "s0", "s1"]


def test_nearly_collinear_covariates_are_left_out(town):
    score = town["covariates"][0][1]
    twin = score + 1e-3 * np.random.default_rng(0).standard_normal(AREAS)
    fit = fit_counts(town["poisson"], town["people"], [("a", score), ("b", twin)], "poisson")
    assert [c.name for c in fit.coefficients] == ["intercept", "a"]
    assert fit.mean.sum() == pytest.approx(town["poisson"].sum())
    assert all(c.standard_error <= 10 for c in fit.coefficients)


def test_separated_areas_do_not_break_the_fit():
    # all use is where the covariate is 1, none where it is 0: no finite slope is best
    split = np.repeat([0.0, 1.0], 35)
    counts = split * np.tile([3.0, 5.0, 4.0, 6.0, 2.0], 14)
    fit = fit_counts(counts, np.full(70, 100.0), [("split", split)])
    assert [c.name for c in fit.coefficients] == ["intercept"]
    assert "does not settle" in fit.notes[0]
    assert fit.mean == pytest.approx(np.full(70, counts.mean())) or fit.alpha > 0
    assert np.isfinite(fit.mean).all()


def test_few_areas_bear_few_covariates(town):
    some = slice(0, 19)
    terms = [(name, values[some]) for name, values in town["covariates"]]
    fit = fit_counts(town["poisson"][some], town["people"][some], terms)
    assert [c.name for c in fit.coefficients] == ["intercept", "imd_score"]
    assert "one in ten" in fit.notes[0]
    single = fit_counts(np.array([5.0]), np.array([10.0]), [("x", np.array([1.0]))])
    assert single.mean == pytest.approx([5.0])
    assert math.isnan(single.dispersion)


def test_sparse_counts_are_fitted_too():
    counts = np.zeros(69)
    counts[[3, 40]] = 1
    score = np.linspace(0, 60, 69)
    fit = fit_counts(counts, np.full(69, 1500.0), [("imd_score", score)])
    assert fit.mean.sum() == pytest.approx(2, rel=1e-6)
    assert fit.converged


@pytest.mark.parametrize("family", ["auto", "poisson", "negative-binomial"])
@pytest.mark.parametrize("areas", [1, 2, 12, 69])
def test_wild_counts_never_break_the_fit(family, areas):
    for seed in range(3):
        rng = np.random.default_rng([areas, seed])
        wild = [
            np.where(np.arange(areas) == areas // 2, 10**6, 0),
            rng.poisson(rng.gamma(0.05, 10, areas)) + (np.arange(areas) == 0),
            rng.poisson(rng.pareto(0.7, areas).clip(max=1e7)) + 1,
        ]
        counts = np.asarray(wild[seed % 3], float)
        exposure = rng.choice([1e-6, 1.0, 1e3], areas)
        terms = [
            ("heavy", rng.pareto(0.6, areas) * 1e4),
            ("first", (np.arange(areas) == 0).astype(float)),
            ("use", (counts > 0).astype(float)),
        ]
        fit = fit_counts(counts, exposure, terms, family)
        assert np.isfinite(fit.mean).all()
        assert (fit.mean >= 0).all()
        assert 1 / 3 <= fit.mean.sum() / counts.sum() <= 3
        assert fit.converged
        if fit.family == "poisson":
            assert fit.mean.sum() == pytest.approx(counts.sum(), rel=1e-6)


def test_one_rate_for_all_where_no_regression_settles(monkeypatch, town):
    counts, exposure = town["poisson"], town["people"]
    plain = fit_counts(counts, exposure, [], "poisson")
    monkeypatch.setattr(regression, "_attempt", lambda *_: None)
    fit = fit_counts(counts, exposure, town["covariates"])
    assert fit.mean == pytest.approx(exposure * counts.sum() / exposure.sum())
    assert fit.deviance == pytest.approx(plain.deviance)
    assert fit.dispersion == pytest.approx(plain.dispersion)
    assert fit.coefficients[0].estimate == pytest.approx(plain.coefficients[0].estimate)
    assert fit.coefficients[0].standard_error == pytest.approx(plain.coefficients[0].standard_error)
    assert "one rate" in fit.notes[-1]
    assert len(fit.notes) == 3
