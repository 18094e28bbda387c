import mapclassify
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntgeo.mapping.classes import classed, number_text
from ntgeo.mapping.content import Measure
from ntgeo.mapping.palettes import shades


def classes_of(values, **settings):
    return classed(Measure(column="x", label="X", **settings), pd.DataFrame({"x": values}))


def labels(found):
    return [item.label for item in found.classes]


def test_equal_classes_by_hand():
    found = classes_of([0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], scheme="equal", classes=2, decimals=0)
    assert labels(found) == ["0 to 5", "6 to 10"]
    assert found.class_of == (0,) * 6 + (1,) * 5
    assert [item.areas for item in found.classes] == [6, 5]


def test_quantiles_by_hand():
    found = classes_of([1.0, 2, 3, 4, 100, 200], scheme="quantile", classes=3, decimals=0)
    assert found.class_of == (0, 0, 1, 1, 2, 2)
    assert labels(found) == ["1 to 2", "3 to 4", "100 to 200"]


def test_jenks_splits_at_the_widest_gaps():
    found = classes_of([1.0, 2, 3, 50, 51, 52, 99, 100], scheme="jenks", classes=3, decimals=0)
    assert found.class_of == (0, 0, 0, 1, 1, 1, 2, 2)


def test_few_different_figures_have_a_class_each():
    found = classes_of([2.0, 2, 7, 7, 7], classes=5, decimals=0)
    assert labels(found) == ["2", "7"]


def test_one_figure_for_all():
    assert labels(classes_of([4.0, 4, 4], decimals=0)) == ["4"]


def test_no_figure_at_all():
    found = classes_of([np.nan, np.nan])
    assert labels(found) == ["no data"]
    assert found.classes[0].hatch == "no-data"
    assert found.texts == ("no data", "no data")


def test_missing_and_withheld_are_told_apart():
    measure = Measure(column="x", label="X", decimals=0, withheld_column="small")
    figures = pd.DataFrame({"x": [1.0, np.nan, 3.0, 9.0], "small": [True, False, False, False]})
    found = classed(measure, figures)
    assert found.texts == ("withheld (small number)", "no data", "3", "9")
    assert [item.hatch for item in found.classes] == ["", "", "withheld", "no-data"]
    assert found.class_of == (2, 3, 0, 1)
    assert "1" not in labels(found)


def test_differences_have_zero_in_the_middle_class():
    found = classes_of([-10.0, -1, 0, 0.4, 3, 20], scheme="difference", palette="difference")
    # classes end at -12, -4, 4, 12 and 20; those without a figure are left out
    assert labels(found) == ["-10.0", "-1.0 to 3.0", "20.0"]
    five = shades("difference", 5)
    assert [item.colour for item in found.classes] == [five[1], five[2], five[4]]
    assert found.class_of == (0, 1, 1, 1, 1, 2)


def test_deciles_keep_their_ten_classes_and_say_which_end_is_which():
    found = classes_of([1.0, 10, np.nan, 3], scheme="deciles", palette="deprivation", decimals=0)
    assert labels(found)[0] == "1 (most deprived tenth)"
    assert labels(found)[9] == "10 (least deprived tenth)"
    assert found.class_of == (0, 9, 10, 2)


@given(
    st.lists(
        st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6, allow_nan=False)), min_size=1,
        max_size=60,
    ),
    st.sampled_from(["quantile", "equal", "jenks", "difference"]),
    st.integers(1, 9),
    st.integers(0, 2),
)  # fmt: skip
def test_every_figure_is_in_the_class_whose_label_holds_it(values, scheme, classes, decimals):
    palette = "difference" if scheme == "difference" else "demand"
    found = classes_of(values, scheme=scheme, classes=classes, decimals=decimals, palette=palette)
    assert sum(item.areas for item in found.classes) == len(values)
    for value, position in zip(values, found.class_of, strict=True):
        item = found.classes[position]
        if np.isnan(value):
            assert item.hatch == "no-data"
            continue
        ends = [float(text.replace(",", "")) for text in item.label.split(" to ")]
        assert ends[0] - 1e-9 <= np.round(value, decimals) <= ends[-1] + 1e-9


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1234.56, 1, "1,234.6"), (-0.04, 1, "0.0"), (0.5, 0, "0"), (7.0, 0, "7")],
)
def test_numbers_for_people(value, decimals, text):
    assert number_text(value, decimals) == text


@pytest.mark.parametrize("seed", range(8))
def test_classes_end_where_mapclassify_ends_them(seed):
    figures = np.round(np.random.default_rng(seed).gamma(2, 30, 401), 2)
    frame = pd.DataFrame({"use": figures})
    for scheme, theirs in (
        ("quantile", mapclassify.Quantiles),
        ("equal", mapclassify.EqualInterval),
        ("jenks", mapclassify.FisherJenks),
    ):
        measure = Measure(column="use", label="Use", scheme=scheme, classes=5, decimals=2)
        found = np.bincount(classed(measure, frame).class_of)
        assert found.tolist() == theirs(figures, k=5).counts.tolist()
