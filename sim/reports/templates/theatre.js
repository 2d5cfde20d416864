(function () {
  "use strict";
  var island = document.getElementById("theatre-data");
  if (!island) { return; }
  var all = JSON.parse(island.textContent), box = document.getElementById("theatre-scrubber"), map = document.getElementById("theatre-map");
  var slider = document.getElementById("theatre-frame"), clock = document.getElementById("theatre-clock"), play = document.getElementById("theatre-play");
  var now = document.querySelector("#theatre-now tbody"), road = document.getElementById("theatre-road");
  var buttons = Array.prototype.slice.call(box.querySelectorAll("[data-day]")), day = 0, timer = 0;
  var calm = window.matchMedia && window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  var piece = drawing.piece, write = drawing.write;
  map.setAttribute("viewBox", "0 0 " + all.width + " " + all.height);
  map.setAttribute("font-family", "system-ui, 'DejaVu Sans', sans-serif");
  var ground = piece("g", {}, map), moving = piece("g", { id: "theatre-moving" }, map);
  all.roads.forEach(function (line) { piece("line", { x1: line[0], y1: line[1], x2: line[2], y2: line[3], stroke: "#d1d5db", "stroke-width": 6, "stroke-linecap": "round" }, ground); });
  all.places.forEach(function (place) {
    piece("rect", { x: place.at[0] - 5, y: place.at[1] - 5, width: 10, height: 10, fill: "#6b7280" }, ground);
    write(place.at[0], place.at[1] + 22, place.name, { "text-anchor": "middle", fill: "#4b5563" }, ground);
  });
  write(all.width - 12, all.height - 12, "schematic, not to scale", { "text-anchor": "end", "font-size": 13 }, ground);

  function radius(people) { return all.radii[0] + (all.radii[1] - all.radii[0]) * Math.sqrt(people / all.largest); }
  function ink(violent) { return all.inks[!violent ? 0 : violent < all.violence ? 1 : 2]; }
  function forces(there, x, y, into, anchor, after) {
    Object.keys(all.forces).filter(function (name) { return there[name]; }).forEach(function (name, place) {
      var force = all.forces[name];
      write(x, y + 18 * place, force.mark + " " + force.words + " " + there[name] + after, { fill: force.ink, "font-weight": 700, "text-anchor": anchor }, into);
    });
  }
  function drawSite(name, track, frame) {
    var site = all.sites[name], x = site.at[0], y = site.at[1], people = track.present[frame], violent = track.violent[frame];
    var leads = track.leads[track.lead[frame]], r = radius(people), group = piece("g", { "data-site": name }, moving);
    piece("circle", { cx: x, cy: y, r: r, fill: ink(violent), stroke: "#000", "stroke-width": 1.6, "stroke-dasharray": leads.length ? "none" : "5 4" }, group);
    if (leads.length > 1) { piece("circle", { cx: x, cy: y, r: r + 5, fill: "none", stroke: "#000", "stroke-width": 1.6 }, group); }
    if (violent >= all.violence) { piece("path", { d: "M" + (x - 6) + " " + (y - 6) + "l12 12m0-12l-12 12", stroke: "#000", "stroke-width": 3 }, group); }
    write(x, y - r - 11, site.name, { "text-anchor": "middle", "font-size": 18, "font-weight": 700 }, group);
    var lines = [people.toLocaleString("en") + " people" + (violent ? ", " + violent + " violent" : ""), "lead: " + (leads.join(" + ") || "nobody"), "force: " + all.levels[track.level[frame]]];
    lines.forEach(function (text, place) { write(x, y + r + 20 + 17 * place, text, { "text-anchor": "middle" }, group); });
    forces(track.forces.kinds[track.forces.at[frame]], x + r + 10, y - 3, group, "start", "");
  }
  function along(way, share) {
    var lengths = [], whole = 0, i;
    for (i = 1; i < way.length; i++) { lengths.push(Math.hypot(way[i][0] - way[i - 1][0], way[i][1] - way[i - 1][1])); whole += lengths[i - 1]; }
    var left = share * whole;
    for (i = 0; i < lengths.length; i++) {
      if (left <= lengths[i] && lengths[i]) { var part = left / lengths[i]; return [way[i][0] + part * (way[i + 1][0] - way[i][0]), way[i][1] + part * (way[i + 1][1] - way[i][1])]; }
      left -= lengths[i];
    }
    return way[way.length - 1];
  }
  function drawUnit(leg, tick) {
    var share = (tick - leg.since) / Math.max(leg.until - leg.since, 1), gone = leg.doing === "notice" ? 0 : leg.doing === "out" ? share : 1 - share;
    var at = along(leg.way, gone), force = all.forces[leg.force], group = piece("g", { "data-unit": leg.unit }, moving);
    var tip = leg.doing === "back" ? -9 : 9;
    piece("path", { d: "M" + (at[0] - tip) + " " + (at[1] - 9) + "l" + 2 * tip + " 9l" + -2 * tip + " 9z", fill: force.ink, stroke: "#fff", "stroke-width": 1.5 }, group);
    write(at[0] + 12, at[1] - 14, force.words + " " + leg.persons, { fill: force.ink, "font-weight": 700 }, group);
  }
  function told(leg) {
    var site = all.sites[leg.site].name, doing = { notice: " waits for its notice to move to ", out: " is on its way to ", back: " is on its way back from " };
    return leg.unit + " (" + leg.persons + ")" + doing[leg.doing] + site;
  }
  function cell(row, text, number) {
    var made = document.createElement(row.children.length ? "td" : "th");
    made.textContent = text;
    if (number) { made.className = "n"; }
    row.appendChild(made);
  }
  function draw() {
    var shown = all.days[day], frame = Number(slider.value);
    while (moving.firstChild) { moving.removeChild(moving.firstChild); }
    while (now.firstChild) { now.removeChild(now.firstChild); }
    all.places.forEach(function (place, number) {
      var there = shown.reserves[number].kinds[shown.reserves[number].at[frame]];
      forces(there, place.at[0], place.at[1] + 42, moving, "middle", " in reserve");
    });
    Object.keys(all.sites).forEach(function (name) {
      var track = shown.sites[name], row = document.createElement("tr");
      if (!track) { write(all.sites[name].at[0], all.sites[name].at[1], all.sites[name].name + ": not in play", { "text-anchor": "middle", fill: "#6b7280" }, moving); return; }
      drawSite(name, track, frame);
      cell(row, all.sites[name].name); cell(row, track.present[frame].toLocaleString("en"), true); cell(row, track.violent[frame], true);
      cell(row, track.leads[track.lead[frame]].join(" + ") || "nobody");
      now.appendChild(row);
    });
    var legs = shown.moving.filter(function (leg) { return leg.since <= frame * leg.step && frame * leg.step < leg.until; });
    legs.forEach(function (leg) { drawUnit(leg, frame * leg.step); });
    road.textContent = legs.length ? "On the road: " + legs.map(told).join("; ") + "." : "No unit is on the road.";
    clock.textContent = shown.clocks[frame];
    slider.setAttribute("aria-valuetext", shown.title + ", " + shown.clocks[frame]);
  }
  function stop() { window.clearInterval(timer); timer = 0; play.textContent = "Play"; play.setAttribute("aria-pressed", "false"); }
  function start() {
    if (Number(slider.value) >= Number(slider.max)) { slider.value = 0; }
    play.textContent = "Pause"; play.setAttribute("aria-pressed", "true");
    timer = window.setInterval(function () {
      if (Number(slider.value) >= Number(slider.max)) { stop(); return; }
      slider.value = Number(slider.value) + 1; draw();
    }, calm ? 900 : 200);
  }
  function choose(number) {
    stop(); day = number;
    buttons.forEach(function (button, place) { button.setAttribute("aria-pressed", place === number ? "true" : "false"); });
    slider.max = all.days[number].clocks.length - 1; slider.value = all.days[number].start;
    draw();
  }
  play.addEventListener("click", function () { if (timer) { stop(); } else { start(); } });
  slider.addEventListener("input", function () { stop(); draw(); });
  buttons.forEach(function (button) { button.addEventListener("click", function () { choose(Number(button.getAttribute("data-day"))); }); });
  choose(all.first);
}());
