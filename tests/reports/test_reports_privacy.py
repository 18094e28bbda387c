import zipfile

from ntgeo.reports import (
    Picture,
    ReportContent,
    RoundsSection,
    SitingSection,
    draw_siting_picture,
    rounds_layers,
    siting_layers,
    write_calendars,
    write_csv_table,
    write_geopackage,
    write_geoparquet,
    write_gpx,
    write_report,
    write_route_sheets,
    write_xlsx,
)

PLANTED = {
    "nhs_number": "9434765919",
    "born": "1931-04-17",
    "full_name": "Ermintrude Quigglesby",
    "uprn": "100023336956",
    "email": "e.quigglesby@example.org",
}


def test_what_nobody_asked_for_is_in_no_byte(tmp_path, siting, rounds, areas):
    planted = areas.assign(**PLANTED)
    layers = siting_layers(*siting, planted) | rounds_layers(*rounds)
    write_geopackage(tmp_path / "plan.gpkg", layers)
    write_xlsx(tmp_path / "tables.xlsx", dict(layers))
    for name, layer in layers.items():
        write_csv_table(tmp_path / f"{name}.csv", layer)
        write_geoparquet(tmp_path / f"{name}.parquet", layer)
    siting_part = SitingSection(problem=siting[0], plan=siting[1], areas=planted)
    rounds_part = RoundsSection(problem=rounds[0], plan=rounds[1])
    content = ReportContent(title="Toytown", siting=siting_part, rounds=rounds_part)
    write_report(tmp_path / "report.html", content)
    write_route_sheets(tmp_path / "sheets.html", *rounds, title="Toytown")
    write_calendars(tmp_path, *rounds)
    write_gpx(tmp_path, *rounds)
    picture = Picture(title="Toytown", areas=planted)
    draw_siting_picture([tmp_path / "map.svg"], *siting, picture)
    written = [path for path in tmp_path.iterdir() if path.is_file()]
    assert len(written) == 2 + 2 * len(layers) + 2 + 4 + 1
    for path in written:
        content = path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        for name, value in PLANTED.items():
            assert name.encode() not in content, (path.name, name)
            assert value.encode() not in content, (path.name, name)


def test_a_report_says_no_demand_of_single_areas(tmp_path, limited, areas):
    problem, plan = limited
    odd = problem.demand + 0.0
    odd[4] = 7301  # the unserved area
    whole = type(problem)(**{
        name: getattr(problem, name) for name in problem.__slots__ if name != "demand"
    } | {"demand": odd})  # fmt: skip
    served_only = [a for a in plan.allocations if a.lsoa != "X01000005"]
    assert len(served_only) == 4
    section = SitingSection(problem=whole, plan=plan, areas=areas)
    write_report(tmp_path / "report.html", ReportContent(title="x", siting=section))
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "7,301" not in text
    assert "7301" not in text
