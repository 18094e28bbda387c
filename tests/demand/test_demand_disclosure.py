import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntgeo.demand import (
    DISCLOSURE_RULES,
    expected_demand,
    protect_counts,
    protect_totals,
    use_rates,
)
from ntgeo.errors import InputError, MissingColumnError

AREAS = [f"X0100000{n}" for n in range(1, 7)]


def table_of(counts, service="library"):
    return pd.DataFrame({"lsoa": AREAS[: len(counts)], "service": service, "count": counts})


def test_small_are_hidden_others_rounded_by_hand():
    shown = protect_counts(table_of([0, 3, 2, 7, 8, 102]), ["count"])
    assert shown["count"].tolist() == [0, pd.NA, pd.NA, 5, 10, 100]
    assert str(shown["count"].dtype) == "Int64"


def test_each_rule_by_hand(monkeypatch):
    monkeypatch.setattr("ntgeo.demand.disclosure._draws", lambda rows, _: np.full(len(rows), 0.2))
    counts = table_of([0, 7, 8, 12, 3, 104])
    hospital = protect_counts(counts, ["count"], rule="nhs-hes")
    assert hospital["count"].tolist() == [0, "*", 10, 10, "*", 105]  # 7 + 3 leave each 1 to 7
    office = protect_counts(counts, ["count"], rule="ons-10")
    assert office["count"].tolist() == [pd.NA, pd.NA, pd.NA, 10, pd.NA, 105]


def test_rules_say_what_they_do_and_where_they_come_from():
    assert set(DISCLOSURE_RULES) == {"local-5", "ons-10", "nhs-hes"}
    assert DISCLOSURE_RULES["nhs-hes"].text == (
        "Counts of 1 to 7 are withheld; others to the nearest 5; some larger counts are withheld "
        "to protect them; a few counts just above and a few zeros are withheld by chance, so that "
        "releases cannot be compared."
    )
    assert "above are withheld by chance" in DISCLOSURE_RULES["ons-10"].text  # every zero is
    for name in ("ons-10", "nhs-hes"):  # what is not in the guidance is told as ours
        assert "own addition" in DISCLOSURE_RULES[name].source
    with pytest.raises(TypeError):
        DISCLOSURE_RULES["mine"] = DISCLOSURE_RULES["local-5"]


def test_the_one_hidden_count_of_a_service_takes_another_with_it():
    shown = protect_counts(table_of([3, 50, 20, 0]), ["count"])
    assert shown["count"].tolist() == [pd.NA, 50, pd.NA, 0]


def test_long_tables_are_protected_by_service_and_by_area():
    long = pd.concat([table_of([3, 50, 20, 40]), table_of([30, 60, 70, 80], "clinic")])
    is_hidden = protect_counts(long, ["count"])["count"].isna().to_numpy().reshape(2, 4)
    assert is_hidden[0, 0]
    assert (is_hidden.sum(axis=0) != 1).all()
    assert (is_hidden.sum(axis=1) != 1).all()


def test_wide_tables_are_protected_across_if_asked():
    wide = pd.DataFrame({"lsoa": AREAS[:3], "a": [3, 50, 20], "b": [30, 60, 70], "c": [9, 99, 80]})
    down = protect_counts(wide, ["a", "b", "c"]).isna()[["a", "b", "c"]]
    assert down["a"].tolist() == [True, False, True]
    assert not down[["b", "c"]].any(axis=None)
    both = protect_counts(wide, ["a", "b", "c"], across=True).isna()[["a", "b", "c"]]
    assert (both.sum(axis=0) != 1).all()
    assert (both.sum(axis=1) != 1).all()


def test_lines_may_be_of_several_columns():
    wards = table_of([3, 50, 20, 9]).assign(ward=["W1", "W1", "W2", "W2"])
    by_ward = protect_counts(wards, ["count"], lines=("service", ("service", "ward")))
    assert by_ward["count"].isna().tolist() == [True, True, False, False]


def test_totals_are_summed_first_and_rounded_apart():
    long = pd.concat([table_of([6, 7, 8]), table_of([30, 0, 1], "clinic")])
    totals = protect_totals(long, ["count"], "service")
    assert totals.to_dict("list") == {"service": ["clinic", "library"], "count": [30, 20]}
    assert protect_totals(long, ["count"], "lsoa")["count"].tolist() == [35, 5, 10]


