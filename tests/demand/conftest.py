"""Small tables that many tests of demand ask for."""

import pandas as pd
import pytest


@pytest.fixture
def population():
    """Two areas: A has 100 people of every age 0 to 9; B has 50 of 40 and 150 of 90 and over."""
    ages = {f"age_{age}": [0, 0] for age in range(91)}
    for age in range(10):
        ages[f"age_{age}"][0] = 100
    ages["age_40"][1] = 50
    ages["age_90"][1] = 150
    return pd.DataFrame({"lsoa": ["X01000001", "X01000002"], "population": [1000, 200], **ages})


@pytest.fixture(scope="session")
def north_tyneside(shared_data):
    """Tables of North Tyneside in ntgeo's columns, straight from the files."""
    folder = shared_data / "north_tyneside"
    scores = {"LSOA11CD": "lsoa", "IMD_decile": "imd_decile", "score_IMD": "imd_score"}
    ages = {str(age): f"age_{age}" for age in range(90)} | {"90+": "age_90"}
    heads = {"lsoa11_code": "lsoa", "total_population": "population"}
    registered = pd.read_csv(folder / "gp_registrations_by_lsoa.csv")
    incidents = pd.read_csv(folder / "asb_2022.csv")
    return {
        "deprivation": pd.read_csv(folder / "imd2019.csv").rename(columns=scores),
        "population": pd.read_csv(folder / "population_mid2020_single_year_of_age.csv").rename(
            columns=heads | ages
        ),
        "records": pd.concat(
            [
                pd.DataFrame(
                    {
                        "lsoa": registered["LSOA11CD"],
                        "service": "gp registrations",
                        "count": registered["Patient"],
                    }
                ),
                pd.DataFrame(
                    {"lsoa": incidents["lsoa_code"], "service": "anti-social behaviour", "count": 1}
                ),
            ],
            ignore_index=True,
        ),
    }
