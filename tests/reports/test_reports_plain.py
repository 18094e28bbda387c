import pytest

from ntgeo.reports.columns import ColumnKind
from ntgeo.reports.plain import (
    amount_text,
    cell_text,
    counted,
    hours_text,
    joined,
    miles_text,
    minutes_text,
    percent_text,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (minutes_text(60), "1 minute"),
        (minutes_text(59), "1 minute"),
        (minutes_text(500), "8.3 minutes"),
        (minutes_text(600), "10 minutes"),
        (minutes_text(0), "0 minutes"),
        (minutes_text(-1), "0 minutes"),
        (minutes_text(2700), "45 minutes"),
        (hours_text(0), "0 minutes"),
        (hours_text(3600), "1 hour"),
        (hours_text(3660), "1 hour 1 minute"),
        (hours_text(45_000), "12 hours 30 minutes"),
        (hours_text(3599), "1 hour"),
        (miles_text(1609.344), "1 mile"),
        (miles_text(160_934.4), "100 miles"),
        (miles_text(804.672), "0.5 miles"),
        (counted(0, "site"), "no sites"),
        (counted(1, "site"), "1 site"),
        (counted(1200, "site"), "1,200 sites"),
        (counted(2, "person", "people"), "2 people"),
        (joined([]), ""),
        (joined(["A"]), "A"),
        (joined(["A", "B"]), "A and B"),
        (joined(["A", "B", "C"]), "A, B and C"),
        (joined(list("ABCD"), shown=2), "A, B and 2 more"),
        (joined(list("ABC"), shown=2), "A, B and C"),
        (percent_text(0), "0%"),
        (percent_text(1), "100%"),
        (percent_text(0.001), "under 1%"),
        (percent_text(0.999), "over 99%"),
        (percent_text(0.125), "12%"),
        (amount_text(3.25), "3.2"),
        (amount_text(12345.6), "12,346"),
    ],
)
def test_figures_read_as_people_say_them(text, expected):
    assert text == expected


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (None, ColumnKind.COUNT, "–"),
        (float("nan"), ColumnKind.SECONDS, "–"),
        (float("inf"), ColumnKind.SECONDS, "–"),
        (500.0, ColumnKind.SECONDS, "8.3"),
        (-500.0, ColumnKind.SECONDS, "−8.3"),
        (-1.0, ColumnKind.SECONDS, "0.0"),
        (12_345.0, ColumnKind.METRES, "12.3"),
        (0.1234, ColumnKind.SHARE, "12.3%"),
        (1_234_567, ColumnKind.COUNT, "1,234,567"),
        (180_000.0, ColumnKind.POUNDS, "£180,000"),
        (True, ColumnKind.FLAG, "yes"),
        (False, ColumnKind.FLAG, "no"),
        ("fewer than 5", ColumnKind.COUNT, "fewer than 5"),
        ("V001", ColumnKind.TEXT, "V001"),
    ],
)
def test_cells_read_in_the_unit_of_their_heading(value, kind, expected):
    assert cell_text(value, kind) == expected
