"""The synthetic borough: streets, areas, people, records and visits, from one seed."""

from __future__ import annotations

from typing import Any

__all__ = ["write_sample"]


def __getattr__(name: str) -> Any:
    """Import the generator when it is asked for: it needs shapely, scipy and pyosmium."""
    if name == "write_sample":
        from ntgeo.sample.borough import write_sample  # noqa: PLC0415 - slow to import

        return write_sample
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
