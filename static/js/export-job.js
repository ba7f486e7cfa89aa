// While a file is being made: when it is there, say so and save it. Without this, the page's link does it.
(() => {
  "use strict";

  const tools = () => document.getElementById("export-tools");
  let inside = false, over = false;
  document.addEventListener("htmx:beforeSwap", () => { inside = tools()?.contains(document.activeElement) ?? false; });
  document.addEventListener("htmx:afterSettle", () => {
    const job = document.getElementById("export-job");
    const ended = job.querySelector(".js-ended");
    // Each part that is swapped in settles by itself.
    if (!ended || over) return;
    over = true;
    document.getElementById("announce").textContent = ended.textContent;
    // The button that had the focus is gone.
    if (inside) job.querySelector("a.usa-button").focus();
    const file = job.querySelector(".js-file");
    if (!file) return;
    const saved = file.cloneNode();
    saved.download = "";
    saved.click();
  });
})();
