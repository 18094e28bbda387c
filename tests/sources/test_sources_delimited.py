import pytest

from ntgeo.errors import InputError
from ntgeo.sources import delimited
from ntgeo.sources.delimited import find_delimiter, read_delimited


def test_rows_are_numbered_as_a_spreadsheet_does(write):
    sheet = read_delimited(write("a.csv", 'id,note\n1,"two\nlines"\n\n,\n2,x\n'))
    assert sheet.records == [["1", "two\nlines"], ["2", "x"]]
    assert sheet.rows == [2, 5]


@pytest.mark.parametrize(
    ("line", "delimiter"),
    [("a,b", ","), ("a;b;c", ";"), ("a\tb", "\t"), ('"x;y;z",b', ","), ("alone", ",")],
)
def test_delimiter_is_found_outside_quotes(line, delimiter):
    assert find_delimiter(line) == delimiter


def test_semicolons_are_accepted_and_noted(write):
    sheet = read_delimited(write("a.csv", "lsoa;w\nE01008162;3\n"))
    assert sheet.headings == ["lsoa", "w"]
    assert sheet.notes == ("a.csv: columns are separated by semicolons.",)


def test_open_quote_tells_its_line(write):
    with pytest.raises(InputError, match="quote opened on line 3 is never closed"):
        read_delimited(write("a.csv", 'id,n\n1,2\n"2,3\n4,5\n'))


def test_text_after_a_closing_quote_is_refused(write):
    with pytest.raises(InputError, match="row 2: text follows a closing quote on line 2"):
        read_delimited(write("a.csv", 'id,n\n"a"b,2\n'))


def test_one_field_too_many_everywhere_is_told_once(write):
    with pytest.raises(InputError, match="all rows have 3 fields but there are 2") as caught:
        read_delimited(write("a.csv", "lsoa,w\n1,2,3\n4,5,6\n"))
    assert len(caught.value.faults) == 1


def test_ragged_rows_are_all_told(write):
    with pytest.raises(InputError) as caught:
        read_delimited(write("a.csv", "a,b\n1,2\n1\n1,2\n1,2,3\n"))
    assert [fault.row for fault in caught.value.faults] == [3, 5]


def test_blank_extra_fields_are_dropped(write):
    sheet = read_delimited(write("a.csv", "a,b,,\n1,2,,\n3,4,\n"))
    assert sheet.headings == ["a", "b"]
    assert sheet.records == [["1", "2"], ["3", "4"]]


def test_limits_on_cells_columns_and_rows(write, monkeypatch):
    with pytest.raises(InputError, match="column b: holds 40,000 characters; the limit is 32,768"):
        read_delimited(write("a.csv", f"a,b\n1,{'x' * 40_000}\n"))
    with pytest.raises(InputError, match="row 2, column b: holds 200,000 characters"):
        read_delimited(write("a.csv", f"a,b\n1,{'x' * 200_000}\n"))
    with pytest.raises(InputError, match="has 300 columns; the limit is 256"):
        read_delimited(write("a.csv", ",".join(f"c{i}" for i in range(300)) + "\n1\n"))
    monkeypatch.setattr(delimited, "MOST_ROWS", 2)
    with pytest.raises(InputError, match="more than 2 rows"):
        read_delimited(write("a.csv", "a\n1\n2\n3\n"))


def test_blank_headings_are_refused(write):
    with pytest.raises(InputError, match="row 1 is blank"):
        read_delimited(write("a.csv", ",,\n1,2,3\n"))


@pytest.mark.parametrize(
    ("text", "headings", "row"),
    [
        ("Housing need in 2026\n\nlsoa,n,year\nE01,2,2026\n", ["lsoa", "n", "year"], 3),
        ("Housing need, by area,,\nlsoa;n;year;x\nE01;2;2026;1\n", ["lsoa", "n", "year", "x"], 2),
        ("lsoa\nE01,2\n", ["lsoa"], 1),
        ("lsoa code,n\nE01,2\n", ["lsoa code", "n"], 1),
    ],
)
def test_headings_may_stand_below_a_title(write, text, headings, row):
    path = write("a.csv", text)
    if headings == ["lsoa"]:
        with pytest.raises(InputError, match="columns would shift"):
            read_delimited(path)
        return
    sheet = read_delimited(path)
    assert (sheet.headings, sheet.heading_row, sheet.rows) == (headings, row, [row + 1])
    assert any("the headings are taken from row" in note for note in sheet.notes) == (row > 1)


def test_a_line_break_in_a_cell_is_noted(write):
    sheet = read_delimited(write("a.csv", 'id,note\n1,x\n2,"a\nb"\n'))
    assert "a cell of row 3 holds a line break" in sheet.notes[0]
