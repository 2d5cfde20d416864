(function () {
  "use strict";
  function opened(all, many) { all.forEach(function (item) { item.open = many; }); }

  var foldable = Array.prototype.slice.call(document.querySelectorAll("details")), before = [];
  window.addEventListener("beforeprint", function () {
    before = foldable.map(function (item) { return item.open; });
    opened(foldable, true);
  });
  window.addEventListener("afterprint", function () { foldable.forEach(function (item, i) { item.open = before[i]; }); });

  function reach() {
    document.querySelectorAll(".scroll").forEach(function (item) {
      var over = item.scrollWidth > item.clientWidth + 1 || item.scrollHeight > item.clientHeight + 1;
      if (over) {
        item.setAttribute("tabindex", "0"); item.setAttribute("role", "region"); item.setAttribute("aria-label", item.getAttribute("data-label"));
      } else {
        item.removeAttribute("tabindex"); item.removeAttribute("role"); item.removeAttribute("aria-label");
      }
    });
  }
  window.addEventListener("resize", reach);
  window.addEventListener("load", reach);
  foldable.forEach(function (item) { item.addEventListener("toggle", reach); });

  var box = document.getElementById("parameter-filter");
  if (box) {
    var lines = Array.prototype.slice.call(document.querySelectorAll("#parameters tbody tr")), told = document.getElementById("parameter-count");
    box.addEventListener("input", function () {
      var wanted = box.value.trim().toLowerCase(), shown = 0;
      lines.forEach(function (line) {
        var here = line.textContent.toLowerCase().indexOf(wanted) >= 0;
        line.hidden = !here;
        shown += here ? 1 : 0;
      });
      told.textContent = shown + " of " + lines.length + " shown";
    });
  }

  /* a link into a folded part opens what holds it */
  function reveal() {
    var target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null, item = target;
    for (; item; item = item.parentElement) { if (item.tagName === "DETAILS") { item.open = true; } }
    if (target) { target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", reveal);
  window.addEventListener("load", function () { if (location.hash) { reveal(); } });
}());
