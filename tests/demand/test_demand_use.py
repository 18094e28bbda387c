import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntgeo.demand import aggregate_ages, aggregate_use, use_rates
from ntgeo.errors import DuplicateIdError, InputError, MissingColumnError, UnknownIdError

AREAS = ["X01000001", "X01000002", "X01000003"]


def records_of(rows, **columns):
    lsoa, service, count, person = zip(*rows, strict=True) if rows else ((), (), (), ())
    return pa.table(
        {
            "lsoa": pa.array(lsoa, pa.string()),
            "service": pa.array(service, pa.string()),
            "count": pa.array(count, pa.int64()),
            "person_id": pa.array(person, pa.string()),
            **columns,
        }
    )


ROWS = [
    (AREAS[0], "library", 2, "p1"),
    (AREAS[0], "library", 3, "p1"),
    (AREAS[0], "library", 1, "p2"),
    (AREAS[0], "clinic", 4, None),
    (AREAS[1], "library", 5, ""),
    (AREAS[1], "clinic", 1, "p9"),
    (AREAS[1], "clinic", 1, None),
]


def test_counts_and_people_on_the_whole_grid_by_hand():
    use = aggregate_use(records_of(ROWS), AREAS)
    assert use["lsoa"].tolist() == [a for a in AREAS for _ in range(2)]
    assert use["service"].tolist() == ["clinic", "library"] * 3
    assert use["count"].tolist() == [4, 6, 2, 5, 0, 0]
    assert use["count"].dtype == np.int64
    # people without an id are not people: none known in (1, clinic) and (2, library)
    assert use["people"].tolist() == [pd.NA, 2, 1, pd.NA, 0, 0]


def test_people_are_missing_everywhere_without_a_person_column():
    use = aggregate_use(records_of(ROWS).drop_columns(["person_id"]), AREAS)
    assert use["people"].isna().all()
    assert use["count"].sum() == 17


def test_one_person_in_two_areas_counts_in_each():
    use = aggregate_use(records_of([(a, "s", 1, "p") for a in AREAS]), AREAS)
    assert use["people"].tolist() == [1, 1, 1]


def test_a_service_without_records_can_be_asked_for():
    use = aggregate_use(records_of(ROWS), AREAS, services=["advice", "library"])
    assert use["service"].unique().tolist() == ["advice", "clinic", "library"]
    assert use.loc[use["service"] == "advice", "count"].tolist() == [0, 0, 0]


def test_no_records_at_all_give_an_empty_grid_or_zeros():
    assert aggregate_use(records_of([]), AREAS).empty
    assert aggregate_use(records_of([]), AREAS, services=["s"])["count"].tolist() == [0, 0, 0]


@pytest.mark.parametrize("kind", [pa.dictionary(pa.int32(), pa.string()), pa.large_string()])
def test_text_may_come_in_any_arrow_type(kind):
    table = records_of(ROWS)
    for position, column in ((0, "lsoa"), (1, "service"), (3, "person_id")):
        table = table.set_column(position, column, table.column(column).cast(kind))
    halves = pa.concat_tables([table.slice(0, 3), table.slice(3)])
    pd.testing.assert_frame_equal(
        aggregate_use(halves, AREAS).astype({"lsoa": object, "service": object}),
        aggregate_use(records_of(ROWS), AREAS).astype({"lsoa": object, "service": object}),
    )


def test_fractions_are_summed_as_fractions():
    table = pa.table({"lsoa": AREAS[:2], "service": ["s", "s"], "count": [0.5, 0.25]})
    assert aggregate_use(table, AREAS)["count"].tolist() == [0.5, 0.25, 0.0]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(AREAS),
            st.sampled_from(["a", "b", "c"]),
            st.integers(0, 10**12),
            st.none() | st.sampled_from(["", "p1", "p2", "p3"]),
        ),
        max_size=40,
    ),
    st.randoms(use_true_random=False),
)
def test_totals_are_kept_and_order_never_matters(rows, random):
    use = aggregate_use(records_of(rows), AREAS)
    by_hand = {}
    for lsoa, service, count, _ in rows:
        by_hand[lsoa, service] = by_hand.get((lsoa, service), 0) + count
    found = dict(zip(zip(use["lsoa"], use["service"], strict=True), use["count"], strict=True))
    assert {key: count for key, count in found.items() if key in by_hand} == by_hand
    assert use["count"].sum() == sum(row[2] for row in rows)
    shuffled, areas = list(rows), list(AREAS)
    random.shuffle(shuffled)
    random.shuffle(areas)
    pd.testing.assert_frame_equal(use, aggregate_use(records_of(shuffled), areas))


def test_records_of_elsewhere_are_refused_and_all_named():
    rows = [("E01000001", "s", 1, None), ("E01000001", "s", 1, None), ("E01000009", "s", 1, None)]
    with pytest.raises(UnknownIdError) as refused:
        aggregate_use(records_of(rows), AREAS)
    assert [fault.value for fault in refused.value.faults] == ["E01000001", "E01000009"]
    assert "2 records" in str(refused.value)


