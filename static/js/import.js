// While an import is being written: how far it is, and a way to stop it. Without this, the page just waits.
"use strict";
(() => {
  const form = document.querySelector(".js-import");
  if (!form) return;
  const box = form.querySelector(".mp-import");
  const bar = box.querySelector("progress");
  const words = box.querySelector(".js-import-words");
  let stopping = false;

  const say = (text) => { if (words.textContent !== text) words.textContent = text; };

  async function look() {
    try {
      const reply = await fetch(form.dataset.progress, { headers: { Accept: "application/json" } });
      if (!reply.ok) return;
      const { done, total } = await reply.json();
      if (total) {
        bar.max = total;
        bar.value = done;
      }
      if (!stopping) say(total ? form.dataset.written.replace("%(done)s", done).replace("%(total)s", total) : form.dataset.begun);
    } catch {
      // The next look may be answered.
    }
  }

  let looking = 0;

  form.addEventListener("htmx:beforeRequest", () => {
    form.querySelector("[type=submit]").disabled = true;
    box.hidden = false;
    say(form.dataset.begun);
    looking = setInterval(look, 500);
  });

  for (const lost of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    form.addEventListener(lost, () => {
      clearInterval(looking);
      say(form.dataset.lost);
    });
  }

  box.querySelector(".js-import-stop").addEventListener("click", () => {
    stopping = true;
    say(form.dataset.stopping);
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    fetch(form.dataset.stop, { method: "POST", headers: { "X-CSRFToken": token } });
  });
})();
