/* The siting map: one layer of areas, restyled for the measure and the view that are chosen. */
ntgeo.siting = function (map, data) {
  const roads = ntgeo.prepare(map, data,
    "Map of areas and sites. Arrow keys move it, plus and minus zoom. "
    + "The tables below hold the same figures.");
  const state = { measure: 0, when: "plan" };
  const areas = ntgeo.sitingAreas(map, data, state);
  const hatches = ntgeo.hatches(data.areas.areMany);
  const views = ntgeo.sitingViews(data);
  const sites = ntgeo.sitingSites(map, data);
  const reach = ntgeo.sitingReach(data);

  const measure = () => data.measures[state.measure];
  const face = () => measure()[state.when] || measure().plan;

  function paintAreas() {
    areas.forEach((layer, i) => {
      const shown = measure().classes[face().of[i]];
      layer.setStyle({
        fillColor: shown.hatch ? hatches[shown.hatch] : shown.colour,
        fillOpacity: data.isOnTiles ? 0.62 : 1,
      });
    });
  }

  function paintLegend() {
    const counts = new Map();
    face().of.forEach((position) => counts.set(position, (counts.get(position) || 0) + 1));
    const unit = measure().unit ? `, ${measure().unit}` : "";
    const when = measure().today ? (state.when === "today" ? " – today" : " – plan") : "";
    ntgeo.byId("legend-title").textContent = measure().label + unit + when;
    ntgeo.byId("legend-note").textContent = measure().note;
    ntgeo.byId("legend-classes").replaceChildren(...measure().classes.flatMap((item, position) => {
      const swatch = ntgeo.element("span", { class: `swatch ${item.hatch}` });
      if (!item.hatch) {
        swatch.style.background = item.colour;
      }
      const count = counts.get(position) || 0;
      return measure().isView && !count ? [] : [ntgeo.element("li", {}, swatch,
        ntgeo.element("span", { class: "legend-label" }, ntgeo.element("bdi", {}, item.label)),
        ntgeo.element("span", { class: "count" }, count === 1 ? "1 area" : `${count.toLocaleString("en-GB")} areas`))];
    }));
  }

  function paintView() {
    for (const [when, layers] of Object.entries(views)) {
      for (const key of ["catchments", "links"]) {
        const isShown = when === state.when && ntgeo.byId(`show-${key}`).checked;
        layers[key][isShown ? "addTo" : "removeFrom"](map);
      }
    }
    sites.forEach((site) => {
      const isToday = state.when === "today";
      const group = isToday ? (site.isOpenToday ? "open" : "") : site.group;
      const box = group && ntgeo.byId(`show-${group}`);
      const isShown = Boolean(group) && (!box || box.checked);
      site.setView(isToday);
      site.marker[isShown ? "addTo" : "removeFrom"](map);
    });
    const reachBox = ntgeo.byId("show-reach");
    reach[reachBox && reachBox.checked && state.when === "plan" ? "addTo" : "removeFrom"](map);
    const roadsBox = ntgeo.byId("show-roads");
    roads[!roadsBox || roadsBox.checked ? "addTo" : "removeFrom"](map);
    ntgeo.placeNames(map);
  }

  function paint() {
    paintAreas();
    paintLegend();
    paintView();
  }

  ntgeo.byId("measure").addEventListener("change", (event) => {
    state.measure = Number(event.target.value);
    paint();
  });
  for (const radio of document.querySelectorAll('input[name="when"]')) {
    radio.addEventListener("change", () => {
      state.when = radio.value;
      paint();
    });
  }
  for (const box of document.querySelectorAll('#layers input[type="checkbox"]')) {
    box.addEventListener("change", paintView);
  }
  map.on("zoomend resize", () => ntgeo.placeNames(map));
  const showArea = (i, opener) => {
    if (opener) {
      map.fitBounds(areas[i].getBounds(), { maxZoom: 14.5, animate: false, padding: [80, 80] });
    }
    ntgeo.openCard(map, areas[i].getBounds().getCenter(), ntgeo.areaCard(data, i), opener);
  };
  const showSite = (i, opener) => {
    if (opener) {
      map.setView(data.sites[i].at, Math.max(map.getZoom(), 13), { animate: false });
    }
    const site = data.sites[i];
    ntgeo.openCard(map, site.at, ntgeo.card(site.name, site.label, site.rows), opener);
  };
  areas.forEach((layer, i) => layer.on("click", () => showArea(i, null)));
  sites.forEach((site, i) => {
    site.marker.on("click", () => showSite(i, null));
    site.marker.on("keypress", (event) => {
      if (event.originalEvent.key === "Enter") {
        showSite(i, site.marker.getElement());
      }
    });
  });
  const show = (kind, i, opener) => (kind === "area" ? showArea : showSite)(i, opener);
  ntgeo.onShow(show);
  ntgeo.search(data, show);
  ntgeo.sortTables();
  paint();
};

