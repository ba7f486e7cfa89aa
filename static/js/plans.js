// The plan's pages. Each of them also works without this file: the export is a link, a move is a form's button.
(() => {
  "use strict";

  const save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };

  // Making the PDF takes a few seconds: say so, and say when it is there. What goes wrong has a page of its own.
  const make = async (link, words) => {
    link.setAttribute("aria-disabled", "true");
    words.textContent = link.dataset.busy;
    try {
      const response = await fetch(link.href);
      const made = response.ok && response.headers.get("Content-Type") === "application/pdf";
      if (!made) throw new Error("no PDF came");
      save(await response.blob(), link.dataset.name);
      words.textContent = link.dataset.done;
    } catch (error) {
      location.assign(link.href);
    } finally {
      link.removeAttribute("aria-disabled");
    }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".js-export");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.getAttribute("aria-disabled") !== "true") make(link, document.querySelector(".js-export-words"));
  });

  // What comes of a save that is under way: its answer in place on the page, or its failure.
  const settled = (form) => new Promise((resolve) => {
    form.addEventListener("htmx:afterSettle", resolve, { once: true });
    form.addEventListener("htmx:afterRequest", ({ detail }) => { if (!detail.successful) resolve(); }, { once: true });
  });

  // A move takes along what is typed and leaves the page by an ordinary submit, past what saves by itself. It, and a
  // return with a comment, let a save that is under way come first: crossing that, they would meet their writer's own
  // words as somebody else's. The draft stays until the page that comes next says that the text is stored.
  let moving = false;
  let waiting = false;
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    const moves = submitter?.classList.contains("js-move");
    if (!moves && !form.classList.contains("js-return")) return;
    if (moves) event.stopPropagation();
    const text = document.getElementById("section-form");
    const saving = text?.classList.contains("htmx-request") ?? false;
    moving = moves && !saving;
    if (!saving) return;
    event.preventDefault();
    if (waiting) return;
    waiting = true;
    await settled(text);
    waiting = false;
    // What could not be saved goes along with a move, and would stay behind where the section is returned.
    const lost = !moves && text.querySelector(".mp-save--fault");
    if (submitter.isConnected && !form.hidden && !lost) form.requestSubmit(submitter);
  }, true);
  if (location.hash === "#stored") {
    history.replaceState(null, "", location.pathname);
    try {
      sessionStorage.removeItem(`draft:${document.body.dataset.user}:${location.pathname}`);
    } catch (error) { /* storage may be forbidden: then there is no draft either */ }
  }
  window.addEventListener("beforeunload", (event) => { if (moving) event.stopImmediatePropagation(); });
})();
