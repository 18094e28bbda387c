"""A proof as the command line shows it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ntgeo.cli.door import say

if TYPE_CHECKING:
    from ntgeo.domain.solving import SolveReport

__all__ = ["print_proof", "report_content"]


def report_content(report: SolveReport) -> dict[str, Any]:
    """Return a proof for JSON."""
    return {
        "status": report.status.value,
        "status_text": report.status_text,
        "objective": report.objective,
        "bound": report.bound,
        "gap_share": report.gap_share,
        "unit": report.unit,
        "is_maximised": report.is_maximised,
        "method": report.method,
        "seed": report.seed,
        "wall_time_s": report.wall_time_s,
        "stages": [asdict(stage) for stage in report.stages],
    }


def print_proof(report: SolveReport) -> None:
    """Print a proof in two lines."""
    bound = "none" if report.bound is None else f"{report.bound:,.1f}"
    say(f"\nObjective {report.objective:,.1f} {report.unit}; bound {bound}.")
    say(f"{report.status_text.capitalize()}.")