/* What fills hatched areas: patterns of the page for SVG, small tiles for a canvas. */
ntgeo.hatches = function (isCanvas) {
  if (!isCanvas) {
    return { "no-data": "url(#hatch-no-data)", withheld: "url(#hatch-withheld)" };
  }
  const tile = (strokes) => {
    const drawn = ntgeo.element("canvas", { width: "8", height: "8" });
    const pen = drawn.getContext("2d");
    pen.fillStyle = "#eef0f2";
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = "#8a949d";
    for (const [x1, y1, x2, y2] of strokes) {
      pen.beginPath();
      pen.moveTo(x1, y1);
      pen.lineTo(x2, y2);
      pen.stroke();
    }
    return pen.createPattern(drawn, "repeat");
  };
  return { "no-data": tile([[0, 8, 8, 0]]), withheld: tile([[0, 8, 8, 0], [0, 0, 8, 8]]) };
};

ntgeo.sitingAreas = function (map, data, state) {
  const hover = L.polygon([], { pane: "chosen", fill: false, color: "#10202c", weight: 3,
    interactive: false }).addTo(map);
  const isMany = data.areas.areMany;
  const renderer = isMany ? new ntgeo.FarCanvas({ pane: "areas", padding: 0.2 })
    : L.svg({ pane: "areas" });
  const group = L.featureGroup();
  const layers = data.areas.shapes.map((shape, i) => {
    const layer = new (isMany ? ntgeo.FarPolygon : L.Polygon)(ntgeo.polygons(shape), {
      renderer, pane: "areas", color: "#5b6874", weight: 0.6, opacity: 0.9, stroke: !isMany,
      smoothFactor: isMany ? 1 : 0.4,
    });
    layer.bindTooltip(() => {
      const measure = data.measures[state.measure];
      const face = measure[state.when] || measure.plan;
      return ntgeo.element("div", {}, ntgeo.element("strong", {},
        ntgeo.element("bdi", {}, data.areas.names[i])), ntgeo.element("br", {}),
      ntgeo.element("bdi", {}, `${measure.label}: ${face.texts[i]}`));
    }, { sticky: true, direction: "top", opacity: 1 });
    layer.on("mouseover", () => hover.setLatLngs(layer.getLatLngs()));
    layer.on("mouseout", () => hover.setLatLngs([]));
    return layer.addTo(group);
  });
  group.addTo(map);
  if (isMany) {
    map.on("zoomend", () => {
      const isStroked = map.getZoom() >= 10;
      if (layers[0].options.stroke !== isStroked) {
        group.setStyle({ stroke: isStroked });
      }
    });
  }
  return layers;
};

ntgeo.sitingViews = function (data) {
  const made = {};
  for (const [when, view] of Object.entries(data.views)) {
    const catchments = L.layerGroup();
    const outlines = view.catchments.map(ntgeo.polygons);
    for (const [color, weight] of [["#ffffff", 5.5], ["#22303c", 2.4]]) {
      outlines.forEach((outline) => catchments.addLayer(L.polygon(outline,
        { pane: "catchments", fill: false, color, weight, interactive: false, smoothFactor: 0.4,
          lineJoin: "round" })));
    }
    const lines = view.siteOf.flatMap((site, area) =>
      (site < 0 ? [] : [[data.areas.points[area], data.sites[site].at]]));
    made[when] = {
      catchments,
      links: L.layerGroup([
        L.polyline(lines, { pane: "links", color: "#ffffff", weight: 2.6, opacity: 0.5,
          interactive: false }),
        L.polyline(lines, { pane: "links", color: "#22303c", weight: 1.2, opacity: 0.85,
          interactive: false }),
      ]),
    };
  }
  return made;
};

ntgeo.sitingReach = function (data) {
  const drawn = L.layerGroup();
  data.reach.forEach((ring) => {
    const outline = ntgeo.polygons(ring.shape);
    for (const look of [{ color: "#fff", weight: 4.5 },
      { color: "#6b1f9e", weight: 2.2, dashArray: "8 5" }]) {
      drawn.addLayer(L.polygon(outline, { pane: "links", fill: false, interactive: false, ...look }));
    }
    drawn.addLayer(L.marker(ring.at, { interactive: false, keyboard: false, icon: L.divIcon({
      html: ntgeo.element("span", { class: "reach-label" }, ring.label), className: "",
      iconSize: [0, 0] }) }));
  });
  return drawn;
};

ntgeo.symbol = function (role, number) {
  const drawn = ntgeo.svg("svg", { viewBox: "-16 -16 32 32", "aria-hidden": "true" },
    ntgeo.svg("use", { href: `#site-${role}` }));
  if (number) {
    drawn.append(ntgeo.svg("text", { y: "4.6", "text-anchor": "middle" }, String(number)));
  }
  return drawn;
};

