/* A page of translations that was typed into asks before it is left without saving. */

const form = document.querySelector("[data-unsaved]");
let isUnsaved = false;

form.addEventListener("input", () => {
  isUnsaved = true;
});
form.addEventListener("submit", () => {
  isUnsaved = false;
});
addEventListener("beforeunload", (event) => {
  if (isUnsaved) event.preventDefault();
});
