"""Headings of the deprivation indices, in the layouts they are published and passed on in.

The English Indices of Deprivation 2019 and 2025 ("File 7") write ``Index of Multiple Deprivation
(IMD) Rank (where 1 is most deprived)``; copies of them cut headings at 80 characters, leave blanks
at the end, break them over lines, or shorten them to ``IMD_rank`` or ``score_IMD``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

__all__ = ["DOMAINS", "MEASURES", "find_deprivation_columns"]

DOMAINS: Final = (
    "imd",
    "income",
    "employment",
    "education",
    "health",
    "crime",
    "barriers",
    "environment",
    "housing",
    "access",
    "idaci",
    "idaopi",
)
MEASURES: Final = ("score", "rank", "decile")

_DOMAIN_OF: Final = {
    "imd": "imd",
    "wimd": "imd",
    "wimd 2019": "imd",
    "index of multiple deprivation": "imd",
    "index of multiple deprivation imd": "imd",
    "welsh index of multiple deprivation": "imd",
    "income": "income",
    "income domain": "income",
    "employment": "employment",
    "employment domain": "employment",
    "education": "education",
    "education skills and training": "education",
    "health": "health",
    "health and disability": "health",
    "health deprivation and disability": "health",
    "crime": "crime",
    "crime and disorder": "crime",
    "community safety": "crime",
    "barriers": "barriers",
    "barriers h s": "barriers",
    "barriers to housing and services": "barriers",
    "housing and access": "barriers",
    "housing and services": "barriers",
    "environment": "environment",
    "living environment": "environment",
    "physical environment": "environment",
    "housing": "housing",
    "access": "access",
    "access to services": "access",
    "idaci": "idaci",
    "income deprivation affecting children": "idaci",
    "income deprivation affecting children index": "idaci",
    "income deprivation affecting children index idaci": "idaci",
    "idaopi": "idaopi",
    "income deprivation affecting older people": "idaopi",
    "income deprivation affecting older people index": "idaopi",
    "income deprivation affecting older people idaopi": "idaopi",
    "income deprivation affecting older people index idaopi": "idaopi",
}
_NOT_WORDS: Final = re.compile(r"[^a-z0-9]+")
_EXPLANATION: Final = re.compile(r" where 1 .*| rate$")
_MEASURE: Final = re.compile(r"\b(score|rank|decile)\b")


def _canonical(heading: str) -> str | None:
    words = _NOT_WORDS.sub(" ", heading.casefold()).strip()
    bare = _EXPLANATION.sub("", words)
    measures = _MEASURE.findall(bare)
    if len(measures) != 1:
        return None
    domain = _DOMAIN_OF.get(" ".join(_MEASURE.sub(" ", bare).split()))
    return f"{domain}_{measures[0]}" if domain else None


def find_deprivation_columns(headings: Sequence[str]) -> dict[str, str]:
    """Return canonical name (``imd_rank``, ``income_score`` …) → heading, for those there are."""
    found: dict[str, str] = {}
    for heading in headings:
        name = _canonical(heading)
        if name is not None:
            found.setdefault(name, heading)
    return found
