import pytest

import ntgeo.reports
from ntgeo.reports.columns import (
    COLUMNS,
    ColumnKind,
    column_of,
    columns_table,
    typed_frame,
)
from ntgeo.reports.siting_tables import siting_areas_table

UNITS = {
    "_s": ColumnKind.SECONDS,
    "_m": {ColumnKind.METRES, ColumnKind.GRID},
    "_share": ColumnKind.SHARE,
    "_gbp": {ColumnKind.POUNDS, ColumnKind.PENCE},
    "_per_1000": ColumnKind.RATE,
}


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
def test_every_column_has_a_meaning_and_wears_its_unit(column):
    assert column.meaning
    assert column.label
    for ending, kinds in UNITS.items():
        if column.name.endswith(ending):
            assert column.kind in (kinds if isinstance(kinds, set) else {kinds})


def test_units_stand_in_every_name_that_has_one():
    endings = {ColumnKind.SECONDS: "_s", ColumnKind.METRES: "_m", ColumnKind.SHARE: "_share"}
    for column in COLUMNS.values():
        assert column.name.endswith(endings.get(column.kind, ""))


def test_an_unknown_column_is_text_under_its_own_name():
    assert column_of("my_column").label == "My column"
    assert column_of("my_column").kind is ColumnKind.TEXT


def test_a_frame_has_the_same_types_full_or_empty():
    names = ("lsoa", "population", "time_before_s", "is_unserved")
    full = typed_frame(
        {"lsoa": ["a"], "population": [None], "time_before_s": [1], "is_unserved": [True]}, names
    )
    empty = typed_frame({name: [] for name in names}, names)
    assert full.dtypes.to_dict() == empty.dtypes.to_dict()


def test_the_dictionary_tells_every_column_of_every_table(siting, areas):
    table = columns_table({"areas": siting_areas_table(*siting, areas), "sites": areas})
    assert set(table["table"]) == {"areas", "sites"}
    row = table.set_index("column").loc["change_s"]
    assert row["unit"] == "seconds"
    assert row["meaning"].startswith("After less before")
    assert "geometry" not in set(table["column"])


def test_every_public_name_is_there():
    for name in ntgeo.reports.__all__:
        assert getattr(ntgeo.reports, name) is not None
    assert set(dir(ntgeo.reports)) == set(ntgeo.reports.__all__)
    with pytest.raises(AttributeError, match="attribute"):
        _ = ntgeo.reports.nothing
