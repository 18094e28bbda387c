"""Tables of counts made fit to publish."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.demand.checks import check_counts, need_columns
from ntgeo.demand.limits import per_1000, poisson_limits
from ntgeo.demand.rules import DisclosureRule, rule_named
from ntgeo.demand.suppression import Suppression, suppress
from ntgeo.errors import Fault, InputError

__all__ = ["protect_counts", "protect_totals"]

Indices = npt.NDArray[np.intp]
Line = str | tuple[str, ...]

_TABLE: Final = "publication"
_ABSENT: Final = -1
_USUAL_LINES: Final = ("service", "lsoa")
_COUNT_COLUMNS: Final = ("count", "people", "observed")


def protect_counts(
    frame: pd.DataFrame,
    columns: Sequence[str],
    *,
    rule: str = "local-5",
    lines: Sequence[Line] | None = None,
    across: bool = False,
) -> pd.DataFrame:
    """Hide and round counts so that small ones can neither be read nor had by subtraction.

    Args:
        frame: A table whose ``columns`` hold whole counts of at least 0; a missing one stays so.
        columns: Every column that counts people or events.
        rule: Name of one of :data:`DISCLOSURE_RULES`.
        lines: Groupings whose totals may be published: a column, or several together, such as
            ``("service", ("service", "ward"))``. Each group of rows is protected against
            subtraction from its total. ``None`` is ``service`` and ``lsoa`` where they group rows;
            a table without either is one group.
        across: Whether the ``columns`` of a row also add up to a total that may be published (a
            wide table of areas × services).

    Returns:
        The same rows in the same order. Counts are ``Int64`` with ``<NA>`` where hidden (or the
        rule's mark, as objects). Rates, differences, ratios and their limits that ntgeo derives
        from these counts are derived again from what is shown, so that they tell nothing more.

    Raises:
        MissingColumnError: A column is not there.
        InputError: A count is not whole, ``rule`` is unknown, or a column that ntgeo knows to be
            a count (``count``, ``people``, ``observed``) is there but not among ``columns``.
    """
    chosen = rule_named(rule)
    _check_table(frame, columns, lines)
    hidden = _suppression(frame, columns, chosen, _groupings(frame, lines), across=across)[0]
    is_hidden = hidden.is_hidden.reshape(frame.shape[0], len(columns))
    shown = frame.copy()
    for position, column in enumerate(columns):
        counts = frame[column].astype("Int64")
        shown[column] = _rounded(counts, chosen).mask(is_hidden[:, position], pd.NA)
    shown = _derived_again(shown, columns)
    if chosen.mark is not None:
        for position, column in enumerate(columns):
            marked = shown[column].astype(object)
            shown[column] = marked.mask(is_hidden[:, position], chosen.mark)
    return shown


def protect_totals(
    frame: pd.DataFrame,
    columns: Sequence[str],
    by: Line,
    *,
    rule: str = "local-5",
    lines: Sequence[Line] | None = None,
) -> pd.DataFrame:
    """Sum counts by group from the true figures, and protect the sums by themselves.

    Use it beside :func:`protect_counts` with the same ``columns``, ``rule`` and ``lines``: a total
    that would give away a count hidden there is hidden here. What is hidden by chance is hidden
    among the totals too.

    Args:
        frame: The table before protection.
        columns: Its counts.
        by: One of ``lines``.
        rule: Name of one of :data:`DISCLOSURE_RULES`.
        lines: As for :func:`protect_counts`.

    Returns:
        The group's columns, sorted, and the totals, each rounded by itself: rounded parts need not
        add up to them.

    Raises:
        MissingColumnError, InputError: As for :func:`protect_counts`; or ``by`` is no line.
    """
    chosen = rule_named(rule)
    _check_table(frame, columns, lines)
    groupings = _groupings(frame, lines)
    wanted = (by,) if isinstance(by, str) else tuple(by)
    if wanted not in groupings:
        raise InputError(
            Fault(
                file=_TABLE,
                value=" and ".join(wanted),
                what="the counts were not protected against totals by it",
                fix="name it among the lines, here and in protect_counts",
                code="unprotected-total",
            )
        )
    hidden, keys = _suppression(frame, columns, chosen, groupings, across=False)
    withheld = {keys[line] for line in hidden.withheld}
    sums = frame.groupby(list(wanted), sort=True)[list(columns)].sum().astype("Int64")
    groups = [key if isinstance(key, tuple) else (key,) for key in sums.index]
    totals = sums.reset_index()
    alone = _suppression(totals, columns, chosen, (), across=False)[0].is_hidden
    is_hidden = alone.reshape(len(totals), len(columns))
    for position, column in enumerate(columns):
        tells = np.array([(wanted, group, column) in withheld for group in groups], np.bool_)
        hides = is_hidden[:, position] | tells
        rounded = _rounded(totals[column], chosen).mask(hides, pd.NA)
        if chosen.mark is not None:
            rounded = rounded.astype(object).mask(hides, chosen.mark)
        totals[column] = rounded
    return totals


def _check_table(frame: pd.DataFrame, columns: Sequence[str], lines: Sequence[Line] | None) -> None:
    named = [part for line in lines or () for part in ((line,) if isinstance(line, str) else line)]
    need_columns(frame.columns, [*columns, *named], _TABLE)
    for column in columns:
        check_counts(frame[column].dropna(), _TABLE, whole=True)
    bare = [c for c in _COUNT_COLUMNS if c in frame.columns and c not in columns]
    if bare:
        raise InputError(
            [
                Fault(
                    file=_TABLE,
                    column=column,
                    what="it holds counts but is not among the columns to protect",
                    fix="name it among the columns, or leave it out of the table",
                    code="unprotected-count",
                )
                for column in bare
            ]
        )


def _groupings(frame: pd.DataFrame, lines: Sequence[Line] | None) -> list[tuple[str, ...]]:
    """Return the groupings as tuples of columns; the empty one is the whole table."""
    if lines is not None:
        return [(line,) if isinstance(line, str) else tuple(line) for line in lines]
    usual = [(c,) for c in _USUAL_LINES if c in frame.columns and frame[c].duplicated().any()]
    return list(usual) or [()]


def _suppression(
    frame: pd.DataFrame,
    columns: Sequence[str],
    rule: DisclosureRule,
    groupings: Sequence[tuple[str, ...]],
    *,
    across: bool,
) -> tuple[Suppression, list[tuple[tuple[str, ...], tuple[Any, ...], str]]]:
    """Return what is hidden of the cells (row by row) and the key of each line."""
    width = len(columns)
    counts = frame[list(columns)].astype("Int64").fillna(_ABSENT).to_numpy(np.int64).ravel()
    lines: list[Indices] = []
    keys: list[tuple[tuple[str, ...], tuple[Any, ...], str]] = []
    for grouping in groupings:
        for group, rows in _rows_by_group(frame, grouping):
            for position, column in enumerate(columns):
                lines.append(rows * width + position)
                keys.append((grouping, group, column))
    if across:
        lines.extend(np.arange(len(counts)).reshape(-1, width))
        keys.extend((("(row)",), (row,), "") for row in range(len(frame)))
    present = [line[counts[line] != _ABSENT] for line in lines]
    rank = _row_rank(frame, columns)
    order = (rank[:, None] * width + np.arange(width)).ravel()
    draws = np.repeat(_draws(counts.reshape(-1, width), rank), width)
    found = suppress(counts, present, order, rule, draws)
    return replace(found, is_hidden=found.is_hidden & (counts != _ABSENT)), keys


def _draws(counts: npt.NDArray[np.int64], rank: Indices) -> npt.NDArray[np.float64]:
    """Return (rows,) chance of each row: the same for the same table, other for any other.

    Its seed is made of the true counts, which nobody has who could use it. Source of the idea:
    B. Fraser and J. Wooton, "A proposed method for confidentialising tabular output to protect
    against differencing" (UNECE and Eurostat, Geneva 2005).
    """
    by_rank = np.argsort(rank, kind="stable")
    key = hashlib.sha256(counts[by_rank].tobytes()).digest()
    draws = np.empty(len(counts))
    draws[by_rank] = np.random.default_rng(list(key)).random(len(counts))
    return draws


def _rows_by_group(
    frame: pd.DataFrame, grouping: tuple[str, ...]
) -> list[tuple[tuple[Any, ...], Indices]]:
    if not grouping:
        return [((), np.arange(len(frame)))]
    found = frame.groupby(list(grouping), sort=True).indices
    as_tuples = [
        (key if isinstance(key, tuple) else (key,), np.asarray(rows, np.intp))
        for key, rows in found.items()
    ]
    return sorted(as_tuples, key=lambda pair: tuple(map(str, pair[0])))


def _row_rank(frame: pd.DataFrame, columns: Sequence[str]) -> Indices:
    """Return the rank of each row by what it is about, so that ties do not hang on row order."""
    keys = [c for c in frame.columns if c not in columns and frame[c].dtype.kind != "f"]
    if not keys:
        return np.arange(len(frame))
    about = frame[keys].astype(str).reset_index(drop=True).sort_values(keys, kind="stable")
    rank = np.empty(len(frame), np.intp)
    rank[about.index.to_numpy()] = np.arange(len(frame))
    return rank


def _rounded(counts: pd.Series[Any], rule: DisclosureRule) -> pd.Series[Any]:
    step = rule.rounded_to
    return ((2 * counts + step) // (2 * step)) * step


def _derived_again(shown: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Reckon what ntgeo derives from counts again, from the counts that are shown."""
    figures = {c: shown[c].to_numpy(np.float64, na_value=np.nan) for c in columns}
    if "population" in shown:
        people = shown["population"].to_numpy(np.float64)
        for rate, count in (("rate_per_1000", "count"), ("people_per_1000", "people")):
            if rate in shown and count in figures:
                shown[rate] = per_1000(figures[count], people)
        if "ci_low" in shown and "count" in figures:
            low, high = poisson_limits(figures["count"])
            shown["ci_low"], shown["ci_high"] = per_1000(low, people), per_1000(high, people)
    if "expected" in shown and "observed" in figures:
        _compare_again(shown, figures["observed"])
    return shown


def _compare_again(shown: pd.DataFrame, observed: npt.NDArray[np.float64]) -> None:
    expected = shown["expected"].to_numpy(np.float64)
    low, high = poisson_limits(observed)
    again = {
        "difference": expected - observed,
        "unmet_need": np.maximum(expected - observed, 0),
        "ratio": per_1000(observed, expected) / 1000,
        "ratio_low": per_1000(low, expected) / 1000,
        "ratio_high": per_1000(high, expected) / 1000,
    }
    for column, values in again.items():
        if column in shown:
            shown[column] = values
