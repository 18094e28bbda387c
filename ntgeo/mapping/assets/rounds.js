/* The rounds map: each shift's way with its direction, its stops in order, and what nobody makes. */
ntgeo.rounds = function (map, data) {
  const roads = ntgeo.prepare(map, data,
    "Map of the rounds. Arrow keys move it, plus and minus zoom. "
    + "The tables below hold the same stops and times.");
  data.depots.forEach((depot) => {
    const at = data.at[depot.id];
    const marker = ntgeo.placeMarker(at, "depot", depot.name, 500);
    marker.on("click", () => ntgeo.openCard(map, at, ntgeo.card(depot.name, "", [
      ["Use", "shifts start or end here"]]), null));
    marker.addTo(map);
  });
  const unmade = L.layerGroup(data.unmade.map((visit, i) => {
    const marker = ntgeo.placeMarker(data.at[visit.place], "unmade",
      `Visit ${visit.place}: not made`, 400);
    return marker.on("click", () => show("unmade", i, null));
  })).addTo(map);
  const shifts = data.shifts.map((shift, i) => ntgeo.roundLayer(map, data, i,
    (number) => show("stop", i * 1000 + number, null)));
  const boxes = [...document.querySelectorAll("input[data-shift]")];

  const paintDay = shifts.length ? ntgeo.day(map, data, (i) => boxes[i].checked) : () => {};

  function paint() {
    shifts.forEach((shift, i) => shift.setShown(boxes[i].checked));
    const shown = shifts.filter((shift, i) => boxes[i].checked);
    const areDots = ntgeo.spread(map, shown.flatMap((shift) => shift.markers));
    shown.forEach((shift) => shift.setThin(areDots));
    paintDay();
  }
  function show(kind, position, opener) {
    if (kind === "unmade") {
      const visit = data.unmade[position];
      move(data.at[visit.place], opener);
      ntgeo.openCard(map, data.at[visit.place],
        ntgeo.card(`Visit ${visit.place}`, "Nobody can make it", visit.rows), opener);
      return;
    }
    const shift = data.shifts[Math.floor(position / 1000)];
    const stop = shift.stops[position % 1000];
    boxes[Math.floor(position / 1000)].checked = true;
    move(data.at[stop.place], opener);
    paint();
    ntgeo.openCard(map, data.at[stop.place], ntgeo.card(`${stop.label} · visit ${stop.place}`,
      `Shift ${shift.id}`, stop.rows), opener);
  }
  function move(at, opener) {
    if (opener) {
      map.setView(at, Math.max(map.getZoom(), 14), { animate: false });
    }
  }
  const check = (wanted) => {
    boxes.forEach((box, i) => {
      box.checked = wanted(i);
    });
    paint();
  };
  boxes.forEach((box) => box.addEventListener("change", paint));
  ntgeo.byId("all-shifts").addEventListener("click", () => check(() => true));
  ntgeo.byId("no-shifts").addEventListener("click", () => check(() => false));
  for (const button of document.querySelectorAll("button[data-only]")) {
    button.addEventListener("click", () => check((i) => i === Number(button.dataset.only)));
  }
  for (const [id, layer] of [["show-unmade", unmade], ["show-roads", roads]]) {
    const box = ntgeo.byId(id);
    if (box) {
      box.addEventListener("change", () => layer[box.checked ? "addTo" : "removeFrom"](map));
    }
  }
  map.on("zoomend", () => {
    shifts.forEach((shift) => shift.redraw());
    paint();
  });
  ntgeo.onShow(show);
  paint();
};

ntgeo.placeMarker = function (at, symbol, label, zIndexOffset) {
  const drawn = ntgeo.svg("svg", { viewBox: "-16 -16 32 32", "aria-hidden": "true" },
    ntgeo.svg("use", { href: `#place-${symbol}` }));
  const marker = L.marker(at, { zIndexOffset, icon: L.divIcon({
    html: ntgeo.element("span", { class: "site place" }, drawn),
    className: "site-icon", iconSize: [28, 28] }) });
  marker.on("add", () => {
    marker.getElement().setAttribute("aria-label", label);
    marker.getElement().setAttribute("role", "button");
  });
  return marker.bindTooltip(() => ntgeo.element("bdi", {}, label), { direction: "top", opacity: 1,
    offset: [0, -12] });
};

