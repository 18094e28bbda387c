from xml.etree import ElementTree as ET

import pytest
from mapping.hostile import HOSTILE

from ntgeo.reports.clean_text import clean_text


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_left_fits_into_a_file_and_reads_in_the_order_it_stands(text):
    cleaned = clean_text(text)
    element = ET.Element("p")
    element.text = cleaned
    read = ET.fromstring(ET.tostring(element))  # noqa: S314 - it is ours
    assert read.text.replace("\n", "") == cleaned.replace("\r", "").replace("\n", "")
    assert not set(cleaned) & set("\u2028\u2029\u202a\u202c\u202e\u2067\u2069")


def test_letters_stay_as_they_are():
    text = "Siân O'Neill & Söhne, שלום עולם, 🏥\n\t<b>"
    assert clean_text(text) == text