def test_what_cannot_be_counted_is_refused_all_at_once():
    table = pa.table(
        {
            "lsoa": [AREAS[0], None, AREAS[0]],
            "service": ["s", "s", None],
            "count": [math.nan, -1.0, 1.0],
        }
    )
    with pytest.raises(InputError) as refused:
        aggregate_use(table, AREAS)
    places = {(fault.row, fault.column) for fault in refused.value.faults}
    assert places == {(1, "count"), (2, "count"), (2, "lsoa"), (3, "service")}


def test_counts_must_be_numbers():
    table = pa.table({"lsoa": [AREAS[0]], "service": ["s"], "count": ["1"]})
    with pytest.raises(InputError, match="not numbers"):
        aggregate_use(table, AREAS)


def test_missing_columns_and_repeated_areas_are_refused():
    with pytest.raises(MissingColumnError, match="service"):
        aggregate_use(pa.table({"lsoa": AREAS, "count": [1, 1, 1]}), AREAS)
    with pytest.raises(DuplicateIdError, match="X01000001"):
        aggregate_use(records_of(ROWS), [*AREAS, AREAS[0]])


def test_ages_are_counted_whole_and_ninety_stands_for_older():
    table = records_of(
        [(AREAS[0], "s", 2, None)] * 4, age=pa.array([7.9, 7.0, None, 104.0], pa.float64())
    )
    ages = aggregate_ages(table)
    assert ages.to_dict("list") == {"service": ["s", "s"], "age": [7, 90], "count": [4, 2]}


def test_odd_ages_are_refused_without_showing_them():
    table = records_of([(AREAS[0], "s", 1, None)] * 2, age=pa.array([-3, 1975], pa.int64()))
    with pytest.raises(InputError, match="0 to 120") as refused:
        aggregate_ages(table)
    assert "1975" not in str(refused.value)


def use_of(counts, people=None):
    frame = pd.DataFrame({"lsoa": AREAS[:2], "service": "club", "count": counts})
    return frame if people is None else frame.assign(people=pd.array(people, "Int64"))


def test_rates_by_age_band_by_hand(population):
    whole = use_rates(use_of([50, 40], [20, None]), population)
    assert whole["population"].tolist() == [1000, 200]
    assert whole["rate_per_1000"].tolist() == [50.0, 200.0]
    assert whole["people_per_1000"].tolist()[0] == 20.0
    assert math.isnan(whole["people_per_1000"].tolist()[1])
    children = use_rates(use_of([50, 0]), population, {"club": (5, 9)})
    assert children["population"].tolist() == [500, 0]
    assert children["rate_per_1000"].tolist()[0] == 100.0
    oldest = use_rates(use_of([0, 15]), population, {"club": (65, 90)})
    assert oldest["population"].tolist() == [0, 150]
    assert oldest["rate_per_1000"].tolist()[1] == 100.0


def test_a_rate_without_residents_is_not_shown_and_never_infinite(population):
    rates = use_rates(use_of([3, 7]), population, {"club": (5, 9)})
    figures = rates.loc[1, ["rate_per_1000", "ci_low", "ci_high"]]
    assert figures.isna().all()
    assert not np.isinf(rates.select_dtypes("number").to_numpy(float)).any()


def test_rates_come_sorted_whatever_the_order(population):
    use = use_of([1, 2])
    pd.testing.assert_frame_equal(
        use_rates(use, population), use_rates(use[::-1], population[::-1])
    )


@pytest.mark.parametrize("band", [(9, 5), (-1, 5), (0, 91), (0,), "0-9", None])
def test_bands_that_cannot_be_are_refused(population, band):
    with pytest.raises(InputError, match="youngest"):
        use_rates(use_of([1, 2]), population, {"club": band})


def test_a_band_for_an_unknown_service_is_refused(population):
    with pytest.raises(UnknownIdError, match="they have club"):
        use_rates(use_of([1, 2]), population, {"clubs": (0, 9)})


def test_population_faults_are_told(population):
    with pytest.raises(UnknownIdError, match="X01000002"):
        use_rates(use_of([1, 2]), population[:1])
    with pytest.raises(DuplicateIdError, match="X01000001"):
        use_rates(use_of([1, 2]), pd.concat([population, population[:1]]))
    with pytest.raises(MissingColumnError, match="age_5"):
        use_rates(use_of([1, 2]), population[["lsoa", "population"]], {"club": (5, 9)})
    with pytest.raises(InputError, match="0 or more"):
        use_rates(use_of([1, 2]), population.assign(population=[-1, 2]))


def test_use_with_a_cell_twice_is_refused(population):
    with pytest.raises(DuplicateIdError, match="X01000001 / club"):
        use_rates(pd.concat([use_of([1, 2])] * 2), population)
