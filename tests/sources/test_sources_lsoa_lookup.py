import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntgeo.errors import InputError, UnknownIdError
from ntgeo.sources import convert_to_2021, read_lsoa_lookup

LOOKUP = pd.DataFrame(
    [
        ("E01000001", "U", "E01000001"),
        ("E01000002", "S", "E01034001"),
        ("E01000002", "S", "E01034002"),
        ("E01000003", "M", "E01034003"),
        ("E01000004", "M", "E01034003"),
        ("E01000005", "X", "E01034004"),
        ("E01000005", "X", "E01034005"),
        ("E01000006", "X", "E01034005"),
    ],
    columns=["lsoa11", "change", "lsoa21"],
)
CODES = sorted(set(LOOKUP["lsoa11"]))


def test_split_by_residents_and_merged_by_adding():
    frame = pd.DataFrame({"lsoa": CODES[:4], "name": list("abcd"), "count": [10, 40, 3, 4]})
    weights = {"E01034001": 300, "E01034002": 100}
    converted, notes = convert_to_2021(frame, LOOKUP, weights=weights)
    assert converted.to_numpy().tolist() == [
        ["E01000001", 10],
        ["E01034001", 30],
        ["E01034002", 10],
        ["E01034003", 7],
    ]
    assert notes == (
        "1 areas of 2011 were split; shared by the residents of their parts.",
        "2 areas of 2011 were merged; added up.",
    )


def test_without_weights_parts_are_equal_and_irregular_ones_are_told():
    frame = pd.DataFrame({"lsoa": CODES[4:], "count": [10, 5]})
    converted, notes = convert_to_2021(frame, LOOKUP)
    assert converted["count"].tolist() == [5, 10]
    assert "redrawn irregularly (E01000005, E01000006)" in notes[0]
    assert "only approximate" in notes[0]


def test_scores_pass_on_and_are_averaged_by_people_where_areas_merge():
    frame = pd.DataFrame(
        {
            "lsoa": CODES[1:4],
            "imd_score": [20.0, 10.0, 40.0],
            "imd_decile": [4, 8, 1],
            "population": [100, 300, 100],
        }
    )
    converted, _ = convert_to_2021(frame, LOOKUP)
    assert converted["imd_score"].tolist() == [20.0, 20.0, 17.5]
    assert converted["imd_decile"].tolist() == [4, 4, 6]
    assert converted["population"].tolist() == [50, 50, 400]


def test_missing_scores_do_not_pull_the_mean_down():
    frame = pd.DataFrame({"lsoa": CODES[2:4], "imd_score": [10.0, None]})
    assert convert_to_2021(frame, LOOKUP)[0]["imd_score"].tolist() == [10.0]


def test_services_stay_apart():
    frame = pd.DataFrame(
        {
            "lsoa": ["E01000003", "E01000004", "E01000004"],
            "service": ["a", "a", "b"],
            "count": [1, 2, 4],
        }
    )
    converted, _ = convert_to_2021(frame, LOOKUP)
    assert converted.to_numpy().tolist() == [["E01034003", "a", 3], ["E01034003", "b", 4]]


def test_unknown_codes_are_told():
    with pytest.raises(
        UnknownIdError, match="1 codes are not in the 2011 to 2021 look-up: E01000009"
    ):
        convert_to_2021(pd.DataFrame({"lsoa": ["E01000009"], "n": [1]}), LOOKUP)


@settings(max_examples=30, deadline=None)
@given(
    counts=st.lists(st.integers(0, 10_000), min_size=6, max_size=6),
    weights=st.dictionaries(st.sampled_from(sorted(set(LOOKUP["lsoa21"]))), st.integers(0, 5_000)),
)
def test_totals_never_change(counts, weights):
    frame = pd.DataFrame({"lsoa": CODES, "count": counts})
    converted, _ = convert_to_2021(frame, LOOKUP, weights=weights)
    assert converted["count"].sum() == pytest.approx(sum(counts))


def test_lookup_is_checked(write):
    path = write(
        "lookup.csv",
        "LSOA11CD,CHGIND,LSOA21CD\nE01000001,U,E01000002\nE01000003,Q,E01000003\n"
        "E01000004,U,E01000004\nE01000004,U,E01000004\n",
    )
    with pytest.raises(InputError) as caught:
        read_lsoa_lookup(path)
    assert [(f.row, f.code) for f in caught.value.faults] == [
        (5, "duplicate-id"),
        (3, "bad-change"),
        (2, "bad-change"),
    ]


@pytest.mark.shared_data
def test_open_data(shared_data):
    lookup = read_lsoa_lookup(shared_data / "england" / "lookup_lsoa11_lsoa21_ltla22.csv").read
    assert lookup["change"].value_counts().to_dict() == {"U": 33_647, "S": 1_900, "M": 239, "X": 9}
    for place in ("cambridge", "north_tyneside", "newport_wales"):
        part = read_lsoa_lookup(shared_data / place / "lookup_lsoa11_lsoa21.csv").read
        assert part.merge(lookup).shape == part.shape
