(function () {
  "use strict";
  function bytes(text) {
    var raw = atob(text), out = new Uint8Array(raw.length);
    for (var i = 0; i < raw.length; i++) { out[i] = raw.charCodeAt(i); }
    return out;
  }
  function words(text) {
    var view = new DataView(bytes(text).buffer), out = new Uint16Array(view.byteLength / 2);
    for (var i = 0; i < out.length; i++) { out[i] = view.getUint16(2 * i, true); }
    return out;
  }

  /* one map of a site: made when it is first seen, so that folded ones cost nothing */
  function scrub(box) {
  var site = JSON.parse(box.querySelector(".site-data").textContent), OFF = 65535, TURN = Math.PI * 2;
  var ground = bytes(site.ground), cells = words(site.cells), conducts = bytes(site.conducts);
  var across = bytes(site.across), down = bytes(site.down), clouds = words(site.clouds);
  var sectionCells = words(site.sectionCells), sectionLevels = bytes(site.sectionLevels);
  var canvas = box.querySelector(".map"), pen = canvas.getContext("2d");
  var slider = box.querySelector(".frame"), clock = box.querySelector(".clock"), play = box.querySelector(".play");
  var counts = {}, timer = 0, size = 10;
  box.querySelectorAll("[data-count]").forEach(function (item) { counts[item.getAttribute("data-count")] = item; });
  var calm = window.matchMedia && window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  var paths = {
    circle: function (x, y, r) { pen.arc(x, y, r, 0, TURN); },
    square: function (x, y, r) { pen.rect(x - r, y - r, 2 * r, 2 * r); },
    up: function (x, y, r) { pen.moveTo(x, y - r); pen.lineTo(x + r, y + r); pen.lineTo(x - r, y + r); pen.closePath(); },
    downward: function (x, y, r) { pen.moveTo(x, y + r); pen.lineTo(x + r, y - r); pen.lineTo(x - r, y - r); pen.closePath(); },
    diamond: function (x, y, r) { pen.moveTo(x, y - r); pen.lineTo(x + r, y); pen.lineTo(x, y + r); pen.lineTo(x - r, y); pen.closePath(); },
    cross: function (x, y, r) { pen.moveTo(x - r, y - r); pen.lineTo(x + r, y + r); pen.moveTo(x + r, y - r); pen.lineTo(x - r, y + r); },
    plus: function (x, y, r) { pen.moveTo(x - r, y); pen.lineTo(x + r, y); pen.moveTo(x, y - r); pen.lineTo(x, y + r); }
  };
  /* conduct code: shape, filled, size against a cell */
  var shapes = { 1: ["circle", false, 0.13], 2: ["circle", true, 0.13], 3: ["square", true, 0.13], 4: ["up", true, 0.2], 5: ["cross", false, 0.22], 6: ["downward", false, 0.19], 8: ["square", false, 0.2], 9: ["plus", false, 0.24], 10: ["diamond", false, 0.17] };

  function mark(code, x, y) {
    var shape = shapes[code], ink = site.conductInk[code], thick = shape[0] === "cross" || shape[0] === "plus";
    pen.beginPath();
    paths[shape[0]](x, y, Math.max(shape[2] * size, 1.3));
    if (thick) {
      pen.lineWidth = Math.max(size * 0.2, 3); pen.strokeStyle = "#fff"; pen.stroke();
    }
    pen.lineWidth = thick ? Math.max(size * 0.12, 1.8) : Math.max(size * 0.05, 1);
    pen.fillStyle = pen.strokeStyle = ink;
    if (shape[1]) { pen.fill(); } else { pen.stroke(); }
  }
  function drawGround(frame) {
    for (var i = 0; i < ground.length; i++) {
      pen.fillStyle = site.groundInk[ground[i]];
      pen.fillRect(Math.floor((i % site.columns) * size), Math.floor(Math.floor(i / site.columns) * size), Math.ceil(size) + 1, Math.ceil(size) + 1);
    }
    site.vehicles.forEach(function (vehicle) {
      if (vehicle.out <= frame) {
        var x = (vehicle.cells[0] % site.columns) * size, y = Math.floor(vehicle.cells[0] / site.columns) * size, w = vehicle.cells.length * size;
        pen.fillStyle = site.groundInk[1]; pen.fillRect(x - 0.5, y - 0.5, w + 1.5, size + 1.5);
        pen.strokeStyle = site.groundInk[5]; pen.lineWidth = 1; pen.setLineDash([4, 3]); pen.strokeRect(x + 0.5, y + 0.5, w - 1, size - 1); pen.setLineDash([]);
      }
    });
    var metres = 50, wide = metres / site.cell_m * size, right = (site.columns - 1.5) * size, low = (site.rows - 1.5) * size;
    pen.strokeStyle = pen.fillStyle = "#000"; pen.lineWidth = 2;
    pen.beginPath(); pen.moveTo(right - wide, low); pen.lineTo(right, low); pen.stroke();
    pen.font = Math.max(size * 0.75, 10) + "px sans-serif"; pen.textAlign = "right"; pen.textBaseline = "bottom";
    pen.fillText(metres + " m · schematic", right, low - 4);
  }
  function drawClouds(frame) {
    for (var i = 0; i < clouds.length; i += 3) {
      if (clouds[i] === frame) {
        pen.fillStyle = "rgba(240,228,66," + (0.35 + 0.5 * clouds[i + 2] / 1000) + ")"; pen.strokeStyle = "#8a7a00"; pen.lineWidth = 1;
        var x = (clouds[i + 1] % site.columns) * size, y = Math.floor(clouds[i + 1] / site.columns) * size;
        pen.fillRect(x, y, size, size); pen.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
      }
    }
  }
  function drawPeople(frame) {
    var first = frame * site.people, found = {};
    for (var p = 0; p < site.people; p++) { found[conducts[first + p]] = (found[conducts[first + p]] || 0) + 1; }
    site.order.forEach(function (code) {
      for (var i = 0; i < site.people; i++) {
        var cell = cells[first + i];
        if (conducts[first + i] === code && cell !== OFF) {
          mark(code, (cell % site.columns + 0.08 + 0.84 * across[i] / 255) * size, (Math.floor(cell / site.columns) + 0.08 + 0.84 * down[i] / 255) * size);
        }
      }
      if (counts[code]) { counts[code].textContent = found[code] || 0; }
    });
  }
  function drawSections(frame) {
    var groups = {}, first = frame * site.sections;
    for (var i = 0; i < site.sections; i++) {
      var cell = sectionCells[first + i];
      if (cell !== OFF) {
        var key = cell + ":" + site.sectionSides[i], group = groups[key] || (groups[key] = { cell: cell, side: site.sectionSides[i], many: 0, level: 0 });
        group.many += 1; group.level = Math.max(group.level, sectionLevels[first + i]);
      }
    }
    Object.keys(groups).forEach(function (key) {
      var group = groups[key], x = (group.cell % site.columns + 0.5) * size, y = (Math.floor(group.cell / site.columns) + 0.5) * size, r = Math.max(size * 0.42, 4);
      pen.beginPath();
      paths[group.side === 0 ? "square" : group.side === 1 ? "diamond" : "circle"](x, y, group.side === 1 ? r * 1.35 : r);
      pen.fillStyle = site.sideInk[group.side]; pen.fill();
      pen.strokeStyle = "#fff"; pen.lineWidth = 1.2; pen.stroke();
      pen.fillStyle = "#fff"; pen.textAlign = "center"; pen.textBaseline = "middle";
      pen.font = "bold " + Math.max(size * 0.62, 7) + "px sans-serif"; pen.fillText(group.level, x, y + 0.5);
    });
    var taken = {};
    Object.keys(groups).forEach(function (key) { taken[groups[key].cell] = true; });
    Object.keys(groups).forEach(function (key) {
      var group = groups[key], free = [[1, 0], [0, 1], [-1, 0], [0, -1]].filter(function (step) { return !taken[group.cell + step[0] + step[1] * site.columns]; })[0] || [1, 0];
      var x = (group.cell % site.columns + 0.5 + free[0]) * size, y = (Math.floor(group.cell / site.columns) + 0.5 + free[1]) * size;
      if (group.many > 1) {
        pen.font = Math.max(size * 0.62, 8) + "px sans-serif"; pen.textAlign = "center"; pen.textBaseline = "middle"; pen.fillStyle = "#000";
        pen.strokeStyle = "#fff"; pen.lineWidth = 3; pen.strokeText("×" + group.many, x, y); pen.fillText("×" + group.many, x, y);
      }
    });
  }
  function draw() {
    if (!canvas.clientWidth) { return; }
    var frame = Number(slider.value), sharp = window.devicePixelRatio || 1, wide = canvas.clientWidth;
    size = wide / site.columns;
    canvas.style.height = site.rows * size + "px";
    canvas.width = Math.round(wide * sharp); canvas.height = Math.round(site.rows * size * sharp);
    pen.setTransform(sharp, 0, 0, sharp, 0, 0);
    drawGround(frame); drawClouds(frame); drawPeople(frame); drawSections(frame);
    clock.textContent = site.clocks[frame];
    slider.setAttribute("aria-valuetext", site.clocks[frame]);
  }
  function stop() { window.clearInterval(timer); timer = 0; play.textContent = "Play"; play.setAttribute("aria-pressed", "false"); }
  function start() {
    if (Number(slider.value) >= site.clocks.length - 1) { slider.value = 0; }
    play.textContent = "Pause"; play.setAttribute("aria-pressed", "true");
    timer = window.setInterval(function () {
      if (Number(slider.value) >= site.clocks.length - 1) { stop(); return; }
      slider.value = Number(slider.value) + 1; draw();
    }, calm ? 900 : 220);
  }
  play.addEventListener("click", function () { if (timer) { stop(); } else { start(); } });
  slider.addEventListener("input", function () { stop(); draw(); });
  box.querySelectorAll("[data-frame]").forEach(function (button) {
    button.addEventListener("click", function () { stop(); slider.value = button.getAttribute("data-frame"); draw(); });
  });
  window.addEventListener("resize", draw);
  return draw;
  }

  document.querySelectorAll("[data-site-map]").forEach(function (box) {
    var redraw = null;
    function show() {
      if (!redraw && box.clientWidth) { redraw = scrub(box); }
      if (redraw) { redraw(); }
    }
    for (var item = box.parentElement; item; item = item.parentElement) {
      if (item.tagName === "DETAILS") { item.addEventListener("toggle", show); }
    }
    show();
  });
}());
