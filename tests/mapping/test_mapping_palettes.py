from itertools import pairwise

import pytest

from ntgeo.mapping.palettes import (
    CATCHMENT_COLOURS,
    PALETTES,
    SHIFT_COLOURS,
    SHIFT_DASHES,
    contrast_ratio,
    shades,
)


def test_contrast_by_hand():
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21)
    assert contrast_ratio("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("colour", SHIFT_COLOURS)
def test_white_text_reads_on_every_shift(colour):
    assert contrast_ratio(colour, "#ffffff") >= 4.5


@pytest.mark.parametrize("colour", CATCHMENT_COLOURS)
def test_dark_lines_and_roads_show_on_every_tint(colour):
    assert contrast_ratio(colour, "#22303c") >= 3


@pytest.mark.parametrize("palette", [name for name in PALETTES if name != "difference"])
@pytest.mark.parametrize("count", [2, 3, 5, 7, 9, 10])
def test_sequential_shades_darken_step_by_step(palette, count):
    against_white = [contrast_ratio(colour, "#ffffff") for colour in shades(palette, count)]
    assert all(before < after for before, after in pairwise(against_white))


@pytest.mark.parametrize("count", [3, 5, 7])
def test_diverging_shades_are_lightest_in_the_middle(count):
    against_white = [contrast_ratio(colour, "#ffffff") for colour in shades("difference", count)]
    assert against_white.index(min(against_white)) == count // 2


def test_thirty_shifts_look_different():
    looks = {
        (SHIFT_COLOURS[i % len(SHIFT_COLOURS)], SHIFT_DASHES[i % len(SHIFT_DASHES)])
        for i in range(30)
    }
    assert len(looks) == 30
