// Small manners of the frame. Every page works without this file.
(() => {
  "use strict";

  const menu = document.querySelector(".mp-header__menu");
  const nav = document.getElementById("sidenav");
  if (menu && nav) {
    // Only with a script can the navigation be folded away, so only then is it.
    document.documentElement.classList.add("mp-foldable");
    const words = [menu.textContent, menu.dataset.close];
    const unfold = (open) => {
      menu.setAttribute("aria-expanded", String(open));
      menu.textContent = words[Number(open)];
    };
    menu.addEventListener("click", () => unfold(menu.getAttribute("aria-expanded") !== "true"));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || menu.getAttribute("aria-expanded") !== "true") return;
      unfold(false);
      menu.focus();
    });
  }

  const close = (drop) => { drop.open = false; };
  document.addEventListener("click", (event) => {
    document.querySelectorAll(".mp-drop[open]").forEach((drop) => {
      if (!drop.contains(event.target)) close(drop);
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll(".mp-drop[open]").forEach((drop) => {
      close(drop);
      drop.querySelector("summary").focus();
    });
  });

  // Text that only a button saves, and a choice between two texts: leaving the page asks first. Forms that save
  // themselves see to it in autosave.js.
  let decided = false;
  document.addEventListener("submit", (event) => { decided = decided || !event.defaultPrevented; });
  document.addEventListener("click", (event) => { decided = decided || Boolean(event.target.closest(".mp-conflict a")); });
  window.addEventListener("beforeunload", (event) => {
    const fields = [...document.querySelectorAll("form:not(.js-autosave) textarea, form.js-asks input")];
    const typed = fields.some((field) => field.value !== field.defaultValue || (field.checked ?? false) !== (field.defaultChecked ?? false));
    if (!decided && (typed || document.querySelector(".mp-conflict"))) event.preventDefault();
  });
})();
