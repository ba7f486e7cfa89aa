// Copies the kit's text; where the browser does not allow that, the text is selected to be copied by hand.
for (const button of document.querySelectorAll(".js-select")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.select);
    const words = button.parentElement.querySelector(".js-selected");
    field.focus();
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      words.textContent = button.dataset.copied;
    } catch {
      words.textContent = button.dataset.selected;
    }
  });
}
