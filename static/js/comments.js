// The mark beside a paragraph chooses it in the form for comments. Without this file it leads to the same form.
(() => {
  "use strict";

  document.addEventListener("click", (event) => {
    const mark = event.target.closest(".js-comment-on");
    const field = document.getElementById("comment-on-field");
    const words = document.getElementById("new-comment");
    if (!mark || !field || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const known = [...field.options].some((option) => option.value === mark.dataset.on);
    if (!known) return;
    event.preventDefault();
    field.value = mark.dataset.on;
    words.focus();
    document.getElementById("comment-form").scrollIntoView({ block: "nearest" });
  });
})();
