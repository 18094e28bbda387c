from datetime import date

import pytest

from ntgeo.domain.places import Location
from ntgeo.domain.routing import GapFrom, StaffLink, TimeWindow, Visit, VisitLink
from ntgeo.errors import InputError, MissingColumnError
from ntgeo.sources import read_visit_links

DAY = date(2026, 3, 3)
VISITS = tuple(
    Visit(
        id=name,
        location=Location(easting_m=430000, northing_m=570000),
        service_s=1800,
        windows=(TimeWindow(start_s=0, end_s=86_400),),
    )
    for name in "ABCD"
)
HEAD = "first,second,least_gap_min,greatest_gap_min,gap_from,staff,both_or_neither\n"


def _read(write, *rows, head=HEAD):
    path = write("links.csv", head + "".join(row + "\n" for row in rows))
    return read_visit_links(path, visits=VISITS, day=DAY).read


def test_links_of_every_kind(write):
    third, second, first = "C,D,,,,Different,", "A,C,0,0,begin,different,yes", "A,B,240,360,,same,"
    assert _read(write, third, second, first) == (
        VisitLink(
            first="A",
            second="B",
            least_gap_s=14_400,
            greatest_gap_s=21_600,
            staff=StaffLink.SAME,
            gap_from=GapFrom.END,
        ),
        VisitLink.together("A", "C"),
        VisitLink(first="C", second="D", staff=StaffLink.DIFFERENT),
    )


def test_only_what_is_needed_need_be_there(write):
    (link,) = _read(write, "A,B,30", head="first,second,least_gap_min\n")
    assert (link.least_gap_s, link.greatest_gap_s, link.both_or_neither) == (1800, None, False)
    with pytest.raises(MissingColumnError, match="column second"):
        _read(write, "A,30", head="first,least_gap_min\n")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("A,E,30,,,,", 'column second, value "E": is not among the visits'),
        (",B,30,,,,", "column first: the visit is missing"),
        ("A,A,30,,,,", "visit A is linked to itself"),
        ("A,B,,60,,,", "a greatest gap needs a least one"),
        ("A,B,60,30,,,", "the least gap, 3600 s, is longer than the greatest, 1800 s"),
        ("A,B,,,,,no", "the link says nothing"),
        ("A,B,30,,noon,,", 'value "noon": is not known. Fix: write one of begin, end'),
        ("A,B,,,,twin,", "write one of same, different"),
        ("A,B,,,,,perhaps", "is neither yes nor no"),
        ("A,B,-5,,,,", "must be at least 0"),
    ],
)
def test_wrong_rows_are_told(write, row, says):
    with pytest.raises(InputError) as caught:
        _read(write, row, "C,D,10,,,,")
    assert says in str(caught.value).replace(', value ""', "")
    assert "links.csv row 2" in str(caught.value)


@pytest.mark.parametrize(("first", "second"), [("A", "B"), ("B", "A")])
def test_same_and_different_people_cannot_both_be_asked_for(write, first, second):
    with pytest.raises(InputError) as caught:
        _read(write, "A,B,,,,same,", f"{first},{second},,,,different,")
    says = 'links.csv row 3, column staff, value "different": row 2 asks for same people at these'
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("row", "fix"),
    [
        ("A,A,30,,,,", "name two visits"),
        ("A,B,60,30,,,", "give a least_gap_min that is not above greatest_gap_min"),
        ("A,B,,,,,", "fill in least_gap_min, staff or both_or_neither"),
    ],
)
def test_how_to_mend_a_link_is_told(write, row, fix):
    with pytest.raises(InputError, match=fix):
        _read(write, row)


def test_all_faults_are_told_at_once(write):
    with pytest.raises(InputError) as caught:
        _read(write, "A,E,30,,,,", "A,A,30,,,,", "A,B,x,,,,")
    assert {f.row for f in caught.value.faults} == {2, 3, 4}


@pytest.mark.parametrize(
    ("rows", "circle"),
    [
        (["C,A,30,,,,", "A,B,0,,,,", "B,C,0,,,,", "D,A,0,,,,"], "A → B → C → A"),
        (["D,C,1,,begin,,", "C,D,0,,begin,,"], "C → D → C"),
        (["B,C,0,,,,", "C,B,0,,,,"], "B → C → B"),
    ],
)
def test_a_circle_is_refused_and_named(write, rows, circle):
    with pytest.raises(InputError, match=f"in a circle: {circle}") as caught:
        _read(write, *rows)
    assert caught.value.faults[0].code == "circular-order"


def test_beginning_together_is_no_circle(write):
    assert len(_read(write, "A,B,0,,begin,,", "B,A,0,,begin,,", "B,C,0,,,,")) == 3
