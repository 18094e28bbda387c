"""The demand of a real borough, against sums of the files and a second path."""

import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy.optimize import minimize
from scipy.special import gammaln

from ntgeo.demand import (
    aggregate_use,
    expected_demand,
    inequality_indices,
    protect_counts,
    use_by_decile,
    use_rates,
)

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def use(north_tyneside):
    records = pa.Table.from_pandas(north_tyneside["records"], preserve_index=False)
    return aggregate_use(records, north_tyneside["population"]["lsoa"].tolist())


@pytest.fixture(scope="module")
def expectation(use, north_tyneside):
    return expected_demand(use, north_tyneside["population"], north_tyneside["deprivation"])


def test_every_area_has_both_services_and_totals_are_those_of_the_files(use, north_tyneside):
    assert len(use) == 131 * 2
    totals = use.groupby("service")["count"].sum()
    records = north_tyneside["records"]
    assert totals.to_dict() == records.groupby("service")["count"].sum().to_dict()
    assert totals["anti-social behaviour"] == 5078  # rows of asb_2022.csv


def test_the_decile_table_has_the_totals_of_the_files(use, north_tyneside):
    table = use_by_decile(use, north_tyneside["deprivation"], north_tyneside["population"])
    joined = north_tyneside["records"].merge(north_tyneside["deprivation"], on="lsoa")
    by_hand = joined.groupby(["service", "imd_decile"])["count"].sum()
    assert len(table) == 20
    for service, decile, count in zip(
        table["service"], table["imd_decile"], table["count"], strict=True
    ):
        assert count == by_hand[service, decile]
    people = north_tyneside["population"]["population"].sum()
    assert table.groupby("service")["population"].sum().tolist() == [people, people]
    assert table.groupby("service")["areas"].sum().tolist() == [131, 131]


def test_anti_social_behaviour_is_unequal_and_registration_is_not(use, north_tyneside):
    table = use_by_decile(use, north_tyneside["deprivation"], north_tyneside["population"])
    found = inequality_indices(table).set_index("service")
    incidents, registered = found.loc["anti-social behaviour"], found.loc["gp registrations"]
    assert incidents["sii_low"] > 0
    assert incidents["rii_low"] > 1
    assert registered["sii_low"] < 0 < registered["sii_high"]
    assert registered["rii"] == pytest.approx(1, abs=0.05)


def test_about_everyone_is_registered_with_a_doctor(use, north_tyneside):
    rates = use_rates(use, north_tyneside["population"])
    registered = rates[rates["service"] == "gp registrations"]
    assert registered["rate_per_1000"].median() == pytest.approx(1000, abs=60)


def test_expected_totals_are_observed_totals(expectation):
    totals = expectation.frame.groupby("service")[["observed", "expected"]].sum()
    assert totals["expected"].tolist() == pytest.approx(totals["observed"].tolist(), rel=1e-12)
    assert all(model.converged for model in expectation.models)


def test_most_areas_are_within_their_usual_range(expectation):
    frame = expectation.frame
    usual = frame["observed"].between(frame["usual_low"], frame["usual_high"])
    assert usual.groupby(frame["service"]).mean().between(0.9, 1).all()


@pytest.mark.parametrize("service", ["anti-social behaviour", "gp registrations"])
def test_the_regression_is_that_of_the_likelihood_itself(service, use, north_tyneside, expectation):
    """NB2 by scipy on the log-likelihood, with covariates built again from the file."""
    model = next(m for m in expectation.models if m.service == service)
    assert model.family == "negative-binomial"
    people = north_tyneside["population"].sort_values("lsoa")
    years = people[[f"age_{age}" for age in range(91)]].to_numpy(float)
    scores = north_tyneside["deprivation"].sort_values("lsoa")["imd_score"].to_numpy()
    edges = {(0, 15), (16, 24), (25, 44), (65, 79), (80, 90)}
    columns = [scores] + [
        years[:, low : high + 1].sum(axis=1) / years.sum(axis=1) for low, high in sorted(edges)
    ]
    z = np.column_stack([np.ones(131), *((c - c.mean()) / c.std() for c in columns)])
    counts = use[use["service"] == service].sort_values("lsoa")["count"].to_numpy(float)
    exposure = people["population"].to_numpy(float)

    def badness(beta):
        size = math.exp(-beta[-1])
        mean = exposure * np.exp(z @ beta[:-1])
        terms = gammaln(counts + size) - gammaln(size) + size * np.log(size / (size + mean))
        return -float(np.sum(terms + counts * np.log(mean / (size + mean))))

    def slope(beta):
        alpha = math.exp(beta[-1])
        mean = exposure * np.exp(z @ beta[:-1])
        by_beta = z.T @ ((counts - mean) / (1 + alpha * mean))
        step = 1e-5
        ahead, behind = beta.copy(), beta.copy()
        ahead[-1] += step
        behind[-1] -= step
        return np.r_[-by_beta, (badness(ahead) - badness(behind)) / (2 * step)]

    start = np.zeros(8)
    start[0], start[-1] = math.log(counts.sum() / exposure.sum()), math.log(0.05)
    found = minimize(badness, start, jac=slope, method="BFGS", options={"gtol": 1e-6})
    estimates = [c.estimate for c in model.coefficients]
    assert estimates == pytest.approx(found.x[:-1], abs=2e-4)
    assert model.alpha == pytest.approx(math.exp(found.x[-1]), rel=2e-3)
    mean = exposure * np.exp(z @ found.x[:-1])
    frame = expectation.frame[expectation.frame["service"] == service]
    assert frame["expected"].to_numpy() == pytest.approx(mean * counts.sum() / mean.sum(), rel=1e-3)


def test_published_figures_hide_what_is_small(use):
    shown = protect_counts(use[["lsoa", "service", "count"]], ["count"])
    figures = shown["count"].to_numpy(float, na_value=np.nan)
    assert np.isnan(figures[use["count"].between(1, 4)]).all()
    assert np.nanmax(np.abs(figures - use["count"])) <= 2
    assert shown["count"].isna().sum() < 20


def test_shuffled_files_give_the_same_tables(use, north_tyneside, expectation):
    mixed = {name: table.sample(frac=1, random_state=3) for name, table in north_tyneside.items()}
    records = pa.Table.from_pandas(mixed["records"], preserve_index=False)
    again = aggregate_use(records, mixed["population"]["lsoa"].tolist())
    pd.testing.assert_frame_equal(again, use)
    redone = expected_demand(again, mixed["population"], mixed["deprivation"])
    pd.testing.assert_frame_equal(redone.frame, expectation.frame, check_exact=True)
    assert redone.models == expectation.models
