import pytest

from ntgeo.domain.siting_rules import SitingObjective
from ntgeo.domain.siting_words import OBJECTIVE_TEXTS, value_text, worse_text


def test_every_objective_has_its_words():
    assert set(OBJECTIVE_TEXTS) == set(SitingObjective)
    assert len(set(OBJECTIVE_TEXTS.values())) == len(OBJECTIVE_TEXTS)


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (54_000, "residents × seconds", "900 minutes of travel (residents × minutes)"),
        (36e6, "residents × seconds", "10,000 hours of travel (residents × hours)"),
        (
            54_000,
            "residents × seconds, weighted by deprivation",
            "900 minutes of travel (residents × minutes, weighted by deprivation)",
        ),
        (250.2, "residents × seconds", "4.17 minutes of travel (residents × minutes)"),
        (600, "seconds", "10 minutes"),
        (1_234_567.4, "pounds a year", "£1,234,567 a year"),
        (-3.0, "pounds a year", "−£3 a year"),
        (1_234.5, "pounds", "£1,234.50"),
        (8, "sites", "8 sites"),
        (0.0, "residents", "0 residents"),
    ],
)
def test_a_value_reads_in_minutes_and_pounds(value, unit, told):
    assert value_text(value, unit) == told


@pytest.mark.parametrize(
    ("worse_by", "unit", "is_maximised", "told"),
    [
        (17_220, "residents × seconds", False, "287 minutes more travel in all"),
        (-17_220, "residents × seconds", False, "287 minutes less travel in all"),
        (90, "seconds", False, "1.5 minutes longer"),
        (1_000, "pounds a year", False, "£1,000 more a year"),
        (1, "sites", False, "1 more site"),
        (40, "residents", True, "40 fewer residents"),
    ],
)
def test_a_worsening_says_which_way(worse_by, unit, is_maximised, told):
    assert worse_text(worse_by, unit, is_maximised=is_maximised) == told