/* Move a line of pixels to its left, as traffic keeps left: rounds that share a road, or come back
   along it, stay apart. */
ntgeo.keepLeft = function (points, pixels) {
  const turns = points.map((point, i) => {
    const before = points[Math.max(0, i - 1)];
    const after = points[Math.min(points.length - 1, i + 1)];
    const length = Math.hypot(after.x - before.x, after.y - before.y) || 1;
    return [(after.y - before.y) / length, -(after.x - before.x) / length];
  });
  return points.map((point, i) =>
    L.point(point.x + turns[i][0] * pixels, point.y + turns[i][1] * pixels));
};

/* Arrowheads every so many pixels along a line of pixels, as triangles. */
ntgeo.arrowheads = function (points, spacing) {
  const heads = [];
  let ahead = spacing / 2;
  for (let i = 1; i < points.length; i += 1) {
    const [from, to] = [points[i - 1], points[i]];
    const length = from.distanceTo(to);
    while (length > 0 && ahead <= length) {
      const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
      const [x, y] = [from.x + ux * ahead, from.y + uy * ahead];
      heads.push([L.point(x + ux * 7, y + uy * 7),
        L.point(x - ux * 5 - uy * 6, y - uy * 5 + ux * 6),
        L.point(x - ux * 5 + uy * 6, y - uy * 5 - ux * 6)]);
      ahead += spacing;
    }
    ahead -= length;
  }
  return heads;
};

ntgeo.roundLayer = function (map, data, position, onStop) {
  const shift = data.shifts[position];
  const legs = shift.legs.map((leg, i) => [leg, shift.walked[i]]).filter(([leg]) => leg.length > 2);
  const [way, walks] = [false, true].map((isWalk) =>
    legs.filter(([, isWalked]) => isWalked === isWalk).map(([leg]) => ntgeo.line(leg)));
  const plain = { pane: "links", interactive: false, fill: false, smoothFactor: 0, lineJoin: "round" };
  const casing = L.polyline([], { ...plain, color: "#fff", weight: 7.5, opacity: 0.9 });
  const line = L.polyline([], { ...plain, color: shift.colour, weight: 3.8, opacity: 1,
    dashArray: shift.dash || null, lineCap: "butt" });
  const onFoot = L.polyline(walks, { ...plain, color: shift.colour, weight: 3.4, opacity: 1,
    dashArray: "1 6", lineCap: "round" });
  const arrows = L.polygon([], { pane: "chosen", interactive: false, color: "#fff", weight: 1.2,
    fillColor: shift.colour, fillOpacity: 1, lineJoin: "round" });
  const markers = shift.stops.map((stop, number) => [stop, number])
    .filter(([stop]) => stop.kind === "visit")
    .map(([stop, number]) => ntgeo.stopMarker(shift, stop, data.at[stop.place],
      () => onStop(number)));
  const layers = L.layerGroup([casing, line, onFoot, arrows]);
  const redraw = () => {
    const zoom = map.getZoom();
    const moved = way.map((leg) => ntgeo.keepLeft(
      L.LineUtil.simplify(leg.map((at) => map.project(at, zoom)), 1.2), 2 + (position % 5) * 1.5));
    const back = (points) => points.map((point) => map.unproject(point, zoom));
    casing.setLatLngs(moved.map(back));
    line.setLatLngs(moved.map(back));
    arrows.setLatLngs(moved.flatMap((leg) => ntgeo.arrowheads(leg, 95)).map((head) => [back(head)]));
  };
  redraw();
  return { markers, redraw,
    setThin(isThin) {
      casing.setStyle({ weight: isThin ? 3.2 : 7.5 });
      line.setStyle({ weight: isThin ? 1.8 : 3.8 });
      arrows.setStyle({ stroke: !isThin, fill: !isThin });
    },
    setShown(isShown) {
      layers[isShown ? "addTo" : "removeFrom"](map);
      markers.forEach((marker) => {
        marker[isShown ? "addTo" : "removeFrom"](map);
        marker.leader[isShown ? "addTo" : "removeFrom"](map);
      });
    } };
};

