from datetime import date

import pytest

from ntgeo.domain.hand_plan import HandPlan, HandStop
from ntgeo.errors import InputError, MissingColumnError
from ntgeo.sources import read_hand_plan

DAY = date(2026, 11, 24)
NINE = 9 * 3600


def read(write, text):
    return read_hand_plan(write("mine.csv", text), day=DAY)


def test_order_and_times_as_they_stand(write):
    text = "Shift ID,visit_id,name,begin,arrive\nB,V2,Sian,,9:05\nA,V1,,09:30,\nB,V1,,09:30,\n"
    assert read(write, text) == HandPlan(
        file="mine.csv",
        stops=(
            HandStop(shift="B", visit="V2", row=2, arrive_s=NINE + 300),
            HandStop(shift="A", visit="V1", row=3, begin_s=NINE + 1800),
            HandStop(shift="B", visit="V1", row=4, begin_s=NINE + 1800),
        ),
    )


def test_times_need_not_be_there(write):
    (stop,) = read(write, "shift_id;visit_id\nA;V1\n").stops
    assert (stop.arrive_s, stop.begin_s) == (None, None)


def test_all_faults_of_a_table_at_once(write):
    with pytest.raises(InputError) as refused:
        read(write, "shift_id,visit_id,begin\nA,,09:00\n,V2,9.30\nA,V3,25:00\n")
    assert [(fault.row, fault.column, fault.code) for fault in refused.value.faults] == [
        (2, "visit_id", "no-id"),
        (3, "shift_id", "no-id"),
        (3, "begin", "bad-time"),
        (4, "begin", "bad-time"),
    ]


def test_all_missing_columns_at_once(write):
    with pytest.raises(MissingColumnError) as refused:
        read(write, "staff,place\nann,V1\n")
    assert {fault.column for fault in refused.value.faults} == {"shift_id", "visit_id"}
