"""What was wrong with the input, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from ntgeo.errors import Fault

__all__ = ["rejects_table"]

_COLUMNS: Final = ["file", "row", "column", "value", "what", "fix", "code"]


def rejects_table(faults: Sequence[Fault]) -> pd.DataFrame:
    """Return ``file, row, column, value, what, fix, code`` of each fault, in their order."""
    rows = [[getattr(fault, column) for column in _COLUMNS] for fault in faults]
    return pd.DataFrame(rows, columns=_COLUMNS)
