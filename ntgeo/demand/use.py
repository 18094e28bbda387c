"""Records of use → counts, people and rates by area and service."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ntgeo.demand.checks import check_counts, check_one_row_each, need_columns
from ntgeo.demand.denominators import OLDEST_AGE, AgeBand, band_of, check_bands, residents
from ntgeo.demand.limits import per_1000, poisson_limits
from ntgeo.errors import HIDDEN, DuplicateIdError, Fault, InputError, UnknownIdError

__all__ = ["aggregate_ages", "aggregate_use", "use_rates"]

_TABLE: Final = "records"
_ROUNDING: Final = 1e-9
_LONGEST_LIFE: Final = 120


def aggregate_use(
    records: pa.Table, areas: Sequence[str], *, services: Sequence[str] | None = None
) -> pd.DataFrame:
    """Count uses and people for every area and service.

    Args:
        records: ``lsoa``, ``service``, ``count`` (each at least 0) and optionally ``person_id``.
        areas: LSOA codes of the study area, in any order.
        services: Services that must be in the answer even without a record; services of the
            records are always in it.

    Returns:
        One row for every area × service, by LSOA and service: ``lsoa, service, count, people``.
        ``count`` is whole where the records' counts are whole. ``people`` is the number of
        different, non-missing person ids (so people without an id are not in it); it is missing
        (``<NA>``) where no record of the cell has an id. The sum of ``count`` is that of the
        records, to the unit.

    Raises:
        MissingColumnError: ``lsoa``, ``service`` or ``count`` is not there.
        DuplicateIdError: An area is given twice.
        UnknownIdError: A record lies in none of the areas.
        InputError: A record has no service, or a count that is missing, negative or infinite.
    """
    need_columns(records.column_names, ["lsoa", "service", "count"], _TABLE)
    _check_records(records, areas)
    table = _plain(records)
    wanted: list[tuple[Any, ...]] = [("count", "sum"), ("lsoa", "count", _ALL)]
    if "person_id" in table.column_names:
        known = pc.CountOptions(mode="only_valid")
        wanted += [("person_id", "count_distinct", known), ("person_id", "count", known)]
    found = table.group_by(["lsoa", "service"], use_threads=False).aggregate(wanted).to_pandas()
    names = sorted({*found["service"], *(services or ())})
    grid = pd.MultiIndex.from_product([sorted(areas), names], names=["lsoa", "service"])
    cells = found.set_index(["lsoa", "service"]).reindex(grid)
    counts = cells["count_sum"].fillna(0)
    if pa.types.is_integer(records.schema.field("count").type):
        counts = counts.astype(np.int64)
    use = pd.DataFrame({"count": counts, "people": _people(cells)}, index=grid).reset_index()
    _assert_conserved(records, use)
    return use


_ALL: Final = pc.CountOptions(mode="all")


def _people(cells: pd.DataFrame) -> pd.Series[Any]:
    """Distinct people; 0 where there are no records, missing where no record has an id."""
    nobody = cells["lsoa_count"].isna()
    if "person_id_count" not in cells:
        return pd.Series(pd.NA, index=cells.index, dtype="Int64")
    people = cells["person_id_count_distinct"].astype("Int64")
    people = people.mask(cells["person_id_count"].eq(0), pd.NA)
    return people.mask(nobody, 0)


def _plain(records: pa.Table) -> pa.Table:
    """Return the needed columns without dictionaries, a missing person id as null."""
    columns = [c for c in ("lsoa", "service", "count", "person_id") if c in records.column_names]
    table = records.select(columns)
    for position, column in enumerate(columns):
        values = table.column(column)
        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        is_text = pa.types.is_string(values.type) or pa.types.is_large_string(values.type)
        if column == "person_id" and is_text:
            values = pc.if_else(pc.equal(values, ""), pa.scalar(None, values.type), values)
        table = table.set_column(position, column, values)
    return table


def _check_records(records: pa.Table, areas: Sequence[str]) -> None:
    given = pd.Series(list(areas), dtype=object)
    repeated = sorted(given[given.duplicated()].unique())
    if repeated:
        raise DuplicateIdError(
            [
                Fault(
                    file="areas",
                    column="lsoa",
                    value=str(area),
                    what="the area stands twice",
                    fix="give each area once",
                    code="duplicate-id",
                )
                for area in repeated
            ]
        )
    _check_values(records)
    lsoa = records.column("lsoa")
    counted = pc.value_counts(lsoa.combine_chunks()).to_pylist() if len(lsoa) else []
    strangers = {str(c["values"]): c["counts"] for c in counted if c["values"] not in {*areas}}
    if strangers:
        raise UnknownIdError(
            [
                Fault(
                    file=_TABLE,
                    column="lsoa",
                    value=area,
                    what=f"{count:,} records lie in an area that is not in the study",
                    fix="leave out records from elsewhere, or add the area",
                    code="unknown-lsoa",
                )
                for area, count in sorted(strangers.items())
            ]
        )


def _check_values(records: pa.Table) -> None:
    """Refuse records without area or service, and counts that cannot be; all at once."""
    count = records.column("count")
    kind = count.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        what = f"the counts are {kind}, not numbers"
        fault = Fault(
            file=_TABLE, column="count", what=what, fix="give numbers", code="not-a-count"
        )
        raise InputError(fault)
    is_count = pc.and_(pc.greater_equal(count, 0), pc.is_finite(count.cast(pa.float64())))
    wrong = {
        "lsoa": pc.is_null(records.column("lsoa")),
        "service": pc.is_null(records.column("service")),
        "count": pc.invert(pc.fill_null(is_count, fill_value=False)),
    }
    says = {"lsoa": "an area", "service": "a service", "count": "a number that is 0 or more"}
    faults = [
        Fault(
            file=_TABLE,
            row=row + 1,
            column=column,
            value=str(records.column(column)[row].as_py()),
            what=f"each record needs {says[column]}",
            fix="correct the record, or remove it",
            code=f"bad-{column}",
        )
        for column, mask in wrong.items()
        for row in pc.indices_nonzero(mask).to_pylist()
    ]
    if faults:
        raise InputError(faults)


def _assert_conserved(records: pa.Table, use: pd.DataFrame) -> None:
    before = pc.sum(records.column("count"), min_count=0).as_py()
    after = use["count"].sum()
    is_whole = use["count"].dtype == np.int64
    if (before != after) if is_whole else not math.isclose(before, after, rel_tol=_ROUNDING):
        msg = f"a bug in ntgeo: records hold {before} uses but the areas {after}"
        raise ArithmeticError(msg)


def aggregate_ages(records: pa.Table) -> pd.DataFrame:
    """Count uses by single year of age, for age-standardised expectations.

    Args:
        records: ``service``, ``count`` and ``age`` in years; records without an age are left out.

    Returns:
        ``service, age, count`` by service and age; ages of 90 and over stand as 90.

    Raises:
        MissingColumnError: A column is not there.
        InputError: An age is not a number from 0 to 120.
    """
    need_columns(records.column_names, ["service", "age", "count"], _TABLE)
    known = records.select(["service", "age", "count"])
    known = known.filter(pc.is_valid(known.column("age")))
    years = known.column("age").cast(pa.float64())
    is_age = pc.and_(pc.greater_equal(years, 0), pc.less_equal(years, _LONGEST_LIFE))
    odd = pc.unique(years.filter(pc.invert(is_age))).to_pylist()
    if odd:
        raise InputError(
            [
                Fault(
                    file=_TABLE,
                    column="age",
                    value=HIDDEN,
                    what=f"ages must be 0 to {_LONGEST_LIFE} years; {len(odd)} other values stand",
                    fix="correct the ages, or leave them empty where they are not known",
                    code="bad-age",
                )
            ]
        )
    whole = pc.min_element_wise(pc.floor(years), float(OLDEST_AGE)).cast(pa.int64())
    service = known.column("service")
    if pa.types.is_dictionary(service.type):
        service = service.cast(service.type.value_type)
    columns = {"service": service, "age": whole, "count": known.column("count")}
    summed = pa.table(columns).group_by(["service", "age"]).aggregate([("count", "sum")])
    frame = summed.to_pandas().rename(columns={"count_sum": "count"})
    return frame.sort_values(["service", "age"], ignore_index=True)[["service", "age", "count"]]


def use_rates(
    use: pd.DataFrame,
    population_by_age: pd.DataFrame,
    bands: Mapping[str, AgeBand] | None = None,
) -> pd.DataFrame:
    """Add residents and rates per 1,000 of them.

    Args:
        use: ``lsoa, service, count`` and optionally ``people``, as from :func:`aggregate_use`.
        population_by_age: ``lsoa, population`` and, for bands, ``age_0 … age_90``.
        bands: Ages a service is for, both ends included, as ``{"library": (0, 90)}``; 90 is 90 and
            over. All ages where none are stated.

    Returns:
        ``use`` by LSOA and service, with ``population`` (residents of the band), ``rate_per_1000``
        (uses), ``ci_low`` and ``ci_high`` (95 % exact Poisson limits of that rate) and, where
        ``people`` is there, ``people_per_1000``. Where nobody of the band lives, rates are NaN:
        not to be shown.

    Raises:
        MissingColumnError, DuplicateIdError, UnknownIdError, InputError: A table is unusable.
    """
    need_columns(use.columns, ["lsoa", "service", "count"], "use")
    check_one_row_each(use, ["lsoa", "service"], "use")
    check_counts(use["count"], "use")
    check_bands(bands, list(use["service"].unique()))
    rates = use.sort_values(["lsoa", "service"], ignore_index=True)
    rates["population"] = 0.0
    for service, part in rates.groupby("service", sort=True):
        band = band_of(str(service), bands)
        rates.loc[part.index, "population"] = residents(
            population_by_age, part["lsoa"].to_numpy(), band
        )
    people_at_home = rates["population"].to_numpy()
    counts = rates["count"].to_numpy(dtype=np.float64)
    rates["rate_per_1000"] = per_1000(counts, people_at_home)
    low, high = poisson_limits(counts)
    rates["ci_low"], rates["ci_high"] = (
        per_1000(low, people_at_home),
        per_1000(high, people_at_home),
    )
    if "people" in rates:
        people = rates["people"].to_numpy(dtype=np.float64, na_value=np.nan)
        rates["people_per_1000"] = per_1000(people, people_at_home)
    return rates