def test_a_total_that_would_tell_is_withheld_and_a_small_one_too():
    long = pd.concat([table_of([1, 1, 1, 1, 1]), table_of([1, 2, 0, 0, 0], "clinic")])
    totals = protect_totals(long, ["count"], "service", lines=("service",))
    assert totals["count"].isna().all()
    marked = protect_totals(long, ["count"], "service", rule="nhs-hes", lines=("service",))
    assert marked["count"].tolist() == ["*", "*"]


def test_totals_not_protected_for_are_refused():
    with pytest.raises(InputError, match="name it among the lines"):
        protect_totals(table_of([5, 6]), ["count"], "lsoa")


def test_missing_counts_stay_missing_and_hide_nothing():
    people = table_of([50, 60, 70]).assign(people=pd.array([None, 40, 50], "Int64"))
    shown = protect_counts(people, ["count", "people"])
    assert shown["people"].tolist() == [pd.NA, 40, 50]
    assert shown["count"].tolist() == [50, 60, 70]


def test_rates_are_derived_again_from_what_is_shown(population):
    use = pd.DataFrame(
        {"lsoa": population["lsoa"], "service": "club", "count": [3, 52], "people": [3, 41]}
    )
    shown = protect_counts(use_rates(use, population), ["count", "people"], lines=())
    assert shown["rate_per_1000"].isna().tolist() == [True, False]
    assert shown.loc[1, "rate_per_1000"] == 250  # 50, not 52, of 200
    assert shown.loc[1, "people_per_1000"] == 200
    assert shown.loc[0, ["ci_low", "ci_high", "people_per_1000"]].isna().all()
    assert shown.loc[1, "ci_low"] < 250 < shown.loc[1, "ci_high"]


def test_expectations_are_compared_again_with_what_is_shown(population):
    use = pd.DataFrame({"lsoa": population["lsoa"], "service": "club", "count": [3, 52]})
    frame = expected_demand(use, population, None, family="poisson").frame
    shown = protect_counts(frame, ["observed"])
    told = ["difference", "unmet_need", "ratio", "ratio_low", "ratio_high"]
    assert shown.loc[0, told].isna().all()
    assert shown["observed"].isna().tolist() == [True, True]
    apart = protect_counts(frame, ["observed"], lines=())
    assert apart.loc[1, "difference"] == pytest.approx(frame.loc[1, "expected"] - 50)
    assert apart.loc[1, "ratio"] == pytest.approx(50 / frame.loc[1, "expected"])


def test_a_count_left_unprotected_is_refused():
    with pytest.raises(InputError, match="column people"):
        protect_counts(table_of([5, 6]).assign(people=[1, 2]), ["count"])


@pytest.mark.parametrize("bad", [-1, 2.5, float("inf")])
def test_only_whole_counts_can_be_protected(bad):
    with pytest.raises(InputError, match="whole number"):
        protect_counts(table_of([5.0, bad]), ["count"])


def test_unknown_rules_and_columns_are_refused():
    with pytest.raises(InputError, match="local-5, nhs-hes, ons-10"):
        protect_counts(table_of([5, 6]), ["count"], rule="none")
    with pytest.raises(MissingColumnError, match="visits"):
        protect_counts(table_of([5, 6]), ["count", "visits"])
    with pytest.raises(MissingColumnError, match="ward"):
        protect_counts(table_of([5, 6]), ["count"], lines=("ward",))


def test_the_table_given_is_left_as_it_was():
    table = table_of([3, 50, 20])
    before = table.copy()
    protect_counts(table, ["count"])
    pd.testing.assert_frame_equal(table, before)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(0, 60), min_size=12, max_size=12),
    st.permutations(range(12)),
    st.sampled_from(sorted(DISCLOSURE_RULES)),
)
def test_no_small_count_is_shown_and_order_never_matters(counts, order, rule):
    long = pd.concat([table_of(counts[:6]), table_of(counts[6:], "clinic")], ignore_index=True)
    shown = protect_counts(long, ["count"], rule=rule)
    figures = pd.to_numeric(shown["count"].replace("*", np.nan), errors="coerce")
    chosen = DISCLOSURE_RULES[rule]
    is_small = long["count"].between(chosen.least_hidden, chosen.largest_hidden)
    assert figures[is_small].isna().all()
    seen = figures.notna()
    assert ((figures - long["count"])[seen].abs() <= chosen.rounded_to / 2).all()
    shuffled = protect_counts(long.iloc[list(order)], ["count"], rule=rule)
    pd.testing.assert_frame_equal(shuffled.sort_index(), shown)
