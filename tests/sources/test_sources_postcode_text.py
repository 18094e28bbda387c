import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntgeo.sources.postcode_text import explain_postcode, normalise_postcodes


@pytest.mark.parametrize(
    "text", ["NE297PG", "ne29 7pg", " NE29  7PG ", "NE29\u00a07PG", "ne29-7pg"]
)
def test_postcodes_have_one_writing(text):
    assert normalise_postcodes([text]).tolist() == ["NE29 7PG"]


@given(st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}", fullmatch=True))
def test_writing_twice_changes_nothing(postcode):
    assert normalise_postcodes([postcode]).tolist() == [postcode]


def test_reasons():
    assert normalise_postcodes([""]).tolist() == [""]
    assert explain_postcode("")[0] == "the postcode is missing"
    assert explain_postcode("HELLO 123")[0] == "is not a postcode"
    assert explain_postcode("NE99 9ZZ")[0] == "is not in the postcode look-up"