ntgeo.stopMarker = function (shift, stop, at, onOpen) {
  const pill = ntgeo.element("span", { class: stop.isCrew ? "pill crew" : "pill" }, stop.label);
  pill.style.background = shift.colour;
  pill.dataset.leave = String(stop.leave);
  const marker = L.marker(at, { keyboard: false, riseOnHover: true,
    icon: L.divIcon({ html: pill, className: "stop-icon", iconSize: [28, 20] }) });
  marker.leader = L.polyline([], { pane: "chosen", interactive: false, color: "#17222c", weight: 1.3 });
  marker.bindTooltip(() => ntgeo.element("div", {}, ntgeo.element("strong", {},
    `${stop.label} · `, ntgeo.element("bdi", {}, stop.place)), ntgeo.element("br", {}),
  `Arrive ${stop.rows[0][1]}`), { direction: "top", offset: [0, -8], opacity: 1 });
  marker.trueAt = L.latLng(at);
  return marker.on("click", onOpen);
};

/* Whether labels would cover more than a third of the ground that they stand on. */
ntgeo.areCrowded = function (homes, wide, high) {
  const span = (axis) => {
    const along = homes.map((home) => home[axis]).sort((a, b) => a - b);
    const at = (share) => along[Math.floor(share * (along.length - 1))];
    return (at(0.95) - at(0.05)) / 0.9;
  };
  return homes.length > 40
    && homes.length * wide * high > 0.34 * (span("x") + wide) * (span("y") + high);
};

/* Push labels that cover each other apart, and tie each moved label to its place; where there is no
   room for so many, stops are dots at their places until one zooms in. Returns whether they are. */
ntgeo.spread = function (map, markers) {
  const [wide, high] = [30, 21];
  const homes = markers.map((marker) => map.latLngToLayerPoint(marker.trueAt));
  const areDots = ntgeo.areCrowded(homes, wide, high);
  map.getContainer().classList.toggle("dots", areDots);
  if (areDots) {
    markers.forEach((marker) => {
      marker.setLatLng(marker.trueAt);
      marker.leader.setLatLngs([]);
    });
    return true;
  }
  const spots = homes.map((home, i) => L.point(home.x + (i % 3) * 0.01, home.y + (i % 7) * 0.01));
  for (let round = 0; round < 60; round += 1) {
    let isMoved = false;
    for (let i = 0; i < spots.length; i += 1) {
      for (let j = i + 1; j < spots.length; j += 1) {
        const [dx, dy] = [spots[j].x - spots[i].x, spots[j].y - spots[i].y];
        const [overX, overY] = [wide - Math.abs(dx), high - Math.abs(dy)];
        if (overX > 0 && overY > 0) {
          isMoved = true;
          if (overX / wide < overY / high) {
            spots[i].x -= Math.sign(dx || 1) * overX / 2;
            spots[j].x += Math.sign(dx || 1) * overX / 2;
          } else {
            spots[i].y -= Math.sign(dy || 1) * overY / 2;
            spots[j].y += Math.sign(dy || 1) * overY / 2;
          }
        }
      }
    }
    if (!isMoved) {
      break;
    }
  }
  markers.forEach((marker, i) => {
    const isFar = homes[i].distanceTo(spots[i]) > 5;
    const at = map.layerPointToLatLng(spots[i]);
    marker.setLatLng(isFar ? at : marker.trueAt);
    marker.leader.setLatLngs(isFar ? [marker.trueAt, at] : []);
  });
  return false;
};
