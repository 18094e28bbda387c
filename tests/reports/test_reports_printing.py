import io
import re

import pypdf
import pytest
from html_check import assert_sound
from mapping.hostile import HOSTILE
from PIL import Image

from ntgeo.reports.content import ReportContent, RoundsSection, SitingSection
from ntgeo.reports.map_view import map_view
from ntgeo.reports.page import write_report
from ntgeo.reports.page_blocks import page_blocks
from ntgeo.reports.printing import write_pdf
from ntgeo.reports.route_sheets import write_route_sheets


@pytest.fixture
def report(tmp_path, limited, short_rounds, areas):
    def write(title="Toytown", **more):
        picture = tmp_path / "map.png"
        Image.new("RGB", (300, 200), "#1f708c").save(picture)
        siting = SitingSection(
            problem=limited[0], plan=limited[1], areas=areas, map_picture=picture
        )
        rounds = RoundsSection(problem=short_rounds[0], plan=short_rounds[1])
        content = ReportContent(title=title, siting=siting, rounds=rounds, **more)
        page = tmp_path / "report.html"
        write_report(page, content)
        return page

    return write


def printed(page):
    path = page.with_suffix(".pdf")
    write_pdf(path, page)
    return pypdf.PdfReader(io.BytesIO(path.read_bytes()))


def words_of(document):
    text = " ".join(page.extract_text() for page in document.pages)
    return re.sub(r"\s+", "", text.replace("\xad", ""))


def tags_of(document):
    """Every kind of tag of a document with the other texts that its elements have."""
    found, waiting = {}, [document.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        here = waiting.pop()
        if "/S" in here:
            found.setdefault(here["/S"], []).append(here.get("/Alt"))
        inner = here.get("/K", [])
        inner = inner if isinstance(inner, list) else [inner]
        waiting += [e for each in inner if isinstance(e := each.get_object(), dict)]
    return found


def test_print_says_every_word_of_the_page_but_what_is_for_a_screen(report):
    page = report()
    words = words_of(printed(page))
    blocks, foot = page_blocks(page.read_text(encoding="utf-8"))
    assert foot == "Made by ntgeo."
    tables = [block for block in blocks if block["kind"] == "table"]
    assert len(tables) > 8
    told = [row[at]["text"] for t in tables for row in [*t["head"], *t["rows"]] for at in range(2)]
    told += [block["text"] for block in blocks if "text" in block]
    told += [item for block in blocks if block["kind"] == "list" for item in block["items"]]
    assert len(told) > 150
    for text in told:
        assert re.sub(r"\s+", "", text) in words, text
    assert "Skiptothereport" not in words
    assert "Themapsopenwithoutanetwork" not in words


def test_print_is_tagged_for_those_who_listen(report):
    document = printed(report())
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower() == "en-gb"
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data()
    assert document.metadata.title == "Toytown"
    tags = tags_of(document)
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/Figure"} <= set(tags)
    drawings = [alt for alt in tags["/Figure"] if alt]
    assert "Every area by its journey, with 2 open sites" in " ".join(drawings)
    assert len(drawings) >= 4


def test_a_page_a_shift_with_lines_to_sign(tmp_path, rounds):
    page = tmp_path / "sheets.html"
    write_route_sheets(page, *rounds, title="Toytown", place_lines={"V1": "1 Mill Lane"})
    document = printed(page)
    first, *sheets = [sheet.extract_text() for sheet in document.pages]
    assert "A: 2 visits, 6.2 miles" in first
    assert [re.search(r"Shift (\w+)", sheet)[1] for sheet in sheets] == ["A", "B"]
    assert "1 Mill Lane" in sheets[0]
    assert "Miles driven:" in sheets[0]


def test_no_text_is_taken_for_an_instruction(report):
    commands = (
        "#panic()",
        '#image("/etc/passwd")',
        "$x$ *a* _b_ `c` <d> @e ~ -- ---",
        "= h",
        "// x",
    )
    text = " ".join([*HOSTILE, *commands])
    document = printed(report(title=text, question=(text,), notes=(text,)))
    words = words_of(document)
    for command in (*commands, "<script>alert(1)</script>", "${alert(1)}", "=cmd|'/C calc'!A0"):
        assert words.count(re.sub(r"\s+", "", command)) >= 3, command
    whole = str(document.trailer["/Root"])
    assert "/JavaScript" not in whole
    assert "/OpenAction" not in whole


def test_a_letter_that_the_font_lacks_shows_as_missing(report):
    words = words_of(printed(report(title="Siân 王 Łódź \U0001f9ff end")))
    assert "Siân\ufffdŁódź\ufffdend" in words


def test_the_same_page_prints_to_the_same_bytes(report):
    page = report()
    write_pdf(page.with_name("one.pdf"), page)
    write_pdf(page.with_name("two.pdf"), page)
    assert page.with_name("one.pdf").read_bytes() == page.with_name("two.pdf").read_bytes()


def test_the_page_shows_the_map_within_it(report):
    page = report().read_text(encoding="utf-8")
    assert 'src="data:image/png;base64,' in page
    assert 'width="300" height="200" alt="Every area by its journey' in page
    assert_sound(page)


def test_a_map_without_a_picture_is_a_link_only(tmp_path):
    assert map_view("map.html", None, name="Map", alt="")["picture"] is None
    assert map_view("map.html", tmp_path / "no.png", name="Map", alt="")["picture"] is None


def test_what_is_no_page_is_refused():
    with pytest.raises(ValueError, match="no body"):
        page_blocks("<html></html>")
