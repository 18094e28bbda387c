"""Two releases that differ by one record, side by side: what can be worked out of a small count."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from ntgeo.demand.disclosure import protect_counts, protect_totals
from ntgeo.demand.rules import DISCLOSURE_RULES

AREAS, SERVICES = 4, 2
CELLS = AREAS * SERVICES
MOST = 60


def table(counts):
    return pd.DataFrame(
        {
            "lsoa": [f"E0100000{area}" for area in range(AREAS) for _ in range(SERVICES)],
            "service": ["A", "B"] * AREAS,
            "count": np.asarray(counts),
        }
    )


def release(counts, name):
    """What is published: each cell and each service's total, numbers or ``None``."""
    shown = protect_counts(table(counts), ["count"], rule=name, lines=["service"])
    totals = protect_totals(table(counts), ["count"], "service", rule=name, lines=["service"])
    published = [*shown["count"], *totals["count"]]
    return [None if pd.isna(c) or c == "*" else int(c) for c in published]


def limits(shown, rule, least, *, is_total):
    """Least and greatest true count behind a published figure; totals are not hidden by chance."""
    if shown is None:
        return (0, CELLS * MOST) if is_total else (least, MOST)
    half = rule.rounded_to // 2
    low, high = (shown - half, shown + half) if rule.rounded_to > 1 else (shown, shown)
    if shown == 0:
        return 0, 0 if not rule.hides_zero else MOST
    return max(low, rule.largest_hidden + 1), high


def attacker(first, second, rule, least=0):
    """Least and greatest value of each cell of both releases, an integer program an end.

    Over all pairs of tables that would be published so and differ by a record in one cell.
    """
    # Variables: cells of the first, then per cell whether a record came, then whether one went.
    size = 3 * CELLS
    rows, lows, highs = [], [], []

    def say(row, low, high):
        rows.append(row)
        lows.append(low)
        highs.append(high)

    for which, published in enumerate((first, second)):
        for position, shown in enumerate(published):
            is_total = position >= CELLS
            row = np.zeros(size)
            cells = range(position - CELLS, CELLS, SERVICES) if is_total else [position]
            for cell in cells:
                row[cell] = 1
                if which:
                    row[CELLS + cell], row[2 * CELLS + cell] = 1, -1
            say(row, *limits(shown, rule, least, is_total=is_total))
    changed = np.zeros(size)
    changed[CELLS:] = 1
    say(changed, 1, 1)
    known = [LinearConstraint(np.array(rows), lows, highs)]
    bounds = Bounds(np.zeros(size), np.array([MOST] * CELLS + [1] * (2 * CELLS)))
    ranges = np.zeros((2, CELLS, 2))
    for which in range(2):
        for cell in range(CELLS):
            goal = np.zeros(size)
            goal[cell] = 1
            if which:
                goal[CELLS + cell], goal[2 * CELLS + cell] = 1, -1
            for end, sign in enumerate((1, -1)):
                found = milp(sign * goal, constraints=known, bounds=bounds, integrality=1)
                assert found.success
                ranges[which, cell, end] = round(sign * found.fun)
    return ranges


def recovered(first, second, name):
    """Protected cells of either release of which the attacker learns the count."""
    rule = DISCLOSURE_RULES[name]
    ranges = attacker(release(first, name), release(second, name), rule)
    return [
        (which, cell)
        for which, counts in enumerate((first, second))
        for cell, count in enumerate(counts)
        if rule.least_hidden <= count <= rule.largest_hidden
        and ranges[which, cell, 0] == ranges[which, cell, 1]
    ]


ROUNDING = sorted(name for name, rule in DISCLOSURE_RULES.items() if rule.rounded_to > 1)
"""Rules that round; exact counts of two releases can be compared, which the rule then says."""
COUNTS = st.lists(
    st.sampled_from([0, 0, 0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 12, 30]), min_size=CELLS, max_size=CELLS
)


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.integers(0, CELLS - 1), st.sampled_from(ROUNDING))
def test_two_releases_a_record_apart_tell_no_small_count(counts, cell, name):
    after = [count + (position == cell) for position, count in enumerate(counts)]
    assert recovered(counts, after, name) == []


@pytest.mark.parametrize("name", ["local-5", "nhs-hes"])
def test_it_is_the_zeros_hidden_by_chance_that_keep_a_first_record_secret(name, monkeypatch):
    counts = [0, 30, 12, 30, 12, 30, 12, 30]
    after = [1, *counts[1:]]
    monkeypatch.setattr("ntgeo.demand.disclosure._draws", lambda rows, _: np.full(len(rows), 0.2))
    first, second = release(counts, name), release(after, name)
    assert (first[0], second[0]) == (0, None)
    rule = DISCLOSURE_RULES[name]
    assert attacker(first, second, rule)[1, 0].tolist() == [0, 1]
    assert attacker(first, second, rule, least=1)[1, 0].tolist() == [1, 1]


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
