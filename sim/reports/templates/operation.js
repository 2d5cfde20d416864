(function () {
  "use strict";
  var calm = window.matchMedia && window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  var piece = drawing.piece;
  function write(x, y, text, given, into) { drawing.write(x, y, text, Object.assign({ "text-anchor": "middle" }, given), into); }
  function line(ends, ink, wide, dash, into) {
    piece("line", { x1: ends[0], y1: ends[1], x2: ends[2], y2: ends[3], stroke: ink, "stroke-width": wide, "stroke-linecap": dash ? "butt" : "round", "stroke-dasharray": dash || "none" }, into);
  }
  var signs = {
    words: function (s, into) { write(s[1], s[2], s[3], { fill: s[4], "font-size": s[5], "font-weight": s[6] ? 700 : 400, "text-anchor": s[7] }, into); },
    group: function (s, into, all) {
      [["#fff", 8], [all.groupInk, 5]].forEach(function (pen) {
        piece("path", { d: "M" + (s[1] - 7) + " " + (s[2] - 7) + "l14 14m0-14l-14 14", stroke: pen[0], "stroke-width": pen[1] }, into);
      });
    },
    unit: function (s, into) {
      var tip = s[4] === "back" ? -9 : 9;
      piece("path", { d: "M" + (s[1] - tip) + " " + (s[2] - 9) + "l" + 2 * tip + " 9l" + -2 * tip + " 9z", fill: s[3], stroke: "#fff", "stroke-width": 1.5 }, into);
    },
    ring: function (s, into) {
      var round = 2 * Math.PI * s[3];
      piece("circle", { cx: s[1], cy: s[2], r: s[3], fill: "none", stroke: "#c5cad3" }, into);
      if (s[4] > 0) { piece("circle", { cx: s[1], cy: s[2], r: s[3], fill: "none", stroke: s[5], "stroke-width": 7, "stroke-dasharray": round * s[4] + " " + round, transform: "rotate(-90 " + s[1] + " " + s[2] + ")" }, into); }
    },
    barrier: function (s, into) { line(s.slice(1), "#b45309", 5, "", into); }
  };

  function operate(box) {
    var all = JSON.parse(box.querySelector(".operation-data").textContent), map = box.querySelector(".operation-map");
    var slider = box.querySelector(".frame"), clock = box.querySelector(".clock"), play = box.querySelector(".play");
    var now = box.querySelector(".operation-now tbody"), timer = 0;
    map.setAttribute("viewBox", "0 0 " + all.width + " " + all.height);
    map.setAttribute("font-family", "system-ui, 'DejaVu Sans', sans-serif");
    var sky = piece("rect", { width: all.width, height: all.height, fill: "#fff" }, map), ground = piece("g", {}, map);
    var moving = piece("g", { class: "operation-moving" }, map);
    all.ground.roads.forEach(function (ends) { line(ends, "#d1d5db", 6, "", ground); });
    all.ground.paths.forEach(function (ends) { line(ends, "#9ca3af", 2.4, "7 5", ground); });
    all.ground.places.forEach(function (place) {
      piece("rect", { x: place.at[0] - 5, y: place.at[1] - 5, width: 10, height: 10, fill: "#6b7280" }, ground);
      write(place.at[0], place.at[1] + place.down, place.name, place.main ? { "font-weight": 700, "font-size": 15 } : { fill: "#4b5563" }, ground);
    });
    write(all.width - 12, all.height - 12, "schematic, not to scale", { "text-anchor": "end", "font-size": 13 }, ground);
    all.heads.forEach(function (head) {
      var row = document.createElement("tr"), name = document.createElement("th");
      name.scope = "row"; name.textContent = head;
      row.appendChild(name); row.appendChild(document.createElement("td")); now.appendChild(row);
    });
    function draw() {
      var frame = Number(slider.value);
      while (moving.firstChild) { moving.removeChild(moving.firstChild); }
      sky.setAttribute("fill", all.dark[frame] ? all.night : "#fff");
      write(16, 30, all.clocks[frame] + (all.dark[frame] ? ", dark" : ", daylight"), { "text-anchor": "start", "font-size": 17, "font-weight": 700 }, moving);
      all.scenes[frame].forEach(function (number) { signs[all.signs[number][0]](all.signs[number], moving, all); });
      all.tables[frame].forEach(function (number, row) { now.children[row].lastChild.textContent = all.told[number]; });
      clock.textContent = all.clocks[frame];
      slider.setAttribute("aria-valuetext", all.clocks[frame]);
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
    play.addEventListener("click", function () { if (timer) { stop(); } else { start(); } });
    slider.addEventListener("input", function () { stop(); draw(); });
    box.querySelectorAll("[data-frame]").forEach(function (button) {
      button.addEventListener("click", function () { stop(); slider.value = button.getAttribute("data-frame"); draw(); });
    });
    draw();
  }
  document.querySelectorAll("[data-operation-map]").forEach(operate);
}());
