"""Every page of a real run, opened in a real browser with nothing but this machine to reach."""

import pytest
from browser import DESKTOP, PHONE, assert_quiet, axe_violations, browser, open_page

PAGES = (
    *("map.html", "rounds.html", "report.html", "route_sheets.html"),
    *("public/map.html", "public/report.html"),
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened():
    with browser() as chromium:
        yield chromium


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_quietly_is_accessible_and_says_that_the_place_is_made_up(
    opened, sample_run, page, size
):
    path = sample_run.folder / page
    open_page(opened, path, size)
    text = opened.find_element("tag name", "body").text.lower()
    assert "synthetic" in text or "made-up" in text
    assert opened.find_element("tag name", "html").get_attribute("lang") == "en-GB"
    assert_quiet(opened, path)
    assert axe_violations(opened) == []


def test_the_links_of_the_report_lead_to_the_pages(opened, sample_run):
    open_page(opened, sample_run.folder / "report.html")
    links = [a.get_attribute("href") for a in opened.find_elements("css selector", "main a")]
    here = sample_run.folder.resolve().as_uri() + "/"
    names = {link.split("#")[0].removeprefix(here) for link in links if link.startswith("file:")}
    names.discard("report.html")
    assert {"map.html", "rounds.html"} <= names
    for name in names:
        assert (sample_run.folder / name).is_file(), name
