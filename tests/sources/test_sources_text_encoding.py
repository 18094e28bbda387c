import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ntgeo.errors import InputError
from ntgeo.sources import read_table
from ntgeo.sources.text_encoding import find_encoding, refuse_disguises


def test_plain_utf8_needs_no_note(write):
    encoding = find_encoding(write("a.csv", "name\nSiân\n"))
    assert (encoding.name, encoding.notes) == ("utf-8", ())


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marked_encodings_are_read(write, name):
    mark = "\ufeff" if name.endswith("e") else ""
    path = write("a.csv", (mark + "name\nŵ Siân\n").encode(name))
    assert list(read_table(path).frame["name"]) == ["ŵ Siân"]


def test_windows_1252_is_read_and_told(write):
    table = read_table(write("a.csv", "name,n\nSiân,1\n".encode("cp1252")))
    assert list(table.frame["name"]) == ["Siân"]
    assert "byte 0xE2 in row 2 is not UTF-8" in table.notes[0]
    assert '"Siân" looks right' in table.notes[0]


def test_two_encodings_in_one_file_are_refused(write):
    mixed = "name\nZoë\n".encode() + "Siân\n".encode("cp1252")
    with pytest.raises(InputError, match="row 3, column name: bytes E2 6E are not UTF-8"):
        find_encoding(write("a.csv", mixed))


def test_bytes_of_no_encoding_are_refused(write):
    with pytest.raises(InputError, match="neither UTF-8 nor Windows-1252"):
        find_encoding(write("a.csv", b"name\nA\x81B\n"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04rest", "is an Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "password-protected"),
        (b"<!DOCTYPE html><title>Sign in</title>", "is a web page"),
        (b"\xef\xbb\xbf\n <HTML>", "is a web page"),
        (b"%PDF-1.7", "is a PDF"),
        (b"PAR1rest", "is a Parquet file"),
        (b"\x1f\x8brest", "is compressed"),
        (b'{"a": 1}', "is XML or JSON"),
        ("a,b\n1,2\n".encode("utf-16-le"), "UTF-16 without a mark"),
        (b"SQLite format 3\x00", "is a database"),
    ],
)
def test_other_files_under_a_csv_name_are_named(write, content, says):
    with pytest.raises(InputError, match=says):
        refuse_disguises(write("demand.csv", content))


_CELL = st.text(
    st.characters(codec="cp1252", exclude_categories=["Cc", "Zs"], exclude_characters="\xad"),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.lists(st.tuples(_CELL, _CELL), min_size=1, max_size=6),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read_back(tmp_path, cells, encoding, delimiter, line_end):
    lines = [["first column", "second"], *cells]
    quoted = [
        delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines
    ]
    path = tmp_path / "a.csv"
    path.write_bytes((line_end.join(quoted) + line_end).encode(encoding))
    table = read_table(path, required=("first column", "second"))
    assert list(zip(table.frame["first column"], table.frame["second"], strict=True)) == cells
    assert list(table.rows) == list(range(2, len(cells) + 2))


def test_text_that_is_cut_off_is_told(write):
    with pytest.raises(InputError, match="is cut off or damaged"):
        find_encoding(write("a.csv", "\ufeffa,b\n1,2\n".encode("utf-16-le")[:-1]))
