"""What is no table of demand at all, or too much of one."""

import os
import zipfile

import openpyxl
import pytest
from asking import refused
from demand_rows import demand_table, name_file, write_demand, write_workbook
from tiny_borough import csv_text

from ntgeo.sources import tables


@pytest.mark.bad_input("D01")
def test_a_file_of_no_bytes(borough, ask):
    (borough / "demand.csv").write_bytes(b"")
    told = ask(borough, "demand")
    refused(told, "is empty (0 bytes)", "Fix: export it again", file="demand.csv")


@pytest.mark.bad_input("D02")
@pytest.mark.parametrize("text", ["lsoa,count\n", "lsoa,count", "lsoa,count\n\n,\n"])
def test_headings_without_rows(borough, ask, text):
    (borough / "demand.csv").write_text(text)
    refused(ask(borough, "demand"), "has headings but no data rows", file="demand.csv")


@pytest.mark.bad_input("D08")
@pytest.mark.parametrize("start", ["<!DOCTYPE html>", "\ufeff\n<html>"])
def test_a_sign_in_page_saved_as_csv(borough, ask, start):
    page = f"{start}<title>Sign in</title><form>a,b</form>"
    (borough / "demand.csv").write_text(page)
    told = ask(borough, "demand")
    refused(told, "is a web page (it starts", "sign in where it came from", file="demand.csv")


@pytest.mark.bad_input("D09")
def test_a_workbook_renamed_to_csv(borough, ask):
    write_workbook(borough, [["lsoa", "count"], ["E01008162", 3]])
    (borough / "demand.xlsx").rename(borough / "demand.csv")
    (borough / "scenario.toml").write_text(
        (borough / "scenario.toml").read_text().replace("demand.xlsx", "demand.csv")
    )
    told = ask(borough, "demand")
    refused(told, "is an Excel workbook", "rename it to .xlsx", file="demand.csv")


@pytest.mark.bad_input("D10")
def test_text_renamed_to_xlsx(borough, ask):
    (borough / "demand.csv").rename(borough / "demand.xlsx")
    name_file(borough, "demand.xlsx")
    told = ask(borough, "demand")
    refused(told, "is not a workbook (it has no ZIP header)", "rename", file="demand.xlsx")


@pytest.mark.bad_input("D11")
def test_a_workbook_with_a_password(borough, ask):
    (borough / "demand.xlsx").write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600))
    name_file(borough, "demand.xlsx")
    told = ask(borough, "demand")
    refused(told, "is password-protected", "save it without a password", file="demand.xlsx")


@pytest.mark.bad_input("D12")
@pytest.mark.parametrize("suffix", ["xlsm", "xlsb", "xls"])
def test_a_workbook_with_macros(borough, ask, suffix):
    with zipfile.ZipFile(borough / f"demand.{suffix}", "w") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    name_file(borough, f"demand.{suffix}")
    told = ask(borough, "demand")
    refused(told, "macro", "Fix: save it as .xlsx", file=f"demand.{suffix}")


@pytest.mark.bad_input("D12")
def test_macros_under_another_name(borough, ask):
    with zipfile.ZipFile(borough / "demand.xlsx", "w") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    name_file(borough, "demand.xlsx")
    refused(ask(borough, "demand"), "holds macros", "without macros", file="demand.xlsx")


