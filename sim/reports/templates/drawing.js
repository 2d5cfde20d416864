/* What the moving maps share: parts of a picture, and words in it. */
var drawing = (function () {
  "use strict";
  function piece(name, given, into, text) {
    var made = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.keys(given).forEach(function (key) { made.setAttribute(key, given[key]); });
    if (text !== undefined) { made.textContent = text; }
    into.appendChild(made);
    return made;
  }
  /* words with a white rim, so that a road behind them does not cross them out */
  function write(x, y, text, given, into) {
    var style = { x: x, y: y, "font-size": 14, fill: "#1f2937", stroke: "#fff", "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke" };
    Object.keys(given).forEach(function (key) { style[key] = given[key]; });
    piece("text", style, into, text);
  }
  return { piece: piece, write: write };
})();
