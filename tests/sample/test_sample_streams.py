from ntgeo.sample.streams import Part, stream


def test_a_part_draws_the_same_again_and_another_part_draws_something_else():
    first = stream(22, Part.PEOPLE).random(5)
    assert (first == stream(22, Part.PEOPLE).random(5)).all()
    assert not (first == stream(22, Part.SITES).random(5)).any()
    assert not (first == stream(23, Part.PEOPLE).random(5)).any()


def test_parts_have_numbers_of_their_own():
    assert len({int(part) for part in Part}) == len(Part.__members__) == 12
