"""The one object behind every door."""

from __future__ import annotations

__all__ = ["Workspace"]


class Workspace:
    """Opens settings, cache and runs."""
