import pytest

from ntgeo.errors import DuplicateIdError, InputError
from ntgeo.sources import coded, read_postcodes

ONSPD_OLD = """\
pcd,pcd2,pcds,doterm,oslaua,oseast1m,osnrth1m,lsoa11,lsoa21,lat,long
"NE297PG","NE29 7PG","NE29 7PG","","E08","433909","0569012","E01008486","E01035000",55,-1
"AB1 0AA","AB1  0AA","AB1 0AA","199606","S12","385386","0801193","S01006514","",57,-2
"IM1 1AA","IM1  1AA","IM1 1AA","","M99999999","","","M99999999","",99,0
"""
NSPL_NEW = """\
pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,oa21cd,lsoa21cd,lat,long
"NE297PG","NE29 7PG","NE29 7PG","1980","",0,"433909","569012",1,"E00","E01035000",55,-1
"""


def test_directory_of_old(write):
    frame = read_postcodes(write("ONSPD.csv", ONSPD_OLD)).read
    assert frame.to_numpy().tolist() == [
        ["AB1 0AA", 385386.0, 801193.0, ""],
        ["NE29 7PG", 433909.0, 569012.0, "E01035000"],
    ]
    assert read_postcodes(write("O.csv", ONSPD_OLD), vintage="2011").read["lsoa"].tolist() == [
        "",
        "E01008486",
    ]
    live = read_postcodes(write("O.csv", ONSPD_OLD), with_terminated=False).read
    assert live["postcode"].tolist() == ["NE29 7PG"]


def test_lookup_of_today(write):
    frame = read_postcodes(write("NSPL.csv", NSPL_NEW)).read
    assert frame.to_numpy().tolist() == [["NE29 7PG", 433909.0, 569012.0, "E01035000"]]


def test_same_postcode_in_two_places_is_told(write):
    text = "postcode,easting,northing\nNE29 7PG,433909,569012\nNE297PG,433910,569012\n"
    with pytest.raises(
        DuplicateIdError, match='value "NE29 7PG": stands on rows 2, 3, in different places'
    ):
        read_postcodes(write("p.csv", text))


def test_text_that_is_no_postcode_is_told(write):
    text = "postcode,easting,northing\nHELLO,433909,569012\n"
    with pytest.raises(InputError, match=r'p\.csv row 2, column postcode, value "HELLO"'):
        read_postcodes(write("p.csv", text))


def test_long_and_short_files_are_read_alike(write, monkeypatch):
    path = write("ONSPD.csv", ONSPD_OLD)
    careful = read_postcodes(path).read
    monkeypatch.setattr(coded, "_CAREFUL_BELOW_BYTES", 0)
    assert read_postcodes(path).read.equals(careful)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("place", "count"), [("cambridge", 2_756), ("north_tyneside", 4_919), ("newport_wales", 3_447)]
)
def test_open_data(shared_data, place, count):
    frame = read_postcodes(shared_data / place / "postcodes_lsoa11_derived.csv").read
    assert len(frame) == count
    assert frame["postcode"].is_monotonic_increasing
    assert frame["lsoa"].str.fullmatch(r"[EW]01\d{6}").all()


def test_rows_that_say_the_same_are_counted(write):
    text = "postcode,easting,northing\nNE29 7PG,430000,570000\nNE29 7PG,430000,570000\n"
    table = read_postcodes(write("p.csv", text))
    assert len(table.read) == 1
    assert table.notes == ("p.csv: 1 row says the same as another, which is read once.",)


def test_postcodes_without_a_place_are_counted(write):
    text = "postcode,easting,northing\nNE29 7PG,430000,570000\nNE29 7PH,,\nNE29 7PJ,0,0\n"
    table = read_postcodes(write("p.csv", text))
    assert table.read["postcode"].tolist() == ["NE29 7PG"]
    assert table.notes == (
        "p.csv: 2 postcodes have no easting and northing; nothing is placed by them.",
    )
