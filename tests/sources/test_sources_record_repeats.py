import pytest

from ntgeo.errors import InputError
from ntgeo.sources import coded, read_records

TWICE = "lsoa,date,count\nE01008461,2026-04,1\ne01008461,2026-04,2\nE01008462,2026-04,3\n"


@pytest.mark.parametrize("is_fast", [False, True])
def test_rows_that_differ_in_their_count_alone_are_refused_or_added(write, monkeypatch, is_fast):
    monkeypatch.setattr(coded, "_CAREFUL_BELOW_BYTES", 0 if is_fast else 1 << 30)
    path = write("r.csv", TWICE)
    for repeats in ("refuse", "drop"):
        with pytest.raises(InputError, match='value "E01008461, 2026-04": stands on rows 2, 3'):
            read_records(path, service="s", repeats=repeats)
    found = read_records(path, service="s", repeats="add")
    assert found.served_total == 6
    assert "1 rows repeat another but for their count" in found.notes[-1]


@pytest.mark.parametrize("is_fast", [False, True])
def test_a_column_that_is_not_read_may_tell_them_apart(write, monkeypatch, is_fast):
    monkeypatch.setattr(coded, "_CAREFUL_BELOW_BYTES", 0 if is_fast else 1 << 30)
    path = write("r.csv", "lsoa,count,practice\nE01008461,1,A\nE01008461,2,B\n")
    assert read_records(path, service="s").served_total == 3


def test_single_uses_and_unusable_rows_are_no_repeats(write):
    uses = write("r.csv", "lsoa\nE01008461\nE01008461\n")
    assert read_records(uses, service="s").served_total == 2
    rows = write("r.csv", "lsoa,count\nE01008461,1\nE01008461,x\n,1\n,1\n")
    assert read_records(rows, service="s", set_aside_limit_share=1.0).served_total == 1


def test_rows_that_are_the_same_altogether_may_be_dropped(write):
    path = write("r.csv", "lsoa,ref\nE01008461,a\nE01008461,a\nE01008461,b\n")
    found = read_records(path, service="s", repeats="drop")
    assert found.served_total == 2
    assert found.notes == (
        "r.csv: 1 rows are the same as an earlier one and are left out (rows 3).",
    )


def test_two_names_of_an_area_are_told(write):
    path = write("r.csv", "lsoa,lsoa_name\nE01008461,Ely\nE01008461,ely\nE01008461,Yle\n")
    (note,) = read_records(path, service="s").notes
    assert "column lsoa_name gives two names to E01008461 (rows 2, 4)" in note
