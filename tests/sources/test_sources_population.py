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
    frame = read_population(
        write("p.csv", _text(["LSOA11CD", *AGES], _row("E01008462", 1), _row("E01008461")))
    )
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
    frame = read_population(write("p.csv", _text(headings, row)))
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
    frame = read_population(write("p.csv", 'lsoacd,population\nE01008461,"1,866"\n'))
    assert frame.to_numpy().tolist() == [["E01008461", 1866]]


@pytest.mark.parametrize("cell", ["-1", "2.5", "", "many"])
def test_people_are_whole_and_not_negative(write, cell):
    with pytest.raises(InputError, match="column population"):
        read_population(write("p.csv", f"lsoa,population,x\nE01008461,{cell},\n"))


def test_no_population_at_all(write):
    with pytest.raises(MissingColumnError, match="column population"):
        read_population(write("p.csv", "lsoa,households\nE01008461,1\n"))


def test_parquet_is_the_same_as_csv(tmp_path, write):
    path = write("p.csv", _text(["lsoa", *AGES], _row("E01008461"), _row("E01008462", 5)))
    pd.read_csv(path).to_parquet(tmp_path / "p.parquet")
    pd.testing.assert_frame_equal(read_population(tmp_path / "p.parquet"), read_population(path))
    with pytest.raises(InputError, match="is no Parquet file"):
        read_population(write("q.parquet", "lsoa\n"))


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("place", "total"),
    [("cambridge", 125_063), ("north_tyneside", 208_871), ("newport_wales", 156_447)],
)
def test_open_data(shared_data, place, total):
    path = shared_data / place / "population_mid2020_single_year_of_age.csv"
    frame = read_population(path)
    assert frame["population"].sum() == total
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert frame["age_90"].sum() == sum(int(row["90+"]) for row in rows)
    assert frame["population"].sum() == sum(int(row["total_population"]) for row in rows)


@pytest.mark.shared_data
def test_all_of_england_and_wales(shared_data):
    folder = shared_data / "england"
    frame = read_population(folder / "population_mid2020_lsoa11_single_year_of_age_EW.parquet")
    assert frame.shape == (34_753, 93)
    assert read_population(folder / "lsoa21_population_totals.csv").shape == (35_672, 2)
