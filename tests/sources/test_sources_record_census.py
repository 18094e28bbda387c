import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ntgeo.sources import convert_records, read_records

LOOKUP = pd.DataFrame(
    [
        ("E01000001", "U", "E01000001"),
        ("E01000002", "S", "E01034001"),
        ("E01000002", "S", "E01034002"),
        ("E01000003", "M", "E01034003"),
        ("E01000004", "M", "E01034003"),
    ],
    columns=["lsoa11", "change", "lsoa21"],
)
OLD = sorted(set(LOOKUP["lsoa11"]))
NEW = sorted(set(LOOKUP["lsoa21"]))


def converted(path, text, weights, areas=NEW):
    path.write_text(text)
    found = read_records(path, service="s", areas=OLD, repeats="add")
    return convert_records(found, LOOKUP, areas, weights)


def counts(found):
    frame = found.table.to_pandas()
    return frame.groupby("lsoa")["count"].sum().to_dict()


def test_split_areas_are_shared_by_residents_and_merged_ones_added(tmp_path):
    text = "lsoa,count\nE01000001,5\nE01000002,8\nE01000003,1\nE01000004,2\n"
    people = dict.fromkeys(NEW, 10) | {"E01034001": 30}
    found = converted(tmp_path / "r.csv", text, people)
    assert counts(found) == {"E01000001": 5, "E01034001": 6, "E01034002": 2, "E01034003": 3}
    assert [note.split(": ")[1][:30] for note in found.notes] == [
        "1 areas of 2011 were split; sh",
        "2 areas of 2011 were merged; a",
    ]


def test_parts_whose_residents_are_not_known_share_equally(tmp_path):
    found = converted(tmp_path / "r.csv", "lsoa,count\nE01000002,8\n", {"E01034001": 30})
    assert counts(found) == {"E01034001": 4, "E01034002": 4}


def test_parts_in_no_wanted_area_are_counted_outside(tmp_path):
    people = dict.fromkeys(NEW, 10)
    found = converted(tmp_path / "r.csv", "lsoa,count\nE01000002,8\n", people, ["E01034001"])
    assert counts(found) == {"E01034001": 4}
    assert found.outside == 4


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    rows=st.lists(st.tuples(st.sampled_from(OLD), st.integers(0, 99)), min_size=1, max_size=12),
    people=st.lists(st.integers(0, 99), min_size=len(NEW), max_size=len(NEW)),
)
def test_totals_stay_as_they_are(tmp_path, rows, people):
    text = "lsoa,count\n" + "".join(f"{code},{count}\n" for code, count in rows)
    found = converted(tmp_path / "r.csv", text, dict(zip(NEW, people, strict=True)))
    assert abs(found.served_total - found.source_total) < 1e-6
    assert found.outside == 0
