// The preview of a text follows its typing; the server draws it, with the same words for page and PDF, and stores
// nothing. Where to ask for it stands at the form, whose text it is of at the preview (data-preview and data-preview-of).
// Without this file it is drawn anew whenever the text is saved.
(() => {
  "use strict";

  const DELAY = 400;
  const TIMEOUT = 15000;

  const token = (form) => {
    // The token may be newer than the page: signing in again in another tab changes it.
    const name = `${document.body.dataset.csrf}=`;
    const found = document.cookie.split("; ").find((pair) => pair.startsWith(name));
    return found ? found.slice(name.length) : form.querySelector("[name=csrfmiddlewaretoken]").value;
  };

  const follow = (area) => {
    const drawnIn = (page) => page.querySelector(`[data-preview-of="${area.id}"]`);
    const pane = drawnIn(document).closest(".js-preview");
    // What the preview shows: null where that is not known.
    let shown = area.defaultValue;
    let timer = 0;
    let busy = false;

    // A pane that is moved on its own must be reached by the keyboard; elsewhere it would be a stop for nothing.
    const reach = () => {
      if (!pane) return;
      const moves = pane.scrollHeight > pane.clientHeight + 1 && getComputedStyle(pane).overflowY === "auto";
      if (!moves) { ["tabindex", "role", "aria-labelledby"].forEach((name) => pane.removeAttribute(name)); return; }
      pane.tabIndex = 0;
      pane.setAttribute("role", "group");
      pane.setAttribute("aria-labelledby", drawnIn(pane).getAttribute("aria-labelledby"));
    };
    // Beside the text, the preview shows the part of it that is being written.
    const align = () => {
      const room = area.scrollHeight - area.clientHeight;
      if (pane?.tabIndex === 0 && room > 0) pane.scrollTop = (area.scrollTop / room) * (pane.scrollHeight - pane.clientHeight);
    };
    const settle = () => { reach(); align(); };

    const draw = async () => {
      const text = area.value;
      if (busy || text === shown) return;
      busy = true;
      try {
        const response = await fetch(area.form.dataset.preview, {
          method: "POST",
          headers: { "HX-Request": "true" },
          body: new URLSearchParams({ csrfmiddlewaretoken: token(area.form), [area.name]: text }),
          signal: AbortSignal.timeout(TIMEOUT),
        });
        if (response.ok) {
          const drawn = drawnIn(new DOMParser().parseFromString(await response.text(), "text/html"));
          drawnIn(document).replaceWith(drawn);
          shown = text;
          settle();
        }
      } catch (error) { /* the text itself says how saving stands; the next word typed, or the next save, draws anew */ }
      busy = false;
      if (shown === text) later();
    };
    // One at a time: a long text is drawn as often as the server can, not at every key.
    const later = () => {
      clearTimeout(timer);
      if (area.value !== shown) timer = setTimeout(draw, DELAY);
    };

    area.addEventListener("input", later);
    area.addEventListener("scroll", align);
    window.addEventListener("resize", settle);
    // A save brings a preview too, of what was sent: older, perhaps, than what is shown.
    document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
      if (event.detail.target.dataset.previewOf !== area.id) return;
      if (shown === area.value) event.detail.shouldSwap = false;
      else shown = null;
    });
    document.body.addEventListener("htmx:afterSettle", () => { settle(); later(); });
    // What autosave.js put back after a reload.
    later();
    settle();
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-preview] .js-markdown").forEach(follow));
})();
