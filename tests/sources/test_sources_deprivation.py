import pandas as pd
import pytest

from ntgeo.errors import InputError, MissingColumnError
from ntgeo.sources import read_deprivation
from ntgeo.sources.deprivation_headings import find_deprivation_columns

DOMAINS = [
    "Income",
    "Employment",
    "Education, Skills and Training",
    "Health Deprivation and Disability",
    "Crime",
    "Barriers to Housing and Services",
    "Living Environment",
    "Income Deprivation Affecting Children Index (IDACI)",
    "Income Deprivation Affecting Older People (IDAOPI)",
]
RATES = {"Income", "Employment", *DOMAINS[-2:]}


def _file_7(census, ministry_year):
    """Headings of File 7 of the English Indices of Deprivation, as the ministry writes them."""
    headings = [
        f"LSOA code ({census})",
        f"LSOA name ({census})",
        f"Local Authority District code ({ministry_year})",
        f"Local Authority District name ({ministry_year})",
        "Index of Multiple Deprivation (IMD) Score",
        "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)",
        "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)",
    ]
    for domain in DOMAINS:
        headings += [
            f"{domain} Score{' (rate)' if domain in RATES else ''}",
            f"{domain} Rank (where 1 is most deprived)",
            f"{domain} Decile (where 1 is most deprived 10% of LSOAs)",
        ]
    return [
        *headings,
        "Children and Young People Sub-domain Score",
        "Geographical Barriers Sub-domain Rank (where 1 is most deprived)",
        "Total population: mid 2015 (excluding prisoners)",
    ]


def _file_7_text(headings, *codes):
    lines = [",".join(f'"{heading}"' for heading in headings)]
    for rank, code in enumerate(codes, start=1):
        cells = [code, "Somewhere 001A", "E08000022", "Somewhere"]
        cells += [f"{90 - rank}.5", str(rank), "1"] * 10
        lines.append(",".join([*cells, "0.1", "7", "1,500".replace(",", "")]))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("census", "edition"), [("2011", "IoD 2019"), ("2021", "IoD 2025")])
@pytest.mark.parametrize(
    "spoilt",
    [
        lambda heading: heading,
        lambda heading: heading + "  ",
        lambda heading: heading[:80],
        lambda heading: heading.replace(",", "\n"),
        str.upper,
    ],
)
def test_official_file_7(write, census, edition, spoilt):
    headings = [spoilt(heading) for heading in _file_7(census, "2019")]
    table = read_deprivation(write("File_7.csv", _file_7_text(headings, "E01000001", "E01000002")))
    assert (table.edition, table.vintage) == (edition, census)
    domains = ["imd", "income", "employment", "education", "health", "crime", "barriers"]
    domains += ["environment", "idaci", "idaopi"]
    expected = [f"{d}_{m}" for d in domains for m in ("score", "rank", "decile")]
    assert list(table.frame.columns) == ["lsoa", *expected]
    assert table.frame["imd_rank"].tolist() == [1, 2]
    assert table.frame["imd_score"].tolist() == [89.5, 88.5]


def test_sub_domains_are_not_taken_for_domains():
    headings = [
        "score_Barriers (Geo)",
        "Geographical_barriers_rank",
        "Wider Barriers Sub-domain Score",
        "Adult_skills_decile",
        "pop_Total",
        "score_Barriers (H&S)",
    ]
    assert find_deprivation_columns(headings) == {"barriers_score": "score_Barriers (H&S)"}


def test_decile_is_worked_out_from_the_national_rank(write):
    text = "lsoa11_code,IMD_rank\nE01000001,3284\nE01000002,3285\nE01000003,32844\n"
    assert read_deprivation(write("d.csv", text)).frame["imd_decile"].tolist() == [1, 2, 10]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("E01000001,5,1", "stands on rows 2, 3"),
        ("W01000001,5,1", "mixes English and Welsh areas"),
    ],
)
def test_rows_that_cannot_be_told_apart_are_refused(write, row, says):
    with pytest.raises(InputError, match=r"d\.csv") as caught:
        read_deprivation(write("d.csv", f"lsoa11_code,IMD_rank,IMD_decile\nE01000001,1,1\n{row}\n"))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ("5,0", 'column IMD_decile, value "0": must be at least 1'),
        ("5,11", "is above the limit 10"),
        ("1.5,1", "is not whole"),
        ("33000,10", "is beyond the 32,844 areas that IoD 2019 ranks"),
    ],
)
def test_a_value_that_cannot_be_is_no_data_and_many_are_refused(write, cells, says):
    text = f"lsoa11_code,IMD_rank,IMD_decile\nE01000001,1,1\nE01000002,{cells}\n"
    table = read_deprivation(write("d.csv", text))
    assert table.frame["imd_decile"].isna().tolist() == [False, True]
    assert says in str(table.set_aside["E01000002"])
    assert 'shown as "no data"' in table.set_aside["E01000002"].what
    with pytest.raises(InputError) as caught:
        read_deprivation(write("d.csv", f"{text}E01000003,{cells}\n"))
    assert [fault.row for fault in caught.value.faults] == [3, 4]


