// Forms that save themselves (class js-autosave, together with htmx). Every one of them also works without this
// file, by its Save button. Promises kept here: what is typed is never lost, and the page always says how it stands.
(() => {
  "use strict";

  const RETRY_FIRST = 2000;
  const RETRY_MOST = 30000;
  const body = document.body;
  const states = new WeakMap();
  // What each request took along: the next may be on its way before the last has settled.
  const sent = new WeakMap();

  const text = (id) => document.getElementById("words").dataset[id];
  // Emptied first, so that the same words are said again.
  const announce = (words) => {
    const place = document.getElementById("announce");
    place.textContent = "";
    setTimeout(() => { place.textContent = words; }, 50);
  };
  const title = (form) => {
    const heading = document.getElementById(form.closest("[aria-labelledby]")?.getAttribute("aria-labelledby"));
    const words = heading ? heading.textContent.trim() : "";
    return words.length > 60 ? `${words.slice(0, 60).replace(/\s\S*$/, "")} …` : words;
  };
  const version = (form) => form.querySelector("input[name=version]");
  const draftKey = (form) => `draft:${body.dataset.user}:${form.getAttribute("action")}`;

  const values = (form) => {
    const found = {};
    // A browser leaves out radio buttons of which none is chosen; here that is an answer like any other.
    form.querySelectorAll("[type=radio]").forEach((radio) => { found[radio.name] = ""; });
    for (const [name, value] of new FormData(form)) {
      if (name !== "version" && name !== "csrfmiddlewaretoken") found[name] = value;
    }
    return found;
  };
  // As the server printed them: who types before this file has come has typed all the same.
  const printed = (form) => {
    const found = values(form);
    Object.keys(found).forEach((name) => {
      const fields = [...form.querySelectorAll(`[name="${name}"]`)].filter((field) => field.type !== "submit");
      const [first] = fields;
      if (first.type === "radio") found[name] = fields.find((field) => field.defaultChecked)?.value || "";
      else if (first.options) found[name] = ([...first.options].find((one) => one.defaultSelected) || first.options[0]).value;
      else if (first.type !== "checkbox") found[name] = first.defaultValue;
    });
    return found;
  };
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const state = (form) => states.get(form);
  // Before DOMContentLoaded a form has no state yet: what is typed by then is looked at there.
  const dirty = (form) => {
    const current = state(form);
    return Boolean(current) && current.paused !== true && !same(values(form), current.stored);
  };

  const say = (form, words, kind) => {
    const place = form.querySelector(".js-save-state");
    place.textContent = words;
    place.className = `js-save-state mp-save mp-save--${kind}`;
  };

  const fault = (form, word) => { say(form, text(word), "fault"); announce(text(word)); };

  const save = (form) => form.requestSubmit(form.querySelector(".js-save"));

  const setField = (form, name, value) => {
    const fields = form.querySelectorAll(`[name="${name}"]`);
    fields.forEach((field) => {
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.type !== "submit") field.value = value;
    });
  };

  // A draft lives in this tab until the server has it, so that a reload or a crash costs nothing.
  const keepDraft = (form) => {
    try {
      sessionStorage.setItem(draftKey(form), JSON.stringify({ version: version(form).value, values: values(form) }));
    } catch (error) { /* storage may be full or forbidden: the page still holds the text */ }
  };
  const dropDraft = (form) => {
    try { sessionStorage.removeItem(draftKey(form)); } catch (error) { /* as above */ }
  };
  const restoreDraft = (form) => {
    let draft = null;
    try { draft = JSON.parse(sessionStorage.getItem(draftKey(form))); } catch (error) { return false; }
    if (!draft) return false;
    if (same({ ...values(form), ...draft.values }, values(form))) { dropDraft(form); return false; }
    Object.entries(draft.values).forEach(([name, value]) => setField(form, name, value));
    version(form).value = draft.version;
    save(form);
    return true;
  };

  const retry = (form) => {
    const current = state(form);
    clearTimeout(current.timer);
    current.wait = Math.min((current.wait || RETRY_FIRST / 2) * 2, RETRY_MOST);
    current.timer = setTimeout(() => dirty(form) && save(form), current.wait);
  };

  const signInAgain = (form) => {
    const place = form.querySelector(".js-save-state");
    say(form, `${text("signedout")} `, "fault");
    const link = document.createElement("a");
    link.href = body.dataset.login;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = text("signin");
    place.append(link);
    announce(text("signedout"));
  };

  const conflict = (form) => {
    state(form).paused = true;
    const panel = document.getElementById(`conflict-${form.dataset.dom}`);
    panel.querySelectorAll("[data-mine]").forEach((field) => {
      // What was typed since the answer was on its way belongs to "yours" too.
      const live = form.querySelector(`textarea[name="${field.dataset.mine}"]`);
      if (live) field.value = live.value;
    });
    form.hidden = true;
    const folded = panel.closest("details");
    if (folded) folded.open = true;
    panel.querySelector(".js-focus").focus();
  };

  const settle = (form, stored) => {
    const current = state(form);
    current.stored = stored;
    current.wait = 0;
    clearTimeout(current.timer);
    if (current.basis) version(form).value = current.basis;
    current.basis = null;
    form.querySelector(".js-save-state").className = "js-save-state mp-save";
    if (dirty(form)) { keepDraft(form); save(form); return; }
    dropDraft(form);
    announce(`${title(form)}: ${form.querySelector(".js-save-state").textContent.trim()}`);
  };

  const each = (run) => document.querySelectorAll("form.js-autosave").forEach(run);
  const formOf = (event) => event.target.closest && event.target.closest("form.js-autosave");

  document.addEventListener("input", (event) => {
    const form = formOf(event);
    if (!form) return;
    const current = state(form);
    if (!current) return;
    const place = form.querySelector(".js-save-state");
    if (dirty(form)) {
      // What stood there comes back where the typing ends at what is stored.
      if (!place.classList.contains("mp-save--waiting")) current.before = place.innerHTML;
      keepDraft(form);
      say(form, text("typing"), "waiting");
    } else if (current.before && place.classList.contains("mp-save--waiting")) {
      dropDraft(form);
      place.innerHTML = current.before;
      place.className = "js-save-state mp-save";
    }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-clear]");
    if (!button) return;
    button.form.querySelectorAll(`[name="${button.dataset.clear}"]`).forEach((field) => { field.checked = false; });
    keepDraft(button.form);
  });

  // In a conflict the draft stays until somebody chooses; then the choice is the draft, until the server has it.
  document.addEventListener("submit", (event) => { if (event.target.matches(".mp-conflict")) keepDraft(event.target); });
  document.addEventListener("click", (event) => {
    const panel = event.target.closest(".mp-conflict a")?.closest("form");
    if (!panel) return;
    dropDraft(panel);
    const form = document.querySelector(`form.js-autosave[action="${panel.getAttribute("action")}"]`);
    if (form) { event.preventDefault(); form.reset(); location.reload(); }
  });

  // All of the form and nothing else. htmx takes a button that has the focus for a pressed one, and would go where it
  // leads: a save by itself presses none.
  const own = (form, request) => {
    const all = values(form);
    request.path = form.getAttribute("action");
    Object.keys(request.parameters).forEach((name) => {
      if (!(name in all) && !form.querySelector(`[type=hidden][name="${name}"]`)) delete request.parameters[name];
    });
    Object.entries(all).forEach(([name, value]) => {
      if (request.parameters[name] === undefined) request.parameters[name] = value;
    });
  };

  body.addEventListener("htmx:configRequest", (event) => {
    const form = formOf(event);
    if (form) own(form, event.detail);
    // The token may be newer than the page: signing in again in another tab changes it.
    const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${body.dataset.csrf}=`));
    if (found && event.detail.parameters.csrfmiddlewaretoken) {
      event.detail.parameters.csrfmiddlewaretoken = found.slice(body.dataset.csrf.length + 1);
    }
  });

  body.addEventListener("htmx:beforeRequest", (event) => {
    const form = formOf(event);
    if (!form) return;
    if (!dirty(form)) { event.preventDefault(); return; }
    sent.set(event.detail.xhr, values(form));
    say(form, text("saving"), "waiting");
  });

  body.addEventListener("htmx:afterSettle", (event) => {
    const form = formOf(event);
    const xhr = event.detail.xhr;
    if (!form || !xhr || xhr.status >= 300 || !sent.has(xhr)) return;
    settle(form, sent.get(xhr));
    sent.delete(xhr);
  });

  body.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event);
    if (!form || !event.detail.xhr) return;
    const status = event.detail.xhr.status;
    if (status === 409) conflict(form);
    else if (status === 422) announce(form.querySelector(".js-save-state").textContent);
    else if (status === 401) signInAgain(form);
    else if (status === 403) fault(form, "refused");
    else if (status === 429) { fault(form, "busy"); retry(form); }
    else if (status >= 400 && status < 500) fault(form, "untaken");
    else if (status === 0 || status >= 500) { fault(form, "retrying"); retry(form); }
  });

  // What somebody else changed meanwhile comes with the answer, before it takes its place on the page.
  body.addEventListener("htmx:beforeSwap", (event) => {
    const form = formOf(event);
    const answer = form && new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
    const foreign = answer && answer.querySelector("[data-foreign]");
    if (!foreign) return;
    const now = values(form);
    const before = sent.get(event.detail.xhr);
    Object.entries(JSON.parse(foreign.dataset.foreign)).forEach(([name, value]) => {
      if (now[name] === before[name]) {
        setField(form, name, value);
        before[name] = values(form)[name];
      } else {
        // Typed over before theirs was seen: the next save goes out from the old version, so that both are shown.
        state(form).basis = version(form).value;
      }
    });
  });

  // Back from signing in in another tab, or back on the network: try again at once.
  const again = () => each((form) => { if (dirty(form)) save(form); });
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", again);

  window.addEventListener("beforeunload", (event) => {
    let unsaved = false;
    each((form) => { unsaved = unsaved || dirty(form); });
    if (unsaved) event.preventDefault();
  });

  // htmx takes hold of the forms at this same event, and was asked first.
  document.addEventListener("DOMContentLoaded", () => each((form) => {
    states.set(form, { stored: printed(form), wait: 0, timer: 0, paused: false, basis: null });
    if (!restoreDraft(form) && dirty(form)) save(form);
  }));
})();
