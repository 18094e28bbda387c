"""Tables as the command line shows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ntgeo.cli.door import say

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["as_records", "print_table"]


def as_records(tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return tables as lists of records for JSON."""
    return {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}


def print_table(title: str, table: pd.DataFrame, columns: list[str] | None = None) -> None:
    """Print a table under its title, or some of its columns."""
    shown = table if columns is None else table[[c for c in columns if c in table.columns]]
    say(f"\n{title}")
    say(shown.to_string(index=False, na_rep="–", float_format="{:,.2f}".format))
