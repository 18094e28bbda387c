import pandas as pd
import pytest

from ntgeo.reports.content import DemandSection
from ntgeo.reports.demand_page import demand_part, with_shown_counts

BY_DECILE = pd.DataFrame(
    {
        "service": ["a", "a", "b", "b", "c", "c"],
        "imd_decile": [1, 2] * 3,
        "areas": 3,
        "population": 1000,
        "count": pd.array([25, None, 40, 45, 10, 15], dtype="Int64"),
        "rate_per_1000": [25.0, None, 40, 45, 10, 15],
        "ci_low": [16.2, None, 28.6, 32.8, 4.8, 8.4],
        "ci_high": [36.9, None, 54.5, 60.2, 18.4, 24.7],
    }
)
EXPECTED = pd.DataFrame(
    {
        "service": ["a", "a", "b", "b", "c", "c"],
        "imd_decile": pd.array([1, 2] * 3, dtype="Int64"),
        "observed": [27.0, 4.0, 41.0, 44.0, 11.0, 14.0],  # as counted, not as it may be shown
        "expected": [20.0, 11.0, 42.5, 42.5, 0.0, 25.0],
        "difference": [-7.0, 7.0, 1.5, -1.5, -11.0, 11.0],
        "observed_share": [1.35, 0.364, 0.965, 1.035, None, 0.56],
    }
)


def test_observed_use_is_that_which_may_be_shown():
    shown = with_shown_counts(EXPECTED, BY_DECILE)
    assert shown["observed"].tolist()[0] == 25
    assert shown["difference"].tolist()[0] == -5
    assert shown["observed_share"].tolist()[0] == 1.25
    assert pd.isna(shown["observed_share"].iloc[4])


def test_a_withheld_count_is_not_told_by_what_is_expected():
    part = demand_part(DemandSection(by_decile=BY_DECILE, expected_by_decile=EXPECTED))
    assert part["expected"].rows == (
        ("1", "25", "20", "−5", "125.0%"),
        ("2", "–", "11", "–", "–"),
    )
    assert [row[1] for row in part["expected_all"].rows] == ["125.0%", "–"]
    told = repr(part)
    assert "36.4" not in told
    assert "held back" in part["expected"].note
    assert "Decile 2" not in part["expected_chart"]["svg"].split("</desc>")[0]


def test_words_for_a_withheld_count_do_not_count():
    words = BY_DECILE.assign(count=["25", "fewer than 5", "40", "45", "10", "15"])
    shown = with_shown_counts(EXPECTED, words)
    assert shown["observed"].isna().tolist() == [False, True, *[False] * 4]


def test_one_service_is_told_in_full_and_many_in_columns():
    one = demand_part(DemandSection(by_decile=BY_DECILE[BY_DECILE["service"] == "b"]))
    assert one["by_decile"].rows[0] == ("b", "1", "3", "1,000", "40", "40.0", "28.6", "54.5")
    many = demand_part(DemandSection(by_decile=BY_DECILE))
    assert [heading.label for heading in many["by_decile"].headings[1:]] == ["a", "b", "c"]
    assert many["by_decile"].rows == (
        ("1", "25.0 (16.2 to 36.9)", "40.0 (28.6 to 54.5)", "10.0 (4.8 to 18.4)"),
        ("2", "–", "45.0 (32.8 to 60.2)", "15.0 (8.4 to 24.7)"),
    )


@pytest.mark.parametrize(("service", "told"), [(None, "a"), ("b", "b")])
def test_the_service_asked_about_is_the_one_told(service, told):
    section = DemandSection(by_decile=BY_DECILE, expected_by_decile=EXPECTED, service=service)
    assert demand_part(section)["service"] == told


def test_demand_without_any_use():
    part = demand_part(DemandSection(by_decile=BY_DECILE.iloc[:0]))
    assert part["rate_chart"] is None
    assert part["by_decile"] is None
    assert part["expected"] is None