@pytest.mark.bad_input("D13")
def test_a_workbook_that_would_fill_the_memory(borough, ask):
    with (
        zipfile.ZipFile(
            borough / "demand.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1
        ) as made,
        made.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(210):
            part.write(bytes(1_000_000))
    name_file(borough, "demand.xlsx")
    told = ask(borough, "demand")
    refused(told, "would unpack to 210 MB", "limits 200 MB and 100:1", file="demand.xlsx")


@pytest.mark.bad_input("D14")
def test_a_stray_cell_in_the_last_corner(borough, ask):
    book = openpyxl.Workbook()
    book.active["A1"] = "lsoa"
    book.active["XFD1048576"] = 1
    book.save(borough / "demand.xlsx")
    name_file(borough, "demand.xlsx")
    told = ask(borough, "demand")
    says = "claims 1,048,576 rows × 16,384 columns", "delete the stray cell XFD1048576"
    refused(told, *says, file="demand.xlsx")


@pytest.mark.bad_input("D14")
def test_a_stray_cell_that_the_sheet_does_not_own_up_to(borough, ask):
    """Without its dimension, only reading finds the cell; that must be quick, and told."""
    book = write_workbook(borough, [["lsoa", "count"], ["E01008162", 3]])
    book.active["XFD90000"] = 1
    book.save(borough / "demand.xlsx")
    path = borough / "demand.xlsx"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    start = parts[sheet].index(b"<dimension")
    end = parts[sheet].index(b"/>", start) + 2
    parts[sheet] = parts[sheet][:start] + parts[sheet][end:]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    told = ask(borough, "demand")
    says = "beyond the last heading", "delete the cell"
    refused(told, *says, file="demand.xlsx", row=90_000, column="XFD")


@pytest.mark.bad_input("D75")
def test_more_rows_than_the_limit(borough, ask):
    (borough / "demand.csv").write_text("lsoa,service\n" + "E01008162,housing\n" * 2_000_001)
    told = ask(borough, "demand")
    refused(told, "2,000,001 rows; the limit is 2,000,000", "split it", file="demand.csv")


@pytest.mark.bad_input("D76")
def test_a_cell_of_ten_megabytes(borough, ask):
    write_demand(
        borough, {3: {"notes": "x" * 10_000_000}}, headings="lsoa21cd,service,date,count,notes"
    )
    told = ask(borough, "demand")
    says = "holds 10,000,000 characters; the limit is 32,768", "shorten"
    refused(told, *says, file="demand.csv", row=3, column="notes")


@pytest.mark.bad_input("D77")
def test_sixteen_thousand_columns(borough, ask):
    headings = ",".join(f"c{i}" for i in range(16_000))
    (borough / "demand.csv").write_text(csv_text(headings, [range(16_000)]))
    told = ask(borough, "demand")
    refused(told, "has 16,000 columns; the limit is 256", "keep only", file="demand.csv")


@pytest.mark.bad_input("D79")
def test_a_file_that_changes_while_it_is_read(borough, ask, monkeypatch):
    read = tables.read_delimited

    def read_while_another_writes(path):
        sheet = read(path)
        if path.name == "demand.csv":
            with path.open("a") as other:
                other.write("E01008162,housing,2026-05-01,3\n")
        return sheet

    monkeypatch.setattr(tables, "read_delimited", read_while_another_writes)
    told = ask(borough, "demand", altered=("demand.csv",))
    refused(told, "changed while it was being read", "run again", file="demand.csv")


@pytest.mark.bad_input("D81")
def test_a_path_that_is_no_regular_file(borough, ask):
    (borough / "demand.csv").rename(borough / "elsewhere.csv")
    (borough / "demand.csv").symlink_to(borough / "elsewhere.csv")
    told = ask(borough, "demand")
    refused(told, "not a regular file", file="demand.csv")
    (borough / "demand.csv").unlink()
    os.mkfifo(borough / "demand.csv")
    refused(ask(borough, "demand"), "not a regular file", file="demand.csv")
    (borough / "demand.csv").unlink()
    (borough / "demand.csv").mkdir()
    refused(ask(borough, "demand"), "not a regular file", file="demand.csv")


@pytest.mark.bad_input("D81")
def test_a_device_as_a_path(borough, ask):
    name_file(borough, "/dev/zero")
    told = ask(borough, "demand")
    refused(told, "regular file", file="/dev/zero")


def test_the_table_that_cases_spoil_is_sound(borough, ask):
    write_demand(borough)
    assert len(demand_table()) == 240
    told = ask(borough, "demand", "--json")
    assert (told.code, told.json["notes"]) == (0, [])
