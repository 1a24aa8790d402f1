// Before the first paint: the color scheme kept by the toggle, otherwise the system's. A file of its own because the page allows no inline script.
(function () {
  var kept = null;
  try {
    kept = localStorage.getItem("vigie.scheme");
  } catch (_) {}
  var dark = kept === "dark" || (kept !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
