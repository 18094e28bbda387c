"""A proof in a sentence."""

from __future__ import annotations

from ntgeo.domain.solving import SolveReport, SolveStatus

__all__ = ["proof_sentence"]


def proof_sentence(report: SolveReport, better: str) -> str:
    """Return how good a plan is known to be; ``better`` ends "no other …"."""
    if report.status is SolveStatus.OPTIMAL:
        return f"This is proven best: no other {better}."
    gap = report.gap_share
    if gap is None:
        return (
            "This is the best found in the time allowed; how much better another could be is not "
            "known."
        )
    if gap == 0:
        return f"This is proven best to within rounding: no other {better}."
    shown = f"{100 * gap:.1f}%" if gap >= 0.001 else "0.1%"  # noqa: PLR2004 - a tenth of a per cent
    return f"This is proven to be within {shown} of the best that any choice could do."
