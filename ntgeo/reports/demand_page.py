"""The demand part of the report."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from ntgeo.reports.columns import ColumnKind
from ntgeo.reports.content import DemandSection
from ntgeo.reports.demand_charts import expected_chart, use_rate_chart
from ntgeo.reports.plain import MISSING, cell_text
from ntgeo.reports.siting_page import drawing
from ntgeo.reports.views import Heading, TableView, table_view

__all__ = ["demand_part", "with_shown_counts"]

_DECILE: Final = (
    *("service", "imd_decile", "areas", "population", "count", "rate_per_1000"),
    *("ci_low", "ci_high"),
)
_INDICES: Final = ("service", "sii", "sii_low", "sii_high", "rii", "rii_low", "rii_high")
_EXPECTED: Final = ("imd_decile", "observed", "expected", "difference", "observed_share")
_UNMET: Final = ("name", "lsoa", "observed", "expected", "difference")
_FEW_SERVICES: Final = 2
_PROTECTED_NOTE: Final = (
    "– stands for a figure that is not known, or that is held back because it is so small that it "
    "could point to a person."
)


def demand_part(section: DemandSection) -> dict[str, Any]:
    """Return the demand part of the page: charts and tables."""
    by_decile, unmet = section.by_decile, section.unmet_areas
    service = _main_service(section)
    expected = section.expected_by_decile
    if expected is not None:
        expected = with_shown_counts(expected, by_decile)
    return {
        "notes": section.notes,
        "service": service,
        "rate_chart": drawing(use_rate_chart(by_decile)) if len(by_decile) else None,
        "by_decile": _rates_view(by_decile),
        "indices": _view(
            section.indices, "indices", "How unequal use is across deprivation", _INDICES
        ),
        **_expected_views(expected, service),
        "unmet": _view(
            unmet, "unmet", f"Areas furthest below the use of {service} expected of them", _UNMET
        ),
    }


def with_shown_counts(expected: pd.DataFrame, by_decile: pd.DataFrame) -> pd.DataFrame:
    """Return expected use beside the counts that may be shown, and what follows from these.

    Whatever ``expected`` says was observed is replaced by the count of ``by_decile``, which is
    protected: a count that is withheld in one table is not to be read in another.

    Args:
        expected: ``service, imd_decile, expected``.
        by_decile: ``service, imd_decile, count``.

    Returns:
        ``expected`` with ``observed, difference, observed_share`` from the counts shown.
    """
    keys = ["service", "imd_decile"]
    counts = by_decile[[*keys, "count"]].assign(
        count=pd.to_numeric(by_decile["count"], errors="coerce").astype("float64")
    )
    joined = expected.drop(columns=["observed", "difference", "observed_share"], errors="ignore")
    joined = joined.astype({"imd_decile": "float64"}).merge(
        counts.astype({"imd_decile": "float64"}), on=keys, how="left"
    )
    above_none = joined["expected"].where(joined["expected"] > 0)
    return joined.rename(columns={"count": "observed"}).assign(
        difference=lambda frame: frame["expected"] - frame["observed"],
        observed_share=lambda frame: frame["observed"] / above_none,
    )


def _main_service(section: DemandSection) -> str:
    if section.service is not None:
        return section.service
    for frame in (section.unmet_areas, section.expected_by_decile, section.by_decile):
        if frame is not None and not frame.empty:
            return str(frame["service"].iloc[0])
    return ""


def _rates_view(by_decile: pd.DataFrame) -> TableView | None:
    """All figures of one or two services; of more, the rates only, a column a service."""
    if by_decile.empty:
        return None
    caption = "Use by deprivation decile, with 95% limits"
    if by_decile["service"].nunique() <= _FEW_SERVICES:
        return _view(by_decile, "use", caption, _DECILE)
    kind = ColumnKind.RATE
    cells = [
        MISSING
        if pd.isna(rate)
        else f"{cell_text(rate, kind)} ({cell_text(low, kind)} to {cell_text(high, kind)})"
        for rate, low, high in zip(
            *(_numbers(by_decile[name]) for name in ("rate_per_1000", "ci_low", "ci_high")),
            strict=True,
        )
    ]
    wide = _spread(by_decile.assign(cell=cells))
    note = "Uses per 1,000 residents and their limits; the counts are in use_by_decile.csv."
    return _wide_view(wide, "use", caption, f"{note} {_protected_note(wide)}")


def _expected_views(expected: pd.DataFrame | None, service: str) -> dict[str, Any]:
    if expected is None or expected.empty:
        return {"expected_chart": None, "expected": None, "expected_all": None}
    own = expected[expected["service"] == service]
    shares = _spread(
        expected.assign(
            cell=[cell_text(share, ColumnKind.SHARE) for share in expected["observed_share"]]
        )
    )
    caption = "Observed use as a share of what is expected, every service"
    return {
        "expected_chart": drawing(expected_chart(own, service=service)) if len(own) else None,
        "expected": _view(own, "expected", f"Observed and expected use of {service}", _EXPECTED),
        "expected_all": _wide_view(shares, "expected-all", caption, _protected_note(shares))
        if shares.shape[1] > 1
        else None,
    }


def _spread(frame: pd.DataFrame) -> pd.DataFrame:
    """Column ``cell`` as a row a decile and a column a service."""
    return frame.set_index(["imd_decile", "service"])["cell"].unstack("service")  # noqa: PD010 - text


def _wide_view(wide: pd.DataFrame, slug: str, caption: str, note: str) -> TableView:
    """A column a service, a row a decile; cells are text already."""
    filled = wide.astype(object).where(wide.notna(), MISSING)
    return TableView(
        slug=slug,
        caption=caption,
        headings=(
            Heading(label="Deprivation decile", is_figure=True),
            *(Heading(label=str(name), is_figure=True) for name in wide.columns),
        ),
        rows=tuple(
            (f"{decile:.0f}", *map(str, cells))
            for decile, cells in zip(wide.index, filled.to_numpy(), strict=True)
        ),
        note=note.strip(),
    )


def _protected_note(wide: pd.DataFrame) -> str:
    return _PROTECTED_NOTE if (wide.isna() | (wide == MISSING)).to_numpy().any() else ""


def _numbers(cells: pd.Series) -> list[float]:
    return [float(number) for number in pd.to_numeric(cells, errors="coerce").astype("float64")]


def _view(
    frame: pd.DataFrame | None, slug: str, caption: str, columns: tuple[str, ...]
) -> TableView | None:
    if frame is None or frame.empty:
        return None
    present = [name for name in columns if name in frame.columns]
    is_protected = bool(frame[present].isna().to_numpy().any())
    return table_view(
        frame,
        slug=slug,
        caption=caption,
        columns=present,
        note=_PROTECTED_NOTE if is_protected else "",
    )
