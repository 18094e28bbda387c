import numpy as np
import pytest

from ntgeo.errors import InputError, MissingColumnError
from ntgeo.sources import read_table


def test_only_the_columns_asked_for_are_kept(write):
    path = write("a.csv", "Visit ID,NHS Number,Notes\nV1,999,secret\n")
    table = read_table(path, required=("visit_id",))
    assert list(table.frame.columns) == ["visit_id"]
    assert table.headings == {"visit_id": "Visit ID"}


def test_every_column_is_kept_where_none_is_named(write):
    assert list(read_table(write("a.csv", "B ,A\n1,2\n")).frame.columns) == ["B", "A"]


def test_words_that_look_missing_stay_text(write):
    table = read_table(write("a.csv", "name,x\nNA,None\nnull,\n"))
    assert table.frame.to_numpy().tolist() == [["NA", "None"], ["null", ""]]


def test_cells_are_stripped_of_every_kind_of_blank(write):
    table = read_table(write("a.csv", "lsoa,n\n E01008162\u00a0,1\n"))
    assert list(table.frame["lsoa"]) == ["E01008162"]


def test_all_missing_columns_are_told_at_once(write):
    with pytest.raises(MissingColumnError) as caught:
        read_table(write("a.csv", "x\n1\n"), columns={"b": "Bee"}, required=("a",))
    assert [fault.column for fault in caught.value.faults] == ["a", "Bee"]


def test_headings_without_rows_are_refused(write):
    with pytest.raises(InputError, match="has headings but no data rows"):
        read_table(write("a.csv", "x,y\n"))


def test_repeated_headings_are_refused(write):
    with pytest.raises(InputError, match="column w: this heading appears in columns B, C"):
        read_table(write("a.csv", "id,w,w\n1,2,3\n"))


def test_unknown_kinds_of_file_are_refused(write):
    with pytest.raises(InputError, match=r'cannot be read from a "\.ods" file'):
        read_table(write("a.ods", "x\n1\n"))


def test_take_keeps_row_numbers(write):
    table = read_table(write("a.csv", "x\na\nb\nc\n")).take(np.array([False, True, True]))
    assert list(table.rows) == [3, 4]
    fault = table.fault(1, "x", what="is wrong", fix="mend it", code="k")
    assert str(fault) == 'a.csv row 4, column x, value "c": is wrong. Fix: mend it.'
    assert table.fault(1, "x", what="w", fix="f", code="k", is_hidden=True).value == "(hidden)"


def test_absent_column_reads_as_blank(write):
    assert list(read_table(write("a.csv", "x\na\n")).texts("y")) == [""]
