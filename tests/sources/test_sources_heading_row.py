import pytest

from ntgeo.errors import InputError
from ntgeo.sources.heading_row import find_heading_row, is_number, title_note, trimmed_headings


@pytest.mark.parametrize(
    ("rows", "position"),
    [
        ([["lsoa", "n"], ["E01", "2"]], 0),
        ([["Need in 2026", ""], ["", ""], ["lsoa", "n"], ["E01", "2"]], 2),
        (
            [["Need, by area", "2026", "", ""], ["lsoa", "name", "n", "w"], ["E01", "a", "1", "2"]],
            1,
        ),
        ([["lsoa"], ["E01", "2", "3"]], 0),  # one word is a heading, whose neighbours are missing
        ([["", ""], ["1", "2"]], 0),  # numbers are no headings, so the blank row is told
        ([["LSOA code"], ["E01"]], 0),
        ([], 0),
    ],
)
def test_headings_stand_below_titles(rows, position):
    assert find_heading_row(rows) == position


def test_a_title_is_told():
    assert title_note("a.csv", []) == ()
    assert "row 1 holds nothing; the headings are taken from row 2" in title_note("a", [[""]])[0]
    assert title_note("a.csv", [["Need"], []])[0].startswith('a.csv: rows 1 to 2 hold a title ("Ne')


def test_blank_headings_at_the_end_are_left_out():
    assert trimmed_headings("a.csv", ["a", "", "b", " ", ""]) == ["a", "", "b"]
    with pytest.raises(InputError, match="row 1 is blank"):
        trimmed_headings("a.csv", ["", " "])


@pytest.mark.parametrize(("text", "is_one"), [("2026", True), ("-1.5%", True), ("n2", False)])
def test_numbers_are_no_headings(text, is_one):
    assert is_number(text) == is_one
