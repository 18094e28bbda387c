"""The synthetic borough: streets, areas, people, records and visits, from one seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from ntgeo.sample.borough import write_sample
    from ntgeo.sample.seeded_day import draw_day

__all__ = ["draw_day", "write_sample"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={"borough": ["write_sample"], "seeded_day": ["draw_day"]},
)
