from dataclasses import replace

import pytest
import toytown

from ntgeo.domain.rounds_words import (
    COST_TEXTS,
    begin_clause,
    break_text,
    change_cost_text,
    change_proof_text,
    change_text,
    link_texts,
    money_text,
    soft_windows_text,
    visit_window_text,
    window_text,
)
from ntgeo.domain.routing import (
    Break,
    ChangeKind,
    GapFrom,
    Pin,
    RoundsCost,
    SmallestChange,
    SoftWindow,
    StaffLink,
    VisitLink,
    WindowSense,
)

HOUR_S = 3600


def test_every_term_of_the_cost_has_its_words():
    assert list(COST_TEXTS) == list(RoundsCost().terms)


@pytest.mark.parametrize(
    ("gbp", "text"), [(1234.5, "£1,234.50"), (-3.2, "−£3.20"), (-0.001, "£0.00"), (0, "£0.00")]
)
def test_money_is_told_to_the_penny(gbp, text):
    assert money_text(gbp) == text


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "09:00–17:00"),
        ({"windows": (toytown.hours(9, 10), toytown.hours(14, 14))}, "09:00–10:00 or 14:00"),
        ({"window_sense": WindowSense.FINISH}, "finish 09:00–17:00"),
        ({"window_sense": WindowSense.ARRIVE}, "arrive 09:00–17:00"),
        ({"pin": Pin(begin_s=10 * HOUR_S)}, "settled for 10:00"),
    ],
)
def test_a_window_says_what_must_fall_within_it(changes, text):
    assert visit_window_text(toytown.DAY, toytown.visit("V1", **changes)) == text


def test_a_window_is_a_clause_of_its_own_where_it_is_not_of_the_beginning():
    assert begin_clause("09:00–17:00") == "may begin 09:00–17:00"
    assert begin_clause("settled for 10:00") == "settled for 10:00"


def test_soft_windows_add_up():
    soft = tuple(SoftWindow(window=toytown.hours(*at)) for at in ((9, 10), (9.5, 11)))
    told = soft_windows_text(toytown.DAY, toytown.visit("V1", soft_windows=soft))
    assert told == "09:00–10:00 and 09:30–11:00"


def test_a_break_says_when_it_may_be():
    window = toytown.hours(11.5, 13.5)
    assert break_text(toytown.DAY, Break(duration_s=60, window=window)) == "11:30–13:30"
    both = Break(duration_s=60, window=window, after_work_s=4 * HOUR_S)
    assert break_text(toytown.DAY, both) == (
        "11:30–13:30, within 4 h 00 min of the start or the last break"
    )
    assert break_text(toytown.DAY, Break(duration_s=60)) == ""


DOSES = VisitLink(first="V1", second="V2", least_gap_s=4 * HOUR_S, greatest_gap_s=6 * HOUR_S)


@pytest.mark.parametrize(
    ("link", "of_first", "of_second"),
    [
        (
            DOSES,
            "before V2, at least 4 h 00 min, at most 6 h 00 min",
            "after V1, at least 4 h 00 min, at most 6 h 00 min",
        ),
        (
            VisitLink(first="V1", second="V2", least_gap_s=0, staff=StaffLink.SAME),
            "before V2, same staff as V2",
            "after V1, same staff as V1",
        ),
        (
            VisitLink(first="V1", second="V2", least_gap_s=HOUR_S, gap_from=GapFrom.BEGIN),
            "before V2, at least 1 h 00 min from beginning to beginning",
            "after V1, at least 1 h 00 min from beginning to beginning",
        ),
        (
            VisitLink.together("V1", "V2"),
            "at the same time as V2, other staff than V2, not without V2",
            "at the same time as V1, other staff than V1, not without V1",
        ),
    ],
)
def test_a_link_is_told_at_both_its_ends(link, of_first, of_second):
    assert link_texts([link], "V1") == (of_first,)
    assert link_texts([link], "V2") == (of_second,)
    assert link_texts([link], "V3") == ()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (ChangeKind.OVERTIME, "if shift A ended 25 min later"),
        (ChangeKind.LATER, "if it could begin 25 min later, by shift A"),
        (ChangeKind.EARLIER, "if it could begin 25 min sooner, by shift A"),
        (ChangeKind.SKILL, "if shift A had the skill BSL"),
        (ChangeKind.STAFF, "if another member of staff worked the hours of shift A"),
        (ChangeKind.PRICE, "as things are, by shift A, if it is worth its cost"),
    ],
)
def test_a_change_is_a_clause(kind, text):
    assert change_text(SmallestChange(kind=kind, shift="A", minutes=25, skill="BSL")) == text


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ({}, "not tried"),
        (
            {"is_verified": True},
            "tried by planning again, 1 min less was found not to do",
        ),
        (
            {"is_verified": True, "is_proven": True, "step_minutes": 5},
            "proven by planning again, 5 min less does not do",
        ),
        ({"minutes": 0, "is_verified": True, "is_proven": True}, "proven by planning again"),
    ],
)
def test_a_change_says_how_it_is_known(known, text):
    asked = {"kind": ChangeKind.LATER, "shift": "A", "minutes": 5}
    assert change_proof_text(SmallestChange(**(asked | known))) == text


@pytest.mark.parametrize(("gbp", "text"), [(3.2, "£3.20 more"), (-3.2, "£3.20 less")])
def test_a_change_says_what_it_costs(gbp, text):
    change = SmallestChange(kind=ChangeKind.LATER, shift="A", minutes=5, cost_gbp=gbp)
    assert change_cost_text(change) == f"the plan would cost {text}; not tried"
    assert change_cost_text(replace(change, cost_gbp=None)) == "not tried"


def test_windows_read_as_times_of_the_day():
    assert window_text(toytown.DAY, (toytown.hours(14, 25),)) == "14:00–01:00 (+1)"
