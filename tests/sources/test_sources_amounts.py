import numpy as np
import pytest

from ntgeo.sources import read_table
from ntgeo.sources.amounts import Range, as_whole, parse_amounts


def _parsed(write, cells, allowed):
    text = "n,x\n" + "".join(f'"{cell}",x\n' for cell in cells)
    return parse_amounts(read_table(write("a.csv", text)), "n", allowed)


def test_numbers_and_thousands_are_read(write):
    cells = ["1", "2.5", "1,234", "-1,234,567.5", "1e3", "£1,234.50", "-£2", "1 234", "£ 7"]
    amounts = _parsed(write, cells, Range(low=-1e9))
    assert amounts.numbers.tolist() == [1, 2.5, 1234, -1234567.5, 1000, 1234.5, -2, 1234, 7]
    assert amounts.faults == ()
    assert "row 4 on" in amounts.notes[0]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("", "is missing"),
        ("inf", "is not a finite number"),
        ("-inf", "is not a finite number"),
        ("1e400", "is not a finite number"),
        ("nan", "is not a number"),
        ("abc", "is not a number"),
        ("12,34", "has a comma before its decimals"),
        ("True", "is not a number"),
        ("0x10", "is not a number"),
        ("1_000", "is not a number"),
        ("=B2*2", "is a formula with no saved value"),
        ("#REF!", "is an Excel error"),
        ("#N/A", "is an Excel error"),
        ("-2", "must be at least 0"),
        ("1e18", "is above the limit 1,000,000"),
        ("2.5", "is not whole"),
    ],
)
def test_what_is_no_number_says_why(write, cell, says):
    amounts = _parsed(write, ["7", cell], Range(is_whole=True))
    (fault,) = amounts.faults
    assert fault.row == 3
    assert fault.what == says
    assert np.isnan(amounts.numbers[1])


def test_blank_may_be_allowed(write):
    amounts = _parsed(write, ["", "3"], Range(may_be_blank=True))
    assert np.isnan(amounts.numbers[0])
    assert amounts.faults == ()


def test_whole_numbers_become_integers_only_if_all_are():
    assert as_whole(np.array([1.0, 2.0])).dtype == np.int64
    assert as_whole(np.array([1.0, np.nan])).dtype == np.float64
    assert as_whole(np.array([1.5])).dtype == np.float64
