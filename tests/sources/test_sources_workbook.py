import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from openpyxl.chart import BarChart

from ntgeo.errors import InputError
from ntgeo.sources import read_table
from ntgeo.sources.workbook import read_workbook


def test_cells_become_text_as_people_write_it(write_book):
    cells = [
        "Siân",
        3,
        3.0,
        2.5,
        True,
        date(2026, 5, 3),
        datetime(2026, 5, 3, 9, 30),  # noqa: DTZ001 - a cell has no zone
        time(9, 30),
        timedelta(hours=26, minutes=5),
        None,
    ]
    headings = [f"c{i}" for i in range(len(cells))]
    sheet = read_workbook(write_book("a.xlsx", [headings, cells]))
    assert sheet.records == [
        ["Siân", "3", "3", "2.5", "TRUE", "2026-05-03", "2026-05-03 09:30", "09:30", "26:05", ""]
    ]


def test_rows_are_numbered_and_blank_ones_left_out(write_book):
    path = write_book("a.xlsx", [["id", "n"], ["a", 1], [None, None], ["b", 2]])
    table = read_table(path, required=("id", "n"))
    assert list(table.frame["id"]) == ["a", "b"]
    assert list(table.rows) == [2, 4]


def test_several_sheets_need_a_name(write_book):
    path = write_book("a.xlsx", [["x"], [1]], Notes=[["y"], [2]])
    with pytest.raises(InputError, match="has sheets Sheet, Notes"):
        read_workbook(path)
    assert read_workbook(path, "Notes").headings == ["y"]
    with pytest.raises(InputError, match='has no sheet "2024"'):
        read_workbook(path, "2024")


@pytest.fixture
def merged(write_book):
    """Write rows into a workbook, merge some cells and return its path."""

    def written(rows, *blocks):
        path = write_book("a.xlsx", rows)
        book = openpyxl.load_workbook(path)
        for block in blocks:
            book.active.merge_cells(block)
        book.save(path)
        return path

    return written


def test_merged_headings_that_could_mean_anything_are_refused(merged):
    with pytest.raises(InputError, match="Sheet A1:B1 is merged"):
        read_workbook(merged([["x", "y"], [1, 2]], "A1:B1"))
    with pytest.raises(InputError, match="Sheet B1:C1 is merged"):
        read_workbook(merged([["x", "y", "z"], ["a", 1, 2]], "B1:C1"))


def test_a_banner_and_groups_of_headings_stand_above_the_headings(merged):
    banner = merged([["Need in 2026"], ["x", "y"], ["a", 1]], "A1:B1")
    sheet = read_workbook(banner)
    assert (sheet.headings, sheet.records, sheet.rows) == (["x", "y"], [["a", "1"]], [3])
    assert sheet.notes == (
        'a.xlsx: row 1 holds a title ("Need in 2026"); the headings are taken from row 2.',
    )
    groups = [["x", "Need", None], [None, "n", "rate"], ["a", 1, 2]]
    sheet = read_workbook(merged(groups, "A1:A2", "B1:C1"))
    assert (sheet.headings, sheet.records) == (["x", "n", "rate"], [["a", "1", "2"]])
    assert sheet.notes == (
        "a.xlsx: Sheet A1:A2, B1:C1 is merged; the headings are taken from row 2.",
    )


def test_a_cell_merged_over_rows_stands_in_each(merged):
    sheet = read_workbook(merged([["x", "n"], ["a", 1], [None, 2], ["b", 3]], "A2:A3"))
    assert sheet.records == [["a", "1"], ["a", "2"], ["b", "3"]]
    assert "A2:A3 is merged; its value is taken for each of its rows" in sheet.notes[0]


def test_sheets_that_hold_nothing_are_passed_over(write_book):
    assert read_workbook(write_book("a.xlsx", [["x"], [1]], Sheet2=[], Sheet3=[])).headings == ["x"]


def test_formula_without_a_saved_value_is_told_as_it_stands(write_book):
    sheet = read_workbook(write_book("a.xlsx", [["x", "y"], [1, "=A2*2"]]))
    assert sheet.records == [["1", "=A2*2"]]


def test_cell_beyond_the_headings_is_refused(write_book):
    with pytest.raises(InputError, match="row 2, column C: a cell stands beyond the last heading"):
        read_workbook(write_book("a.xlsx", [["x", "y"], [1, 2, 3]]))


def test_stray_far_cell_is_told_without_reading_a_million_rows(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.active["XFD1048576"] = 1
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match=r"1,048,576 rows × 16,384 columns.*XFD1048576"):
        read_workbook(tmp_path / "a.xlsx")


def test_bomb_is_refused_by_its_directory(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (210 << 20))
    with pytest.raises(InputError, match="would unpack to 220 MB"):
        read_workbook(path)


def test_text_and_macros_under_a_workbook_name(write, tmp_path):
    with pytest.raises(InputError, match="is not a workbook"):
        read_workbook(write("a.xlsx", "a,b\n1,2\n"))
    with pytest.raises(InputError, match="password-protected"):
        read_workbook(write("b.xlsx", b"\xd0\xcf\x11\xe0rest"))
    with pytest.raises(InputError, match="macro"):
        read_workbook(write("c.xlsm", b"PK\x03\x04rest"))
    path = tmp_path / "d.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    with pytest.raises(InputError, match="holds macros"):
        read_workbook(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other.txt", b"x")
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        read_workbook(path)


def test_a_damaged_workbook_is_told(write_book):
    path = write_book("a.xlsx", [["x"], *([[i] for i in range(500)])])
    content = bytearray(path.read_bytes())
    content[len(content) // 4 : len(content) // 4 + 40] = bytes(40)
    path.write_bytes(bytes(content))
    with pytest.raises(InputError, match=r"cannot be read as a workbook|is damaged"):
        read_workbook(path)


def test_hidden_rows_are_read_and_told(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Need"
    for row in [["x"], *([i] for i in range(6))]:
        book.active.append(row)
    book.active.row_dimensions[3].hidden = book.active.row_dimensions[5].hidden = True
    book.save(tmp_path / "a.xlsx")
    found = read_workbook(tmp_path / "a.xlsx")
    assert len(found.records) == 6
    assert "a.xlsx: Need hides 2 rows, which are read as well (rows 3, 5)." in found.notes


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_passed_over_and_told(tmp_path, state):
    book = openpyxl.Workbook()
    for title, cells in (("Need", ["x", 1]), ("Lists", ["y", 2])):
        sheet = book.active if title == "Need" else book.create_sheet(title)
        sheet.title = title
        for cell in cells:
            sheet.append([cell])
    book["Lists"].sheet_state = state
    book.create_chartsheet("Chart").add_chart(BarChart())
    book.save(tmp_path / "a.xlsx")
    found = read_workbook(tmp_path / "a.xlsx")
    assert (found.headings, found.records) == (["x"], [["1"]])
    assert found.notes == ("a.xlsx: hidden sheets are not read: Lists.",)
    assert read_workbook(tmp_path / "a.xlsx", sheet="Lists").headings == ["y"]
