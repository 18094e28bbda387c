"use strict";
/* What both maps share: shapes from compact numbers, cards, controls, keyboard. Texts from the plan
   enter the page as text nodes only. */
const ntgeo = {};

ntgeo.PARTS = 100000;

/* [x0, y0, dx, dy, ...] in parts of a degree -> [[latitude, longitude], ...] */
ntgeo.line = function (numbers) {
  const points = [];
  let x = 0;
  let y = 0;
  for (let i = 0; i < numbers.length; i += 2) {
    x += numbers[i];
    y += numbers[i + 1];
    points.push([y / ntgeo.PARTS, x / ntgeo.PARTS]);
  }
  return points;
};

ntgeo.polygons = (parts) => parts.map((rings) => rings.map(ntgeo.line));

/* Make an element with text and children; a child that is a string becomes a text node. */
ntgeo.element = function (tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
};

ntgeo.svg = function (tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
};

ntgeo.isStill = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

ntgeo.byId = (id) => document.getElementById(id);

/* A card: heading, a line under it, and pairs of label and figure. */
ntgeo.card = function (title, subtitle, rows) {
  const list = ntgeo.element("dl", {});
  for (const [label, text] of rows) {
    list.append(
      ntgeo.element("div", {}, ntgeo.element("dt", {}, label),
        ntgeo.element("dd", {}, ntgeo.element("bdi", {}, text))),
    );
  }
  const heading = ntgeo.element("h3", { tabindex: "-1" }, ntgeo.element("bdi", {}, title));
  const made = ntgeo.element("div", { class: "card" }, heading);
  if (subtitle) {
    made.append(ntgeo.element("p", {}, ntgeo.element("bdi", {}, subtitle)));
  }
  made.append(list);
  return made;
};

ntgeo.opener = null;

/* Open a card on the map. With an opener (a button of a table) focus goes to the card and, when it
   is closed, back to the button. */
ntgeo.openCard = function (map, at, card, opener) {
  ntgeo.opener = null;
  map.closePopup();
  const size = map.getSize();
  const width = Math.min(300, size.x - 120);
  L.popup({ maxWidth: width, minWidth: Math.min(230, width), maxHeight: size.y - 110,
    autoPanPaddingTopLeft: [12, 24], autoPanPaddingBottomRight: [60, 24] })
    .setLatLng(at).setContent(card).openOn(map);
  const box = card.parentElement;
  if (box.classList.contains("leaflet-popup-scrolled")) {
    box.tabIndex = 0; // so that it can be scrolled by keyboard
  }
  if (opener) {
    ntgeo.opener = opener;
    card.querySelector("h3").focus({ preventScroll: true });
  }
};

ntgeo.addPanes = function (map, names) {
  names.forEach((name, position) => {
    const pane = map.createPane(name);
    pane.style.zIndex = String(300 + 10 * position);
    pane.style.pointerEvents = "none";
  });
};

ntgeo.fit = function (map, data) {
  map.fitBounds(data.bounds, { padding: [18, 18], animate: false });
};

ntgeo.NorthArrow = L.Control.extend({
  options: { position: "bottomright" },
  onAdd() {
    const arrow = ntgeo.svg("svg", { viewBox: "0 0 24 34", width: "24", height: "34" },
      ntgeo.svg("path", { d: "M12 1 20 22 12 17.5 4 22Z" }));
    const letter = ntgeo.svg("text", { x: "12", y: "33", "text-anchor": "middle" }, "N");
    arrow.append(letter);
    return ntgeo.element("div", { class: "north", role: "img", "aria-label": "North is up" }, arrow);
  },
});

ntgeo.HomeButton = L.Control.extend({
  options: { position: "topright" },
  onAdd(map) {
    const button = ntgeo.element("button",
      { type: "button", class: "home", title: "Whole map", "aria-label": "Show the whole map" });
    button.append(ntgeo.svg("svg", { viewBox: "0 0 20 20", width: "18", height: "18",
      "aria-hidden": "true" }, ntgeo.svg("path",
      { d: "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5", fill: "none", "stroke-width": "2" })));
    L.DomEvent.disableClickPropagation(button);
    button.addEventListener("click", () => ntgeo.fit(map, this.options.data));
    return button;
  },
});

ntgeo.roads = function (data, renderer) {
  const roads = L.layerGroup();
  data.backdrop.roads.forEach((lines, rank) => {
    roads.addLayer(L.polyline(lines.map(ntgeo.line), {
      renderer, pane: "roads", interactive: false, smoothFactor: 0.6, className: "road",
      color: data.roads.colour, weight: data.roads.weights[rank], opacity: data.roads.opacities[rank],
    }));
  });
  return roads;
};

