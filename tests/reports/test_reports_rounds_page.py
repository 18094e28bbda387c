from html_check import assert_sound

from ntgeo.domain.rounds_answers import NextBest
from ntgeo.reports import ReportContent, RoundsSection, write_report
from ntgeo.reports.rounds_asked import next_best_table

ELSE_B = NextBest(
    visit="V2", shift="A", staff="staff-A", then=("B",), extra_gbp=4.25, is_proven=True
)
NOBODY = NextBest(visit="V1", shift="A", staff="staff-A", then=(), extra_gbp=None, is_proven=False)


def report(folder, rounds, **section):
    problem, plan = rounds
    path = folder / "report.html"
    part = RoundsSection(problem=problem, plan=plan, map_file=None, **section)
    write_report(path, ReportContent(title="Toytown", rounds=part))
    return assert_sound(path.read_text(encoding="utf-8")).text


def test_the_cost_is_told_term_by_term_with_its_sum(tmp_path, rich_rounds):
    text = report(tmp_path, rich_rounds)
    for told in (
        "Cost of the day £80.79",
        "Pay £28.40 35.2%",
        "Overtime, on top of pay £3.20 4.0%",
        "All £80.79 100.0%",
        "Value of the plan £80.79",
        "No plan can be better than £72.71",
    ):
        assert told in text
    assert "priorities come first" not in text


def test_where_priorities_come_first_unmade_visits_are_said_to_have_no_price(tmp_path, rounds):
    assert "priorities come first" in report(tmp_path, rounds)


def test_people_work_and_the_smallest_change_are_told(tmp_path, rich_rounds):
    text = report(tmp_path, rich_rounds)
    for told in (
        "Seen by usual staff 50% of 2 visits",
        "Work and visits of each shift",
        "V1 09:15 staff-A, staff-B staff-A 1 yes",
        "if it could begin 25 min later, by shift B",
    ):
        assert told in text
    assert "If somebody could not come" not in text


def test_who_could_come_instead_is_told_where_it_was_asked(tmp_path, rich_rounds):
    text = report(tmp_path, rich_rounds, next_best=next_best_table([ELSE_B, NOBODY]))
    assert "If somebody could not come" in text
    assert "V2 A staff-A B £4.25 yes" in text
    assert "V1 A staff-A" in text