def test_reversed_deciles_are_told(write):
    text = "lsoa11_code,IMD_rank,IMD_decile\nE01000001,1,10\nE01000002,32844,1\n"
    with pytest.raises(InputError, match=r"decile 10 has rank 1 .* opposite directions") as caught:
        read_deprivation(write("d.csv", text))
    assert "1 must be the most deprived" in caught.value.faults[0].fix


def test_one_decile_out_of_order_is_told(write):
    text = (
        "lsoa11_code,IMD_rank,IMD_decile\nE01000001,1,1\nE01000002,5000,4\n"
        "E01000003,9000,3\nE01000004,30000,10\n"
    )
    with pytest.raises(InputError, match="row 3, column IMD_decile") as caught:
        read_deprivation(write("d.csv", text))
    assert len(caught.value.faults) == 1


def test_missing_decile_is_no_data_not_zero(write):
    text = "lsoa11_code,IMD_rank,IMD_decile\nE01000001,1,1\nE01000002,,\n"
    table = read_deprivation(write("d.csv", text))
    assert pd.isna(table.frame["imd_decile"][1])
    assert list(table.set_aside) == ["E01000002"]
    assert "has no IMD decile" in str(table.set_aside["E01000002"])


def test_no_deprivation_at_all(write):
    with pytest.raises(MissingColumnError, match="imd_decile"):
        read_deprivation(write("d.csv", "lsoa11_code,score\nE01000001,1\n"))


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("path", "edition", "rows"),
    [
        ("cambridge/imd2019.csv", "IoD 2019", 69),
        ("cambridge/imd2025_lsoa21.csv", "IoD 2025", 78),
        ("north_tyneside/imd2019.csv", "IoD 2019", 131),
        ("north_tyneside/imd2025_lsoa21.csv", "IoD 2025", 133),
        ("newport_wales/wimd2019.csv", "WIMD 2019", 95),
        ("england/imd2025_lsoa21_england.csv", "IoD 2025", 33_755),
    ],
)
def test_open_data(shared_data, path, edition, rows):
    table = read_deprivation(shared_data / path)
    assert (table.edition, len(table.frame)) == (edition, rows)
    raw = pd.read_csv(shared_data / path)
    code = next(name for name in raw.columns if name in {"LSOA11CD", "lsoa11_code", "lsoa21_code"})
    raw = raw.sort_values(code, ignore_index=True)
    score = "score_IMD" if "score_IMD" in raw.columns else "IMD_score"
    assert table.frame["imd_score"].tolist() == raw[score].tolist()
    for name in ("imd_decile", "imd_rank", "income_decile", "crime_rank"):
        heading = name.replace("imd", "IMD").replace("income", "Income").replace("crime", "Crime")
        assert table.frame[name].tolist() == raw[heading].tolist()


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "path", ["england/imd2019_lsoa11_england.csv", "england/imd2025_lsoa21_england.csv"]
)
def test_worked_out_deciles_equal_the_published_ones(shared_data, tmp_path, path):
    raw = pd.read_csv(shared_data / path, dtype=str)
    code = "LSOA11CD" if "LSOA11CD" in raw.columns else "lsoa21_code"
    raw[[code, "IMD_rank"]].to_csv(tmp_path / "ranks.csv", index=False)
    worked_out = read_deprivation(tmp_path / "ranks.csv").frame
    published = raw.sort_values(code)["IMD_decile"].astype(int)
    assert worked_out["imd_decile"].tolist() == published.tolist()


def test_a_sheet_of_a_workbook(write_book):
    rows = [["LSOA code (2011)", "Index of Multiple Deprivation (IMD) Decile"], ["E01000001", 9]]
    path = write_book("File_1.xlsx", [["Notes"], ["x"]], IMD2019=rows)
    table = read_deprivation(path, sheet="IMD2019")
    assert table.frame.to_numpy().tolist() == [["E01000001", 9]]