ntgeo.drawBackdrop = function (map, data) {
  const back = data.backdrop;
  L.polygon(ntgeo.polygons(back.land),
    { pane: "land", stroke: false, fillColor: "#f6f4ee", fillOpacity: 1, interactive: false })
    .addTo(map);
  L.polygon(ntgeo.polygons(back.water),
    { pane: "water", stroke: false, fillColor: "#b9d7e6", fillOpacity: 1, interactive: false })
    .addTo(map);
  L.polyline(back.streams.map(ntgeo.line),
    { pane: "water", color: "#b9d7e6", weight: 3, interactive: false }).addTo(map);
  const roads = ntgeo.roads(data, L.canvas({ pane: "roads", padding: 0.3 })).addTo(map);
  back.changes.forEach((change) => {
    const lines = change.lines.map(ntgeo.line);
    const style = { pane: "changes", interactive: false, smoothFactor: 0.6 };
    L.polyline(lines, { ...style, color: "#fff", weight: 7, opacity: 0.9 }).addTo(map);
    L.polyline(lines, {
      ...style, color: change.colour, weight: 4, dashArray: change.dash || null, className: "change",
    }).addTo(map);
  });
  return roads;
};

/* Panes, backdrop, controls, name and keyboard of a map. */
ntgeo.prepare = function (map, data, label) {
  const box = map.getContainer();
  box.setAttribute("role", "application");
  box.setAttribute("aria-roledescription", "map");
  box.setAttribute("aria-label", label);
  ntgeo.addPanes(map, ["land", "areas", "water", "roads", "changes", "catchments", "links", "chosen"]);
  map.getPane("areas").style.pointerEvents = "";
  map.options.maxZoom = 19;
  ntgeo.fit(map, data);
  map.setMinZoom(Math.min(map.getZoom(), map.getBoundsZoom(data.bounds)) - 1.5);
  const roads = ntgeo.drawBackdrop(map, data);
  L.control.zoom({ position: "topright", zoomInTitle: "Zoom in", zoomOutTitle: "Zoom out" })
    .addTo(map);
  new ntgeo.HomeButton({ data }).addTo(map);
  new ntgeo.NorthArrow().addTo(map);
  L.control.scale({ position: "bottomright", maxWidth: 130 }).addTo(map);
  if (data.isOnTiles) {
    const credit = L.control({ position: "bottomleft" });
    credit.onAdd = () => ntgeo.byId("tile-credit").content.cloneNode(true).firstElementChild;
    credit.addTo(map);
  }
  ntgeo.keepFocus(map);
  ntgeo.fitPaper(map, data, roads);
  return roads;
};

ntgeo.keepFocus = function (map) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      map.closePopup();
    }
  });
  map.on("popupclose", () => {
    const opener = ntgeo.opener;
    ntgeo.opener = null;
    if (opener) {
      opener.focus();
    }
  });
  map.on("popupopen", (event) => {
    const close = event.popup.getElement().querySelector(".leaflet-popup-close-button");
    if (close) {
      close.setAttribute("aria-label", "Close the card");
    }
  });
};

/* Paper has its own width: give the map that size while the page is printed. Where a canvas was
   cleared, Chromium prints white over all that lies below: roads on paper are SVG. */
ntgeo.fitPaper = function (map, data, roads) {
  const box = map.getContainer();
  let view = null;
  let printed = null;
  window.addEventListener("beforeprint", () => {
    view = [map.getCenter(), map.getZoom()];
    map.closePopup();
    box.style.width = "740px";
    box.style.height = "560px";
    if (map.hasLayer(roads)) {
      printed = printed || ntgeo.roads(data, L.svg({ pane: "roads" }));
      map.removeLayer(roads);
      map.addLayer(printed);
    }
    map.invalidateSize({ animate: false });
    ntgeo.fit(map, data);
  });
  window.addEventListener("afterprint", () => {
    box.style.width = "";
    box.style.height = "";
    if (printed && map.hasLayer(printed)) {
      map.removeLayer(printed);
      map.addLayer(roads);
    }
    map.invalidateSize({ animate: false });
    if (view) {
      map.setView(view[0], view[1], { animate: false });
    }
  });
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(box);
};

/* Buttons with data-show="kind:position" in the tables call show(kind, position, button). */
ntgeo.onShow = function (show) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-show]");
    if (!button) {
      return;
    }
    const [kind, position] = button.dataset.show.split(":");
    ntgeo.byId("map-box").scrollIntoView({ block: "nearest" });
    show(kind, Number(position), button);
  });
};

/* Headings with a button sort their table; numbers by data-value, texts by the reader's alphabet. */
ntgeo.sortTables = function () {
  for (const button of document.querySelectorAll("th > button.sort")) {
    button.addEventListener("click", () => {
      const heading = button.parentElement;
      const body = heading.closest("table").tBodies[0];
      const isUp = heading.getAttribute("aria-sort") !== "ascending";
      for (const other of heading.parentElement.children) {
        other.removeAttribute("aria-sort");
      }
      heading.setAttribute("aria-sort", isUp ? "ascending" : "descending");
      const value = (row) => {
        const cell = row.cells[heading.cellIndex];
        return "value" in cell.dataset ? Number(cell.dataset.value) : cell.textContent.trim();
      };
      const compare = (a, b) => (typeof a === "number" && typeof b === "number"
        ? a - b : String(a).localeCompare(String(b), "en-GB", { numeric: true }));
      [...body.rows].map((row) => [value(row), row])
        .sort((a, b) => (isUp ? compare(a[0], b[0]) : compare(b[0], a[0])))
        .forEach(([, row]) => body.append(row));
    });
  }
};
