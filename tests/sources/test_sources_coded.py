import numpy as np
import pytest

from ntgeo.errors import InputError, MissingColumnError
from ntgeo.sources import coded
from ntgeo.sources.coded import read_coded


@pytest.fixture
def fast(monkeypatch):
    monkeypatch.setattr(coded, "_CAREFUL_BELOW_BYTES", 0)


def _texts(table, column):
    return [table.columns[column].at(i) for i in range(len(table))]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ('a,b,c\n1," x ",NA\n2,"y\nz",\n1,x,null\n', "utf-8"),
        ("a;b;c\n1;é;\n2;ŵ;3\n", "utf-8-sig"),
        ("a,b,c\r\n1,2,3\r\n,,4\r\n\r\n\r\n", "utf-8"),
        ("a\tb\tc\n1\té\t\n", "cp1252"),
        ("\ufeffa,b,c\n1,é,\n", "utf-16-le"),
    ],
)
def test_fast_and_careful_reading_agree(write, monkeypatch, content, encoding):
    path = write("a.csv", content.encode(encoding))
    careful = read_coded(path, required=("a", "c", "b"))
    monkeypatch.setattr(coded, "_CAREFUL_BELOW_BYTES", 0)
    monkeypatch.setattr(coded, "read_sheet", None)
    quick = read_coded(path, required=("a", "c", "b"))
    assert quick.notes == careful.notes
    assert quick.rows.tolist() == careful.rows.tolist()
    for column in "abc":
        assert _texts(quick, column) == _texts(careful, column)


@pytest.mark.usefixtures("fast")
def test_anything_odd_goes_to_the_careful_reader(write):
    with pytest.raises(InputError, match="row 3: has 3 fields where the headings have 2"):
        read_coded(write("a.csv", "a,b\n1,2\n1,2,3\n"), required=("a",))
    with pytest.raises(InputError, match="quote opened on line 3 is never closed"):
        read_coded(write("a.csv", 'a,b\n1,2\n"3,4\n'), required=("a",))
    with pytest.raises(InputError, match="holds 40,000 characters"):
        read_coded(write("a.csv", f"a,b\n1,2\n{'x' * 40_000},4\n"), required=("a",))
    table = read_coded(write("a.csv", "a,b\n1,2\n\n3,4\n"), required=("a",))
    assert table.rows.tolist() == [2, 4]
    table = read_coded(write("a.csv", "a,b\n1,2\n,\n3,4\n"), required=("a",))
    assert table.rows.tolist() == [2, 4]
    table = read_coded(write("a.csv", "a,b,\n1,2,\n"), required=("a",))
    assert _texts(table, "a") == ["1"]


@pytest.mark.usefixtures("fast")
def test_missing_and_repeated_headings_are_told(write):
    with pytest.raises(MissingColumnError, match="column c"):
        read_coded(write("a.csv", "a,b\n1,2\n"), required=("c",))
    with pytest.raises(InputError, match="appears in columns A, C"):
        read_coded(write("a.csv", "a,b,A\n1,2,3\n"), required=("a",))


@pytest.mark.parametrize("limit", [0, 1 << 30])
def test_row_limit(write, monkeypatch, limit):
    monkeypatch.setattr(coded, "_CAREFUL_BELOW_BYTES", limit)
    with pytest.raises(InputError, match="has 3 rows; the limit is 2"):
        read_coded(write("a.csv", "a\n1\n2\n3\n"), required=("a",), most_rows=2)


@pytest.mark.usefixtures("fast")
def test_columns_are_codes_of_their_different_texts(write):
    table = read_coded(write("a.csv", "a\nx\ny\n x\n"), required=("a",))
    column = table.columns["a"]
    assert column.texts.tolist() == ["x", "y"]
    assert column.codes.tolist() == [0, 1, 0]
    assert not np.any(column.is_blank)
