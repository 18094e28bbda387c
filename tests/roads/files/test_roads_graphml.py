import networkx as nx
import pytest

from ntgeo.domain.matrix import TravelMode
from ntgeo.errors import DuplicateIdError, InputError
from ntgeo.roads import RoadNetwork, read_roads

CAR = TravelMode.CAR
PLAIN = """<?xml version="1.0"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d0" for="graph" attr.name="crs" attr.type="string"/>
<key id="d1" for="node" attr.name="x" attr.type="string"/>
<key id="d2" for="node" attr.name="y" attr.type="string"/>
<key id="d3" for="edge" attr.name="length" attr.type="string"/>
<key id="d4" for="edge" attr.name="name" attr.type="string"/>
<graph edgedefault="directed"><data key="d0">epsg:27700</data>
<node id="1"><data key="d1">545000</data><data key="d2">258000</data></node>
<node id="2"><data key="d1">545100</data><data key="d2">258000</data></node>
<edge source="1" target="2"><data key="d3">100.0</data><data key="d4">Lion &amp; Lamb</data></edge>
</graph></graphml>"""


@pytest.fixture
def graphml(tmp_path):
    def write(text):
        path = tmp_path / "roads.graphml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_plain_graph(graphml):
    network = read_roads(graphml(PLAIN), mode=CAR)
    assert network.arcs.length_cm.tolist() == [10_000]
    assert network.names == ("", "Lion & Lamb")


def test_what_networkx_writes(tmp_path):
    graph = nx.MultiDiGraph(crs="epsg:27700")
    graph.add_node(1, x=545_000.0, y=258_000.0)
    graph.add_node(2, x=545_100.0, y=258_000.0)
    graph.add_edge(1, 2, length=120.0, travel_time=12.5, osmid=5)
    path = tmp_path / "mine.graphml"
    nx.write_graphml(graph, path)
    assert read_roads(path, mode=CAR).arcs.time_ms.tolist() == [12_500]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE g [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE g SYSTEM "http://example.org/g.dtd">',
    ],
)
def test_document_types_are_refused(graphml, doctype):
    with pytest.raises(InputError, match=r"declares a document type \(DTD\)"):
        read_roads(graphml(PLAIN.replace("?>", f"?>{doctype}", 1)), mode=CAR)


def test_document_types_are_refused_in_any_encoding(tmp_path):
    text = PLAIN.replace('"1.0"?>', '"1.0" encoding="utf-16"?><!DOCTYPE g>', 1)
    path = tmp_path / "roads.graphml"
    path.write_bytes(text.encode("utf-16"))
    with pytest.raises(InputError, match="DTD"):
        read_roads(path, mode=CAR)


def test_spoilt_files_are_refused(graphml):
    with pytest.raises(InputError, match="not whole XML"):
        read_roads(graphml(PLAIN[:-30]), mode=CAR)
    with pytest.raises(InputError, match="holds no graph"):
        read_roads(graphml("<graphml/>"), mode=CAR)
    with pytest.raises(InputError, match=r"roads\.graphml: it holds 0 roads"):
        read_roads(graphml('<graphml><graph edgedefault="directed"/></graphml>'), mode=CAR)
    twice = PLAIN.replace('<node id="2">', '<node id="1">')
    with pytest.raises(DuplicateIdError, match="point 1 stands more than once"):
        read_roads(graphml(twice), mode=CAR)
    with pytest.raises(InputError, match="at a point not in the graph"):
        read_roads(graphml(PLAIN.replace('target="2"', 'target="3"')), mode=CAR)


@pytest.mark.shared_data
def test_cambridge_by_graphml_is_as_by_osmnx(shared_data):
    import osmnx as ox  # noqa: PLC0415 - slow to import

    path = shared_data / "cambridge/cambridge_drive_osmnx.graphml"
    one = read_roads(path, mode=CAR)
    graph = ox.load_graphml(path)
    other = RoadNetwork.from_networkx(graph, CAR)
    assert one.arc_count == graph.number_of_edges()
    assert one.arcs.time_ms.tolist() == other.arcs.time_ms.tolist()
    assert one.names == other.names


@pytest.mark.parametrize("encoding", ["utf-yes8", "hex", "shift_jis", "idna"])
def test_encodings_that_no_xml_has_are_refused(tmp_path, encoding):
    path = tmp_path / "g.graphml"
    path.write_text(f'<?xml version="1.0" encoding="{encoding}"?><graphml><graph/></graphml>')
    with pytest.raises(InputError, match="it is not whole XML"):
        read_roads(path, mode=TravelMode.CAR)
