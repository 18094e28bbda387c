import inspect
import pickle

import pytest

from ntgeo import errors
from ntgeo.errors import DataUnavailableError, Fault, InputError, PlanRejectedError, first_five


def fault(**changes):
    facts = {
        "file": "demand.csv",
        "row": 12,
        "column": "lsoa",
        "value": "E0100816",
        "what": "8 characters, 9 are needed",
        "fix": "add the missing digit",
        "code": "lsoa-length",
    }
    return Fault(**(facts | changes))


def test_a_fault_is_one_sentence_with_place_and_fix():
    assert str(fault()) == (
        'demand.csv row 12, column lsoa, value "E0100816": 8 characters, 9 are needed. '
        "Fix: add the missing digit."
    )
    assert str(fault(row=None, column=None, value=None)).startswith("demand.csv: 8 characters")
    assert "line 12, key lsoa" in str(fault(row_word="line", column_word="key"))


def test_values_are_shown_safely():
    assert "value (hidden):" in str(fault(value=errors.HIDDEN))
    assert r"\x00" in str(fault(value="E01\0"))
    assert len(str(fault(value="x" * 10_000))) < 200


def test_five_of_a_kind_are_shown_and_the_rest_counted():
    faults = [fault(row=row) for row in range(2, 14)] + [fault(code="other", what="odd")]
    lines = str(InputError(faults)).splitlines()
    assert len(lines) == 5 + 1 + 1
    assert "demand.csv: 7 more of the same kind." in lines
    assert first_five(range(7)) == "0, 1, 2, 3, 4 and 2 more"
    assert first_five("ab") == "a, b"


def test_an_input_error_without_faults_cannot_be():
    with pytest.raises(ValueError, match="at least one"):
        InputError([])


@pytest.mark.parametrize(
    "error",
    [
        errors.ScenarioError([fault(), fault(row=3)]),
        DataUnavailableError("roads.osm.pbf", "there is no such file", "build it"),
        errors.UnreachableError(["V1"], "no road", "check it"),
        PlanRejectedError(["area X01000001 is served twice"] * 9),
    ],
)
def test_errors_cross_a_process_boundary(error):
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is type(error)
    assert str(again) == str(error)


def test_the_drawing_of_the_tree_is_true():
    drawn = errors.__doc__
    for name, item in vars(errors).items():
        if inspect.isclass(item) and issubclass(item, errors.NtgeoError):
            assert name in drawn
            assert name in errors.__all__
