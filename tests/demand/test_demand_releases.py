"""Two releases that differ by one record, side by side: what can be worked out of a small count."""

import numpy as np
import pandas as pd
import pytest
from attacker import Attack, told_of
from hypothesis import given, settings
from hypothesis import strategies as st

from ntgeo.demand.disclosure import protect_counts, protect_totals
from ntgeo.demand.rules import DISCLOSURE_RULES

AREAS, SERVICES = 4, 2
RULES = sorted(DISCLOSURE_RULES)


def table(counts, services=SERVICES):
    areas = len(counts) // services
    return pd.DataFrame(
        {
            "lsoa": [f"E010000{area:02d}" for area in range(areas) for _ in range(services)],
            "service": [f"service {n}" for n in range(services)] * areas,
            "count": np.asarray(counts),
        }
    )


def release(counts, name, services=SERVICES):
    """What is published: each cell and each service's total, numbers or ``None``."""
    true = table(counts, services)
    shown = protect_counts(true, ["count"], rule=name, lines=["service"])
    totals = protect_totals(true, ["count"], "service", rule=name, lines=["service"])
    published = [*shown["count"], *totals["count"]]
    return [None if pd.isna(c) or c == "*" else int(c) for c in published]


def figures(counts, services=SERVICES):
    """Cells of each published figure."""
    cells = range(len(counts))
    return [*((cell,) for cell in cells), *(tuple(cells[n::services]) for n in range(services))]


def attack(first, second, name, services=SERVICES, least=0):
    """The attacker, given the releases of two tables."""
    known = [
        [
            told_of(cells, shown, DISCLOSURE_RULES[name], least=least)
            for cells, shown in zip(
                figures(counts, services), release(counts, name, services), strict=True
            )
        ]
        for counts in (first, second)
    ]
    return Attack(*known, len(first))


def recovered(first, second, name, services=SERVICES):
    """Protected cells and totals of either release of which the attacker learns the count."""
    rule = DISCLOSURE_RULES[name]
    attacker = attack(first, second, name, services)
    found = []
    for which, counts in enumerate((first, second)):
        for cells in figures(counts, services):
            count = sum(counts[cell] for cell in cells)
            if rule.least_hidden <= count <= rule.largest_hidden:
                found += [(which, cells)] if attacker.tells(which, cells, count) else []
    return found


COUNTS = st.lists(
    st.sampled_from([0, 0, 0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 30]),
    min_size=AREAS * SERVICES,
    max_size=AREAS * SERVICES,
).filter(any)


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.integers(0, AREAS * SERVICES - 1), st.sampled_from(RULES))
def test_two_releases_a_record_apart_tell_no_small_count(counts, cell, name):
    after = [count + (position == cell) for position, count in enumerate(counts)]
    assert recovered(counts, after, name) == []


@pytest.mark.parametrize("name", RULES)
def test_whose_the_first_record_of_all_is_is_not_told(name):
    """That there is one, and of which service, whoever knows of the record knows anyhow."""
    before = [0] * (AREAS * SERVICES)
    after = [1, *before[1:]]
    assert all(len(cells) > 1 for _, cells in recovered(before, after, name))


@pytest.mark.parametrize("name", ["local-5", "nhs-hes"])
def test_it_is_the_zeros_hidden_by_chance_that_keep_a_first_record_secret(name, monkeypatch):
    counts = [0, 30, 12, 30, 12, 30, 12, 30]
    after = [1, *counts[1:]]
    monkeypatch.setattr("ntgeo.demand.disclosure._draws", lambda rows, _: np.full(len(rows), 0.2))
    assert (release(counts, name)[0], release(after, name)[0]) == (0, None)
    assert attack(counts, after, name).range_of(1, [0]) == [0, 1]
    assert attack(counts, after, name, least=1).range_of(1, [0]) == [1, 1]


def test_zeros_and_counts_just_above_are_hidden_now_and_then():
    hidden = {0: 0, 5: 0, 6: 0, 7: 0}
    for seed in range(200):
        counts = [0, 5, 6, 7, 3, 2, 42, 43 + seed]
        shown = protect_counts(table(counts), ["count"], lines=[])["count"]
        for count, value in zip(counts, shown, strict=True):
            if count in hidden:
                hidden[count] += pd.isna(value)
            elif count > 7:
                assert value == 5 * round(count / 5)
    assert 5 <= hidden[0] <= 40
    assert 100 <= hidden[5] <= 165
    assert 40 <= hidden[6] <= 95
    assert hidden[7] == 0


def test_the_same_table_is_published_the_same_in_any_order():
    counts = [0, 5, 6, 0, 0, 3, 40, 5]
    straight = protect_counts(table(counts), ["count"], lines=["service"])
    shuffled = protect_counts(
        table(counts).sample(frac=1, random_state=1), ["count"], lines=["service"]
    )
    pd.testing.assert_frame_equal(straight, shuffled.sort_index())