ntgeo.sitingSites = function (map, data) {
  return data.sites.map((site) => {
    const draw = (isToday) => {
      const isLarge = Boolean(site.number) || (isToday && site.isOpenToday);
      const drawn = ntgeo.symbol(isToday ? "kept" : site.role, isToday ? null : site.number);
      const made = ntgeo.element("span", { class: isLarge ? "site large" : "site" }, drawn);
      if (data.areNamesShown[isToday ? "today" : "plan"] && (isToday ? site.isOpenToday : site.number)) {
        made.append(ntgeo.element("span", { class: "site-name" },
          ...ntgeo.shortLines(site.name, 20).map((line) => ntgeo.element("bdi", {}, line))));
      }
      return L.divIcon({ html: made, className: "site-icon",
        iconSize: isLarge ? [32, 32] : [20, 20] });
    };
    const marker = L.marker(site.at, { icon: draw(false), keyboard: Boolean(site.number),
      zIndexOffset: site.number ? 1000 : 0, riseOnHover: true });
    const label = `${site.number ? `${site.number}. ` : ""}${site.name}: ${site.label}`;
    marker.on("add", () => {
      const shown = marker.getElement();
      shown.setAttribute("aria-label", label);
      shown.setAttribute("role", "button");
    });
    marker.bindTooltip(() => ntgeo.element("div", {}, ntgeo.element("strong", {},
      ntgeo.element("bdi", {}, site.name)), ntgeo.element("br", {}), site.label),
    { direction: "top", offset: [0, -12], opacity: 1 });
    let isToday = false;
    return { marker, group: site.group, isOpenToday: site.isOpenToday,
      setView(wanted) {
        if (wanted !== isToday) {
          isToday = wanted;
          marker.setIcon(draw(isToday));
        }
      } };
  });
};

/* Break a name into lines of about the same length, none much longer than wanted. */
ntgeo.shortLines = function (name, wanted) {
  const words = name.split(/\s+/);
  const most = Math.max(name.length / Math.ceil(name.length / wanted), 8);
  const lines = [""];
  for (const word of words) {
    const last = lines[lines.length - 1];
    if (last && last.length + word.length / 2 > most && lines.length < 3) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = last ? `${last} ${word}` : word;
    }
  }
  return lines;
};

/* Put each name on the side of its site where it covers least. */
ntgeo.placeNames = function (map) {
  const view = map.getContainer().getBoundingClientRect();
  const box = (element) => element.getBoundingClientRect();
  const taken = [...document.querySelectorAll(".site svg")].map(box);
  const overlap = (a, b) =>
    Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left))
    * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  for (const name of document.querySelectorAll(".site-name")) {
    const costs = ["right", "left", "below", "above"].map((side, position) => {
      name.dataset.side = side;
      const here = box(name);
      const inside = overlap(here, view) / (here.width * here.height || 1);
      const covered = taken.reduce((sum, other) => sum + overlap(here, other), 0);
      return [covered + (1 - inside) * 1e5 + position, side];
    });
    name.dataset.side = costs.sort((a, b) => a[0] - b[0])[0][1];
    taken.push(box(name));
  }
};

ntgeo.areaCard = function (data, i) {
  const rows = data.measures.filter((measure) => !measure.isView)
    .map((measure) => [measure.label, measure.plan.texts[i]]);
  if (data.areas.residents.length) {
    rows.unshift(["Residents", data.areas.residents[i].toLocaleString("en-GB")]);
  }
  const travel = data.measures.find((measure) => measure.isTravel);
  for (const [when, label] of [["plan", "In the plan"], ["today", "Today"]]) {
    const view = data.views[when];
    if (view) {
      const site = data.sites[view.siteOf[i]];
      rows.push([label, site ? `${site.name}: ${travel[when].texts[i]}, ${view.km[i]} km`
        : "not served"]);
    }
  }
  const subtitle = [data.areas.ids[i], data.areas.wards[i]].filter(Boolean).join(" · ");
  return ntgeo.card(data.areas.names[i], subtitle, rows.concat(data.areas.notes[i] || []));
};

ntgeo.search = function (data, show) {
  const box = ntgeo.byId("search");
  const found = new Map();
  data.sites.forEach((site, i) => found.set(site.name, ["site", i]));
  data.areas.ids.forEach((id, i) => {
    found.set(id, ["area", i]);
    found.set(data.areas.names[i], ["area", i]);
  });
  const offered = data.areas.areMany ? data.sites.map((site) => site.name) : [...found.keys()];
  ntgeo.byId("places").replaceChildren(
    ...offered.map((name) => ntgeo.element("option", { value: name })));
  const lookup = new Map([...found].map(([name, what]) => [name.toLowerCase(), what]));
  const go = () => {
    const wanted = box.value.trim().toLowerCase();
    const what = lookup.get(wanted)
      || (wanted && ([...lookup].find(([name]) => name.includes(wanted)) || [])[1]);
    ntgeo.byId("search-answer").textContent = what || !wanted ? "" : "No such place on this map.";
    if (what) {
      show(what[0], what[1], box);
    }
  };
  ntgeo.byId("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  box.addEventListener("change", () => lookup.has(box.value.trim().toLowerCase()) && go());
};
