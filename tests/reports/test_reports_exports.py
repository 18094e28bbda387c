import csv
import io
import sqlite3
import zipfile
from contextlib import closing

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntgeo.errors import CrsError
from ntgeo.files import sha256_of
from ntgeo.reports.exports import (
    safe_cell,
    write_csv_table,
    write_geopackage,
    write_geoparquet,
    write_xlsx,
)
from ntgeo.reports.layers import rounds_layers, siting_layers
from ntgeo.reports.rounds_tables import rounds_stops_table
from ntgeo.reports.siting_tables import siting_areas_table, siting_sites_table

FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\tplain",
    "\uff1d1+1",
    "\uff20SUM(A1)",
    "Library;=1+1",
    "Library; @SUM(A1)",
)
TRIGGERS = "=+-@\uff1d\uff0b\uff0d\uff20\t\r\n"


def read_csv(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


# CSV


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_text_can_be_a_formula(tmp_path, text):
    path = tmp_path / "table.csv"
    write_csv_table(path, pd.DataFrame({text: [text]}))
    for (cell,) in read_csv(path):
        for piece in cell.split(";"):
            assert piece.lstrip()[:1] not in set(TRIGGERS)
    assert text.strip().split(";")[0].strip("\t\r\n ") in path.read_text(encoding="utf-8")


@given(st.text())
def test_a_safe_cell_never_starts_like_a_formula(text):
    safe = safe_cell(text)
    assert safe[:1] not in set(TRIGGERS)
    assert safe.lstrip()[:1] not in set("=+-@\uff1d\uff0b\uff0d\uff20")
    safe.encode("utf-8")
    assert len(safe.splitlines()) <= 1


@given(st.from_regex(r"[A-Za-z0-9 .,'()&£é]{0,30}", fullmatch=True))
def test_plain_text_is_left_as_it_is(text):
    assert safe_cell(text) == text


def test_numbers_stay_numbers(tmp_path):
    path = tmp_path / "table.csv"
    frame = pd.DataFrame(
        {
            "change_s": [-600.0, 0.1 + 0.2, np.nan, -0.0],
            "count": pd.array([1, None, -3, 1_000_000], dtype="Int64"),
            "is_unserved": [True, False, True, False],
        }
    )
    write_csv_table(path, frame)
    assert path.read_text(encoding="utf-8") == (
        "change_s,count,is_unserved\n-600,1,true\n0.3,,false\n,-3,true\n0,1000000,false\n"
    )


def test_protected_counts_keep_their_words(tmp_path):
    path = tmp_path / "table.csv"
    write_csv_table(path, pd.DataFrame({"count": [12, "fewer than 5", None, -4]}, dtype=object))
    assert read_csv(path)[1:] == [["12"], ["fewer than 5"], [""], ["-4"]]


def test_a_csv_reads_back_as_the_frame(tmp_path, siting, areas):
    path = tmp_path / "areas.csv"
    table = siting_areas_table(*siting, areas)
    write_csv_table(path, table)
    assert b"\r" not in path.read_bytes()
    read = pd.read_csv(path, dtype={"lsoa": "str"}, keep_default_na=False, na_values={"x": []})
    for name in table.columns:
        cells = ["" if pd.isna(cell) else cell for cell in table[name]]
        assert read[name].tolist() == cells, name


def test_shapes_are_left_out_of_a_csv(tmp_path, siting, areas):
    path = tmp_path / "areas.csv"
    write_csv_table(path, siting_layers(*siting, areas)["areas"])
    assert "geometry" not in read_csv(path)[0]


def test_csv_of_an_empty_table_has_its_headings(tmp_path):
    path = tmp_path / "empty.csv"
    write_csv_table(path, pd.DataFrame({"lsoa": [], "count": []}))
    assert path.read_text(encoding="utf-8") == "lsoa,count\n"


# XLSX


def test_a_workbook_reads_back_as_the_frames(tmp_path, siting, rounds, areas):
    path = tmp_path / "tables.xlsx"
    tables = {
        "areas": siting_areas_table(*siting, areas),
        "sites": siting_sites_table(*siting),
        "stops": rounds_stops_table(*rounds),
    }
    write_xlsx(path, tables)
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames == list(tables)
    for name, table in tables.items():
        sheet = workbook[name]
        assert sheet.freeze_panes == "A2"
        heading, *rows = sheet.iter_rows(values_only=True)
        assert list(heading) == list(table.columns)
        for row, expected in zip(rows, table.itertuples(index=False), strict=True):
            for cell, value in zip(row, expected, strict=True):
                assert cell == value or (cell is None and (pd.isna(value) or value == ""))


@pytest.mark.parametrize("text", [*FORMULAS, "#N/A", "#REF!", "nul\x00", "lone\ud800"])
def test_no_cell_of_a_workbook_is_a_formula(tmp_path, text):
    path = tmp_path / "tables.xlsx"
    write_xlsx(path, {"sheet": pd.DataFrame({"name": [text]}, dtype=object)})
    cell = openpyxl.load_workbook(path)["sheet"]["A2"]
    assert cell.data_type == "s"
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in b"".join(archive.read(name) for name in archive.namelist())


def test_sheet_names_are_made_to_fit(tmp_path):
    path = tmp_path / "tables.xlsx"
    long = "a name that is much too long for a sheet"
    frame = pd.DataFrame({"a": [1]})
    write_xlsx(path, {"a/b": frame, "A b": frame, long: frame, long + "!": frame, "": frame})
    names = openpyxl.load_workbook(path).sheetnames
    assert names[:2] == ["a b", "A b 2"]
    assert len({name.casefold() for name in names}) == 5
    assert max(len(name) for name in names) <= 31


def test_a_workbook_of_nothing_is_refused(tmp_path):
    with pytest.raises(ValueError, match="at least one table"):
        write_xlsx(tmp_path / "tables.xlsx", {})


# GeoPackage


def test_a_geopackage_reads_back_as_the_layers(tmp_path, siting, rounds, areas):
    path = tmp_path / "plan.gpkg"
    layers = siting_layers(*siting, areas) | rounds_layers(*rounds)
    write_geopackage(path, layers)
    assert [name for name, _ in pyogrio.list_layers(path)] == [*layers, "layer_styles"]
    for name, layer in layers.items():
        read = gpd.read_file(path, layer=name)
        assert read.crs.to_epsg() == 27700
        assert read.geometry.geom_equals(layer.geometry).all()
        for column in layer.columns.drop("geometry"):
            for cell, value in zip(read[column], layer[column], strict=True):
                assert pd.isna(cell) == pd.isna(value), column
                assert pd.isna(cell) or cell == value, column


def test_an_empty_layer_is_written_as_one(tmp_path, rounds):
    path = tmp_path / "plan.gpkg"
    layers = rounds_layers(*rounds)
    assert layers["unmade"].empty
    write_geopackage(path, {"unmade": layers["unmade"]})
    read = gpd.read_file(path, layer="unmade")
    assert read.empty
    assert set(read.columns) == set(layers["unmade"].columns)


def test_layers_in_other_coordinates_are_refused(tmp_path, areas):
    with pytest.raises(CrsError, match="EPSG:27700"):
        write_geopackage(tmp_path / "plan.gpkg", {"areas": areas.to_crs(4326)})
    with pytest.raises(ValueError, match="at least one layer"):
        write_geopackage(tmp_path / "plan.gpkg", {})
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(tmp_path, areas, monkeypatch):
    path = tmp_path / "plan.gpkg"
    write_geopackage(path, {"areas": areas})
    before = sha256_of(path)
    write = pyogrio.write_dataframe

    def fail_at_the_second(frame, path, *, layer, **options):
        if layer == "second":
            raise OSError(28, "No space left on device")
        write(frame, path, layer=layer, **options)

    monkeypatch.setattr(pyogrio, "write_dataframe", fail_at_the_second)
    with pytest.raises(OSError, match="No space"):
        write_geopackage(path, {"first": areas, "second": areas})
    assert sha256_of(path) == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_geopackage_holds_no_clock(tmp_path, areas):
    path = tmp_path / "plan.gpkg"
    write_geopackage(path, {"areas": areas})
    with closing(sqlite3.connect(path)) as opened:
        (changed,) = opened.execute("select distinct last_change from gpkg_contents").fetchone()
    assert changed.startswith("2000-01-01T00:00:00")
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


# GeoParquet


def test_geoparquet_reads_back_as_the_layer(tmp_path, siting, rounds, areas):
    layers = siting_layers(*siting, areas) | rounds_layers(*rounds)
    for name, layer in layers.items():
        path = tmp_path / f"{name}.parquet"
        write_geoparquet(path, layer)
        pd.testing.assert_frame_equal(gpd.read_parquet(path), layer)


def test_geoparquet_without_coordinates_is_refused(tmp_path, areas):
    with pytest.raises(CrsError, match="no coordinate reference system"):
        write_geoparquet(tmp_path / "a.parquet", areas.set_crs(None, allow_override=True))
    assert list(tmp_path.iterdir()) == []


# all


def test_the_same_frames_give_the_same_bytes(tmp_path, siting, rounds, areas, monkeypatch):
    layers = siting_layers(*siting, areas) | rounds_layers(*rounds)
    hashes = []
    for folder in ("one", "another"):
        (tmp_path / folder).mkdir()
        monkeypatch.chdir(tmp_path / folder)
        paths = [
            tmp_path / folder / f"plan{ending}" for ending in (".gpkg", ".csv", ".xlsx", ".parquet")
        ]
        write_geopackage(paths[0], layers)
        write_csv_table(paths[1], layers["areas"])
        write_xlsx(paths[2], dict(layers))
        write_geoparquet(paths[3], layers["areas"])
        hashes.append([sha256_of(path) for path in paths])
    assert hashes[0] == hashes[1]


def test_a_workbook_holds_no_clock(tmp_path, siting):
    path = tmp_path / "tables.xlsx"
    write_xlsx(path, {"sites": siting_sites_table(*siting)})
    with zipfile.ZipFile(path) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {2000}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2000-01-01T00:00:00Z") == 2
