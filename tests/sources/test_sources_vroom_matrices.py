import pytest

from ntgeo.sources.vroom_file import parse_vroom_file
from ntgeo.sources.vroom_matrices import as_square, matrix_notes

TIMES = ((0, 300, 600), (300, 0, 300), (600, 300, 0))


def asked(durations, **more):
    content = {
        "vehicles": [{"id": 1, "start_index": 0}],
        "matrices": {"car": {"durations": durations, **more}},
    }
    return parse_vroom_file(content, file="day.json")


def test_nothing_is_said_of_sound_matrices():
    assert list(matrix_notes(asked(TIMES, distances=TIMES))) == []


def test_only_matrices_that_are_used_are_looked_at():
    content = {
        "vehicles": [{"id": 1, "start_index": 0}],
        "matrices": {"car": {"durations": TIMES}, "bike": {"durations": ((9,),)}},
    }
    assert list(matrix_notes(parse_vroom_file(content, file="day.json"))) == []


def test_a_place_is_nowhere_from_itself():
    turned = ((7, 300), (300, 0))
    assert as_square(turned).tolist() == [[0, 300], [300, 0]]
    (note,) = matrix_notes(asked(turned))
    assert note.startswith(
        "matrices.car.durations: 1 places are not 0 from themselves (place 0: 7)"
    )


@pytest.mark.parametrize(("time_s", "notes"), [(600, 0), (606, 0), (607, 1), (6000, 1)])
def test_a_detour_of_more_than_one_per_cent_is_told(time_s, notes):
    rows = ((0, 300, time_s), *TIMES[1:])
    assert len(list(matrix_notes(asked(rows)))) == notes
