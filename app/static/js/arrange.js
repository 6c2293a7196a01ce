/* Arranging a page: rows move by drag and by their buttons, at once; the order of the rows is what the form sends. */

const said = document.querySelector("[data-said]");
let held = null;

document.querySelectorAll("[data-arranged]").forEach((list) => {
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li");
    const beside = button.dataset.move === "up" ? row.previousElementSibling : row.nextElementSibling;
    if (!beside) return;
    if (button.dataset.move === "up") beside.before(row);
    else beside.after(row);
    settle(list, row);
    // A button that has come to the end is of no use any more: its twin takes the focus.
    (button.disabled ? row.querySelector("[data-move]:not([disabled])") : button)?.focus();
  });
  list.addEventListener("dragstart", (event) => {
    held = event.target.closest("li");
    // Text in a field is selected by dragging, not moved.
    if (!held || event.target !== held) { held = null; return; }
    held.dataset.held = "";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.dataset.name);
  });
  list.addEventListener("dragover", (event) => {
    const row = event.target.closest("li");
    if (!held || !row || row.parentNode !== held.parentNode) return;
    event.preventDefault();
    const box = row.getBoundingClientRect();
    if (row === held) return;
    if (event.clientY < box.top + box.height / 2) row.before(held);
    else row.after(held);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    if (!held) return;
    delete held.dataset.held;
    settle(list, held);
    held = null;
  });
  // A field in a row that can be dragged is typed in as everywhere.
  list.querySelectorAll("input, select").forEach((field) => {
    const row = field.closest("li");
    field.addEventListener("pointerdown", () => { row.draggable = false; });
    field.addEventListener("pointerup", () => { row.draggable = true; });
    field.addEventListener("blur", () => { row.draggable = true; });
  });
});

function settle(list, row) {
  const rows = [...list.children];
  rows.forEach((each, place) => {
    each.querySelector('[data-move="up"]').disabled = place === 0;
    each.querySelector('[data-move="down"]').disabled = place === rows.length - 1;
  });
  said.textContent = `${row.dataset.name} is now number ${rows.indexOf(row) + 1} of ${rows.length}.`;
}
