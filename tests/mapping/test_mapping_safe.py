import html
import json
import re

import pytest
from hostile import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Template

from ntgeo.mapping.safe import asset, cleaned, page_template, safe, safe_json

ANY_TEXT = st.text(st.characters(codec=None))


def test_sixty_hostile_texts():
    assert len(set(HOSTILE)) >= 60


@pytest.mark.parametrize("text", HOSTILE)
def test_safe_text_holds_no_character_that_means_something(text):
    assert not set(safe(text)) & set("<>\"'`$\\{}\u2028\u2029\x00\x1b\u202e")


@given(ANY_TEXT)
def test_safe_text_shows_as_the_cleaned_text(text):
    # html.unescape turns what a browser shows as a replacement character into one too
    assert html.unescape(safe(text)) == cleaned(text)


@given(ANY_TEXT)
def test_safe_text_passes_a_template_unchanged(text):
    assert Template(safe(text), keep_trailing_newline=True).render() == re.sub(
        r"\r\n|\r", "\n", safe(text)
    )


@given(ANY_TEXT)
def test_cleaned_text_can_be_written_and_cleaning_again_changes_nothing(text):
    cleaned(text).encode("utf-8")
    assert cleaned(cleaned(text)) == cleaned(text)


def test_safe_takes_numbers_too():
    assert safe(12.5) == "12.5"
    assert safe(None) == "None"


@given(ANY_TEXT)
def test_safe_json_is_json_of_the_cleaned_text_and_ends_no_script(text):
    written = safe_json({"name": [text]})
    assert json.loads(written) == {"name": [cleaned(text)]}
    assert written.isascii()
    assert not set(written) & set("<>&$`")
    assert "{{" not in written


def test_safe_json_cleans_keys():
    assert json.loads(safe_json({"a\x00": 1})) == {"a\ufffd": 1}


def test_safe_json_refuses_what_json_cannot_hold():
    with pytest.raises(ValueError, match="not JSON compliant"):
        safe_json([float("nan")])


def test_every_value_of_a_template_passes_safe():
    frame = page_template("frame.html")
    attributes = dict.fromkeys(
        ("policy", "title", "style", "page_kind", "subtitle", "made_on", "map_html", "licence"),
        "<b>${x}",
    )
    page = frame.render(
        attributes,
        is_synthetic=False,
        sentences=(),
        warnings=(),
        headline=(),
        sources=["<b>${x}"],
        tile_hosts=(),
        scripts=["<b>${x}"],
        drawing="<b>${x}",
    )
    assert "<b>" not in page
    assert "${" not in page
    assert page.count("&#60;b&#62;&#36;&#123;x&#125;") == 12


def test_assets_are_packaged():
    assert "ntgeo" in asset("map.js")
