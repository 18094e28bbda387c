"""Ids that look like one another."""

import pytest

from ntgeo.sources.tables import read_table
from ntgeo.sources.unique_ids import alike_notes


@pytest.mark.parametrize(
    ("ids", "told"),
    [
        (("A1", "a1", "A2"), "A1 (row 2) and a1 (row 3)"),
        (("A1", "A1", "A2"), None),
        (("A1", "", "A2"), None),
        (("st01", "ST02", "ST01", "st02"), "st01 (row 2) and ST01 (row 4), ST02 (row 3) and st02"),
    ],
)
def test_ids_that_differ_in_capitals_only_are_told(write, ids, told):
    path = write("shifts.csv", "staff_id,n\n" + "".join(f"{text},1\n" for text in ids))
    notes = alike_notes(read_table(path, required=("staff_id",)), "staff_id")
    assert bool(notes) == (told is not None)
    assert all(
        f"shifts.csv: column staff_id has ids that differ in capitals only, and are taken for "
        f"different ones: {told}" in note
        for note in notes
    )
