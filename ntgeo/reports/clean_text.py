"""Untrusted text on its way into a page or a drawing: what no reader can see is taken out."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["clean_text"]

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def clean_text(text: str) -> str:
    """Return text with a space for each character that is no letter, or that a file cannot hold.

    These are control characters, which XML forbids, line separators, marks that reorder the text
    around them, half letters and code points without a meaning.
    """
    return _UNSEEN.sub(" ", text)
