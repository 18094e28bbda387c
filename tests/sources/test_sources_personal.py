import pytest

from ntgeo.sources.personal import personal_faults


@pytest.mark.parametrize(
    "heading",
    ["NHS Number", "nhs_no", "DOB", "Date of birth", "Name", "Surname", "first_name", "E-mail",
     "email", "Telephone", "Address Line 1", "NI number"],
)  # fmt: skip
def test_personal_columns_are_told(heading):
    (fault,) = personal_faults("demand.csv", ["lsoa", heading], [])
    assert fault.what == "is personal data that is not needed here"


@pytest.mark.parametrize(
    "heading",
    ["lsoa", "OranisationName", "OrganisationCode", "age", "person_id", "month", "ward name"],
)
def test_other_columns_pass(heading):
    assert personal_faults("demand.csv", [heading], []) == []


def test_a_column_that_was_asked_for_passes():
    assert personal_faults("demand.csv", ["NHS Number"], ["nhs_number"]) == []
