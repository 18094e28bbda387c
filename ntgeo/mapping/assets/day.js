/* The day as it passes: a slider, a button that plays it, each shift's mark where it then is, and a
   line of words a shift for those who do not see the marks. */
ntgeo.day = function (map, data, isShown) {
  const slider = ntgeo.byId("day-time");
  const button = ntgeo.byId("day-play");
  const clock = new Intl.DateTimeFormat("en-GB",
    { timeZone: "Europe/London", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const clockText = (seconds) => clock.format(new Date(1000 * (data.midnight + seconds)));
  const marks = data.shifts.map((shift) => ntgeo.dayMark(shift));
  let timer = null;
  let isOn = false;

  function paint() {
    const now = Number(slider.value);
    ntgeo.byId("day-clock").textContent = clockText(now);
    slider.setAttribute("aria-valuetext", clockText(now));
    data.shifts.forEach((shift, i) => {
      const moment = ntgeo.momentOf(shift, data.at, now);
      ntgeo.byId(`now-${i}`).textContent = isOn ? moment.words : "";
      marks[i].setLatLng(moment.at);
      marks[i][isOn && isShown(i) ? "addTo" : "removeFrom"](map);
    });
    for (const pill of document.querySelectorAll(".stop-icon .pill")) {
      pill.classList.toggle("done", isOn && Number(pill.dataset.leave) <= now);
    }
  }
  function turnOn(wanted) {
    isOn = wanted;
    ntgeo.byId("day-off").hidden = !wanted;
    paint();
  }
  function stop() {
    window.clearInterval(timer);
    timer = null;
    button.textContent = "Play the day";
  }
  function step(seconds) {
    if (Number(slider.value) + seconds > Number(slider.max)) {
      stop();
      return;
    }
    slider.value = String(Number(slider.value) + seconds);
    paint();
  }
  button.addEventListener("click", () => {
    if (timer) {
      stop();
      return;
    }
    if (Number(slider.value) >= Number(slider.max) - 60) {
      slider.value = slider.min;
    }
    button.textContent = "Pause";
    turnOn(true);
    const isStill = ntgeo.isStill();
    timer = window.setInterval(() => step(isStill ? 900 : 60), isStill ? 1500 : 60);
  });
  slider.addEventListener("input", () => {
    stop();
    turnOn(true);
  });
  ntgeo.byId("day-off").addEventListener("click", () => {
    stop();
    turnOn(false);
    button.focus();
  });
  ntgeo.byId("day-clock").textContent = clockText(Number(slider.value));
  return paint;
};

ntgeo.dayMark = function (shift) {
  const mark = ntgeo.element("span", { class: "mark" }, shift.letter);
  mark.style.color = shift.colour;
  return L.marker([0, 0], { interactive: false, keyboard: false, zIndexOffset: 2000,
    icon: L.divIcon({ html: mark, className: "mark-icon", iconSize: [30, 30] }) });
};

/* Where a shift is at a time, and in words what it does. */
ntgeo.momentOf = function (shift, places, now) {
  const stops = shift.stops;
  const name = (stop) => (stop.label ? `visit ${stop.label}` : "the end of the round");
  if (now < stops[0].leave) {
    return { at: places[stops[0].place], words: "not yet out" };
  }
  for (let i = 1; i < stops.length; i += 1) {
    const [from, to] = [stops[i - 1], stops[i]];
    if (now < to.arrive) {
      const share = (now - from.leave) / (to.arrive - from.leave || 1);
      return { at: ntgeo.along(shift.legs[i - 1], share, places[to.place]),
        words: `on the way to ${to.kind === "break" ? "a break" : name(to)}` };
    }
    if (now < to.begin) {
      return { at: places[to.place], words: `waiting for ${name(to)}` };
    }
    if (now < to.leave) {
      return { at: places[to.place], words: to.kind === "break" ? "break" : `at ${name(to)}` };
    }
  }
  return { at: places[stops[stops.length - 1].place], words: "round over" };
};

/* The point a share of the way along a leg, by distance on the ground. */
ntgeo.along = function (leg, share, otherwise) {
  const points = ntgeo.line(leg).map((point) => L.latLng(point));
  if (points.length < 2) {
    return points[0] || otherwise;
  }
  const steps = points.slice(1).map((point, i) => points[i].distanceTo(point));
  let left = Math.max(0, Math.min(1, share)) * steps.reduce((sum, step) => sum + step, 0);
  for (let i = 0; i < steps.length; i += 1) {
    if (left <= steps[i] && steps[i] > 0) {
      const part = left / steps[i];
      return L.latLng(points[i].lat + part * (points[i + 1].lat - points[i].lat),
        points[i].lng + part * (points[i + 1].lng - points[i].lng));
    }
    left -= steps[i];
  }
  return points[points.length - 1];
};
