import csv

import pandas as pd
import pytest

from ntgeo.errors import InputError, MissingColumnError
from ntgeo.sources import read_population

AGES = [*(str(age) for age in range(90)), "90+"]


def _row(code, start=0):
    return [code, *(str(start + i) for i in range(91))]


def _text(headings, *rows):
    return "\n".join(",".join(row) for row in [headings, *rows]) + "\n"


def test_ages_are_read_and_added_up(write):
    path = write("p.csv", _text(["LSOA11CD", *AGES], _row("E01008462", 1), _row("E01008461")))
    frame = read_population(path).frame
    assert frame["lsoa"].tolist() == ["E01008461", "E01008462"]
    assert frame["population"].tolist() == [sum(range(91)), sum(range(1, 92))]
    assert frame["age_90"].tolist() == [90, 91]
    assert list(frame.columns) == ["lsoa", "population", *(f"age_{age}" for age in range(91))]


def test_ages_by_sex_are_added(write):
    headings = [
        "LSOA 2021 Code",
        "Total",
        *(f"F{a}" for a in range(91)),
        *(f"M{a}" for a in range(91)),
    ]
    row = ["E01008461", "364", *["3"] * 91, *["1"] * 91]
    frame = read_population(write("p.csv", _text(headings, row))).frame
    assert frame["age_0"].tolist() == [4]
    assert frame["population"].tolist() == [364]


def test_one_sex_only_is_refused(write):
    headings = ["lsoa", *(f"F{a}" for a in range(91))]
    with pytest.raises(InputError, match="one sex only"):
        read_population(write("p.csv", _text(headings, _row("E01008461"))))


def test_a_missing_age_is_told(write):
    with pytest.raises(MissingColumnError, match="column 17"):
        read_population(
            write("p.csv", _text(["lsoa", *(a for a in AGES if a != "17")], _row("E01008461")[:-1]))
        )


def test_a_total_that_does_not_fit_is_told(write):
    text = _text(["lsoa", "total", *AGES], ["E01008461", "4000", *_row("")[1:]])
    with pytest.raises(InputError, match=r'column total, value "4000": the ages add up to 4,095'):
        read_population(write("p.csv", text))


def test_totals_alone_are_enough(write):
    frame = read_population(write("p.csv", 'lsoacd,population\nE01008461,"1,866"\n')).frame
    assert frame.to_numpy().tolist() == [["E01008461", 1866]]


@pytest.mark.parametrize("cell", ["-1", "2.5", "many"])
def test_people_are_whole_and_not_negative(write, cell):
    with pytest.raises(InputError, match="column population"):
        read_population(write("p.csv", f"lsoa,population,x\nE01008461,{cell},\n"))


def test_no_population_at_all(write):
    with pytest.raises(MissingColumnError, match="column population"):
        read_population(write("p.csv", "lsoa,households\nE01008461,1\n"))


def test_parquet_is_the_same_as_csv(tmp_path, write):
    path = write("p.csv", _text(["lsoa", *AGES], _row("E01008461"), _row("E01008462", 5)))
    pd.read_csv(path).to_parquet(tmp_path / "p.parquet")
    of_parquet = read_population(tmp_path / "p.parquet").frame
    pd.testing.assert_frame_equal(of_parquet, read_population(path).frame)
    with pytest.raises(InputError, match="is no Parquet file"):
        read_population(write("q.parquet", "lsoa\n"))


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("place", "total"),
    [("cambridge", 125_063), ("north_tyneside", 208_871), ("newport_wales", 156_447)],
)
def test_open_data(shared_data, place, total):
    path = shared_data / place / "population_mid2020_single_year_of_age.csv"
    frame = read_population(path).frame
    assert frame["population"].sum() == total
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert frame["age_90"].sum() == sum(int(row["90+"]) for row in rows)
    assert frame["population"].sum() == sum(int(row["total_population"]) for row in rows)


@pytest.mark.shared_data
def test_all_of_england_and_wales(shared_data):
    folder = shared_data / "england"
    frame = read_population(
        folder / "population_mid2020_lsoa11_single_year_of_age_EW.parquet"
    ).frame
    assert frame.shape == (34_753, 93)
    assert read_population(folder / "lsoa21_population_totals.csv").frame.shape == (35_672, 2)


@pytest.mark.parametrize(("cell", "says"), [("0", "no population"), ("", "an unknown population")])
def test_an_area_without_residents_is_told(write, cell, says):
    text = f"lsoa,population\nE01008461,1400\nE01008462,{cell}\n"
    table = read_population(write("p.csv", text))
    assert table.frame["population"].tolist() == [1400, 0]
    fault = table.empty["E01008462"]
    assert (fault.row, fault.column, fault.value) == (3, "population", cell)
    assert f"E01008462 has {says}; its rates are not shown" in str(fault)


def test_many_totals_that_are_missing_are_refused(write):
    with pytest.raises(InputError, match="row 4, column population"):
        read_population(write("p.csv", "lsoa,population\nE01008461,1\nE01008462,\nE01008463,\n"))


@pytest.mark.parametrize(
    ("file", "headings", "year"),
    [
        ("population_mid2020.csv", "lsoa,population", 2020),
        ("people_lsoa2021_mid-2019.csv", "lsoa,population", 2019),
        ("p.csv", "LSOA 2021 code,Mid-2022 population,population", 2022),
        ("p.csv", "lsoa,population,year", 2018),
        ("2011_to_2021.csv", "lsoa,population", None),
        ("p.csv", "lsoa,population", None),
    ],
)
def test_the_year_is_told_by_a_column_the_name_or_a_heading(write, file, headings, year):
    text = f"{headings}\nE01008461,1400,2018\n"
    if headings.count(",") == 1:
        text = f"{headings}\nE01008461,1400\n"
    assert read_population(write(file, text)).year == year
