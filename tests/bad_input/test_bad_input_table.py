"""Every case of the table is tested as it stands, or its replacement is argued."""

import re
from pathlib import Path

from argued import ARGUED, AWAITED

_MARK = re.compile(r"mark\.bad_input\(([^)]*)\)")


def marked() -> set[str]:
    """Return the ids that some test of this folder is marked with."""
    texts = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    return {
        case
        for text in texts
        for marks in _MARK.findall(text)
        for case in re.findall(r'"([A-Z]\d+)"', marks)
    }


def test_every_case_is_tested_or_argued(cases):
    settled = marked() | set(ARGUED)
    missing = [i for i, case in cases.items() if case.area not in AWAITED and i not in settled]
    assert missing == []


def test_an_area_is_awaited_only_while_something_of_it_is_missing(cases):
    settled = marked() | set(ARGUED)
    assert {case.area for i, case in cases.items() if i not in settled} == AWAITED


def test_no_id_is_made_up(cases):
    assert (marked() | set(ARGUED)) - set(cases) == set()


def test_an_argument_is_a_sentence():
    assert [i for i, why in ARGUED.items() if not (why.endswith(".") and len(why) > 40)] == []
