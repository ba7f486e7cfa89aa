// Rows that change their place: by two buttons, which also work without this file, or by dragging a line at its grip.
// What is typed in a line stays as it is: the lines are put into the order of the server's answer.
(() => {
  "use strict";

  const announce = (words) => {
    const place = document.getElementById("announce");
    place.textContent = "";
    setTimeout(() => { place.textContent = words; }, 50);
  };

  // Lines keep their node, with what is typed in it; what stands beside them is the server's.
  const order = (page) => {
    const lists = [...page.querySelectorAll(".js-lines")];
    const known = lists.every((list) => [...list.children].every((line) => document.getElementById(line.id)));
    if (!known) { location.reload(); return; }
    lists.forEach((list) => {
      const mine = document.getElementById(list.id);
      [...list.children].forEach((line) => {
        const here = document.getElementById(line.id);
        here.querySelector(".mp-line__tools").replaceWith(document.importNode(line.querySelector(".mp-line__tools"), true));
        here.querySelector("label").textContent = line.querySelector("label").textContent;
        mine.append(here);
      });
      const heading = mine.getAttribute("aria-labelledby");
      document.getElementById(heading).innerHTML = page.getElementById(heading).innerHTML;
    });
    grips();
  };

  const move = async (address, fields, focus) => {
    const box = document.querySelector(".js-places");
    let page = null;
    try {
      const response = await fetch(address, { method: "POST", body: new URLSearchParams(fields) });
      if (!response.ok) throw new Error(response.status);
      page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (!page.querySelector(".js-places")) throw new Error("another page came");
    } catch (error) {
      announce(box.dataset.failed);
      return;
    }
    if (box.hasAttribute("data-keeps")) order(page);
    else box.innerHTML = page.querySelector(".js-places").innerHTML;
    document.getElementById(focus)?.focus();
    announce(box.dataset.moved);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches(".js-place")) return;
    event.preventDefault();
    const fields = { ...Object.fromEntries(new FormData(form)), [event.submitter.name]: event.submitter.value };
    move(form.getAttribute("action"), fields, event.submitter.id);
  });

  // --- Dragging: for a mouse or a pen; the buttons are there for everybody -------------------------------------
  let dragged = null;
  const grips = () => document.querySelectorAll(".mp-line[data-move]").forEach((line) => {
    const tools = line.querySelector(".mp-line__tools");
    if (tools.querySelector(".mp-line__grip")) return;
    const grip = document.createElement("span");
    grip.className = "mp-line__grip";
    grip.setAttribute("aria-hidden", "true");
    grip.textContent = "⠿";
    grip.addEventListener("pointerdown", () => { line.draggable = true; });
    grip.addEventListener("pointerup", () => { line.draggable = false; });
    tools.append(grip);
  });

  const listUnder = (event) => event.target.closest(".mp-part")?.querySelector(".js-lines");
  const below = (list, y) => [...list.children].find((line) => {
    const box = line.getBoundingClientRect();
    return line !== dragged && y < box.top + box.height / 2;
  });
  const unmark = () => document.querySelectorAll(".mp-lines--over").forEach((list) => list.classList.remove("mp-lines--over"));

  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".mp-line[draggable=true]") || null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.pk);
    dragged.classList.add("mp-line--dragged");
  });
  document.addEventListener("dragover", (event) => {
    const list = dragged && listUnder(event);
    unmark();
    if (!list) return;
    event.preventDefault();
    list.classList.add("mp-lines--over");
  });
  document.addEventListener("drop", (event) => {
    const list = dragged && listUnder(event);
    if (!list) return;
    event.preventDefault();
    const token = dragged.querySelector("[name=csrfmiddlewaretoken]").value;
    const before = below(list, event.clientY)?.dataset.pk || "";
    const fields = { csrfmiddlewaretoken: token, into: list.dataset.part, before };
    move(dragged.dataset.move, fields, `up-items-${dragged.dataset.pk}`);
  });
  document.addEventListener("dragend", () => {
    unmark();
    dragged?.classList.remove("mp-line--dragged");
    if (dragged) dragged.draggable = false;
    dragged = null;
  });

  grips();
})();
