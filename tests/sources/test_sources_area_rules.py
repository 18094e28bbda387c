import numpy as np
import pytest

from ntgeo.errors import InputError, MissingColumnError
from ntgeo.sources import read_area_rules

AREAS = ("E01008461", "E01008462", "E01008463")


def test_rules_stand_in_the_order_of_the_areas(write):
    text = "lsoa,travel_limit_min,decay_stretch,group\nE01008463,20,2,isle\nE01008461,,,isle\n"
    rules = read_area_rules(write("r.csv", text), AREAS).read
    np.testing.assert_array_equal(rules.travel_limit_s, [np.nan, np.nan, 1200])
    np.testing.assert_array_equal(rules.decay_stretch, [1, 1, 2])
    assert rules.group == ("isle", "", "isle")
    assert rules.misfits(3) == []


def test_a_column_that_is_not_there_is_no_rule(write):
    rules = read_area_rules(write("r.csv", "lsoa,group\nE01008461,a\n"), AREAS).read
    assert rules.travel_limit_s is None
    assert rules.decay_stretch is None


def test_all_faults_at_once(write):
    text = (
        "lsoa,travel_limit_min,decay_stretch\n"
        "E01008461,0,1\nE0100,5,1\nE01008461,5,x\nE01008464,5,1\n"
    )
    with pytest.raises(InputError) as caught:
        read_area_rules(write("r.csv", text), AREAS)
    told = {(fault.code, fault.row) for fault in caught.value.faults}
    assert told == {
        ("too-small", 2),
        ("bad-lsoa", 3),
        ("not-a-number", 4),
        ("duplicate-id", 2),
        ("unknown-lsoa", 5),
    }


def test_a_file_without_any_rule_is_refused(write):
    with pytest.raises(MissingColumnError, match="travel_limit_min"):
        read_area_rules(write("r.csv", "lsoa,limit\nE01008461,5\n"), AREAS)
