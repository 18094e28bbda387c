import numpy as np
import pytest

from ntgeo.sources.cell_text import clean_cell, hidden_blank_note, hides_blanks, runnable_notes


@pytest.mark.parametrize("mark", ["\xa0", "\u200b", "\ufeff", "\u2009", "\u202f", "\u2060"])
def test_blanks_that_do_not_show_are_taken_off_the_ends(mark):
    for text in (f"{mark}a b", f" a b{mark} ", f"\ta b {mark}"):
        assert clean_cell(text) == "a b"
        assert hides_blanks(text)
    assert clean_cell(f"a{mark}b") == f"a{mark}b"
    assert not hides_blanks(f"a{mark}b")


@pytest.mark.parametrize("text", [" a ", "", "é", " ŵ "])
def test_plain_blanks_are_no_news(text):
    assert not hides_blanks(text)


def test_cells_that_hid_blanks_are_counted():
    assert hidden_blank_note("a.csv", []) == ()
    (note,) = hidden_blank_note("a.csv", [(7, "n"), (3, "lsoa")])
    assert note.endswith("are taken off 2 cells, first in row 3, column lsoa.")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("=1+1", "starts like a formula"),
        ("+44 191", "starts like a formula"),
        ("-1+cmd|x", "starts like a formula"),
        ("@x", "starts like a formula"),
        ("<b>", "looks like a script"),
        ("a ${b}", "looks like a script"),
        ("`a`", "looks like a script"),
        ("-5", None),
        ("-1,234.5", None),
        ("a < b", None),
        ("O'Neill & Co", None),
    ],
)
def test_text_that_a_program_would_run_is_told(text, says):
    notes = runnable_notes("a.csv", "name", ["x", text], np.array([2, 3]))
    assert len(notes) == (says is not None)
    assert all(says in note and "rows 3" in note for note in notes)
