(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("weighing").textContent), root = document.getElementById("weigher");
  var names = Object.keys(data.presets);
  if (!names.length || data.options.length < 2 || !data.outcomes.length) { return; }
  root.hidden = false;

  var judge = document.getElementById("judge"), list = document.getElementById("order-list"), told = document.getElementById("told");
  var weights = data.presets[names[0]].slice(), knobs = [], before = [];
  var panelWords = { D: "panel D (deterrence)", S: "panel S (spiral)", O: "panel O (orchestration)", M: "panel M (mixed)" };
  var ways = [["all", "mean over all cases"], ["worst", "worst of the four panels"]]
    .concat(data.panels.map(function (panel) { return [panel, "mean in " + panelWords[panel]]; }), [["tail", "worst tenth of runs"]]);
  ways.forEach(function (way) { var item = document.createElement("option"); item.value = way[0]; item.textContent = way[1]; judge.appendChild(item); });

  function weighed(row) {
    var whole = weights.reduce(function (sum, value) { return sum + value; }, 0), sum = 0;
    if (!whole || !row) { return whole ? null : 0; }
    for (var i = 0; i < row.length; i += 1) {
      if (weights[i] > 0) { if (row[i] === null) { return null; } sum += weights[i] * row[i] / whole; }
    }
    return sum;
  }
  function score(option) {
    if (judge.value === "tail") { return weighed(option.tail); }
    if (judge.value !== "worst") { return weighed(option.harm[judge.value]); }
    var found = data.panels.map(function (panel) { return weighed(option.harm[panel]); });
    return found.indexOf(null) >= 0 ? null : Math.max.apply(null, found);
  }
  function ordered() {
    return data.options.map(function (option) { return { option: option, score: score(option) }; })
      .filter(function (row) { return row.score !== null; })
      .sort(function (a, b) { return a.score - b.score || (a.option.id < b.option.id ? -1 : 1); });
  }
  function part(tag, cls, text) { var item = document.createElement(tag); if (cls) { item.className = cls; } if (text) { item.textContent = text; } return item; }
  function signed(value) { return Math.abs(value) < 0.0005 ? "0.000" : (value < 0 ? "−" : "+") + Math.abs(value).toFixed(3); }

  function draw() {
    var rows = ordered(), ids = rows.map(function (row) { return row.option.id; });
    var sizes = rows.map(function (row) { return Math.abs(row.score); }).sort(function (a, b) { return a - b; });
    var most = sizes[Math.floor(0.92 * (sizes.length - 1))] || 1, moved = 0;
    list.textContent = "";
    rows.forEach(function (row, place) {
      var was = before.indexOf(row.option.id), by = was < 0 ? 0 : was - place, line = part("li", row.option.id === data.baseline ? "is-base" : "");
      moved += by ? 1 : 0;
      line.appendChild(part("span", "", String(place + 1)));
      line.appendChild(part("span", "", row.option.label));
      line.appendChild(part("span", "moved", by > 0 ? "↑ " + by : by < 0 ? "↓ " + -by : ""));
      var track = part("span", "track"), bar = part("i", row.score > 0 ? "harm" : ""), width = Math.min(Math.abs(row.score) / most, 1) * 50;
      bar.style.width = width + "%"; bar.style.left = (row.score > 0 ? 50 : 50 - width) + "%";
      track.appendChild(bar); track.appendChild(part("b")); line.appendChild(track);
      line.appendChild(part("span", "score", signed(row.score)));
      list.appendChild(line);
    });
    told.textContent = rows.length ? "First: " + rows[0].option.label + ". " + (moved ? moved + " of " + rows.length + " stand elsewhere than with " + names[0] + " weights." : "The order of " + names[0] + " weights.") : "Nothing can be ordered so.";
    document.getElementById("missing").textContent = rows.length < data.options.length ? (data.options.length - rows.length) + " options cannot be ordered so: a number is missing." : "";
    buttons.forEach(function (button, i) { button.setAttribute("aria-pressed", String(same(data.presets[names[i]]))); });
    return ids;
  }
  function same(other) {
    function share(values) { var whole = values.reduce(function (a, b) { return a + b; }, 0) || 1; return values.map(function (v) { return v / whole; }); }
    var a = share(weights), b = share(other);
    return a.every(function (value, i) { return Math.abs(value - b[i]) < 0.006; });
  }
  function show() {
    var whole = weights.reduce(function (sum, value) { return sum + value; }, 0);
    knobs.forEach(function (knob, i) { knob.input.value = weights[i]; knob.out.textContent = whole ? Math.round(100 * weights[i] / whole) + " %" : "–"; knob.input.setAttribute("aria-valuetext", knob.out.textContent); });
    draw();
  }
  function rebase() { var kept = weights; weights = data.presets[names[0]].slice(); before = ordered().map(function (row) { return row.option.id; }); weights = kept; }

  data.outcomes.forEach(function (name, i) {
    var box = part("div", "knob"), label = part("label", "", name), input = document.createElement("input"), out = part("output");
    input.type = "range"; input.min = 0; input.max = 1; input.step = 0.01; input.id = "weight-" + i; label.htmlFor = input.id; out.htmlFor = input.id;
    input.addEventListener("input", function () { weights[i] = Number(input.value); show(); });
    box.appendChild(label); box.appendChild(input); box.appendChild(out); document.getElementById("knobs").appendChild(box);
    knobs.push({ input: input, out: out });
  });
  var buttons = names.map(function (name) {
    var button = part("button", "jump", name); button.type = "button";
    button.addEventListener("click", function () { weights = data.presets[name].slice(); show(); });
    document.getElementById("preset-buttons").appendChild(button);
    return button;
  });
  judge.addEventListener("change", function () { rebase(); show(); });
  rebase();
  show();
}());
