/* Arranging a page: rows move by drag and by their buttons, at once; the order of the rows is what the form sends. */

const said = document.querySelector("[data-said]");
const FAR = 4;
/** How near the edge of the window a held row scrolls the page, and how far at a time. */
const EDGE = 56;
const STEP = 14;
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
  list.addEventListener("pointerdown", (event) => {
    if (held || event.button !== 0 || event.target.closest("input, select, button")) return;
    // A finger scrolls the page everywhere but on the grip; a mouse takes the row anywhere.
    if (event.pointerType !== "mouse" && !event.target.closest(".grip")) return;
    const row = event.target.closest("li");
    if (row) held = { list, row, pointer: event.pointerId, from: event.clientY, next: row.nextElementSibling, isMoving: false };
  });
  list.addEventListener("pointermove", (event) => {
    if (held?.pointer !== event.pointerId) return;
    // A click on a name is no drag: that begins a few points further.
    if (!held.isMoving && Math.abs(event.clientY - held.from) < FAR) return;
    if (!held.isMoving) take(event.pointerId);
    if (event.clientY < EDGE) scrollBy(0, -STEP);
    else if (event.clientY > innerHeight - EDGE) scrollBy(0, STEP);
    bring(event.clientY);
  });
  list.addEventListener("pointerup", (event) => { if (held?.pointer === event.pointerId) drop(); });
  list.addEventListener("pointercancel", (event) => { if (held?.pointer === event.pointerId) putBack(); });
});
addEventListener("pointerup", () => { if (held && !held.isMoving) held = null; });
addEventListener("keydown", (event) => { if (held && event.key === "Escape") putBack(); });

function take(pointer) {
  held.isMoving = true;
  held.row.dataset.held = "";
  held.list.setPointerCapture(pointer);
  getSelection().removeAllRanges();
}

/** Puts the held row before the first row whose middle lies below the pointer, or at the end. */
function bring(y) {
  const others = [...held.list.children].filter((each) => each !== held.row);
  const below = others.find((each) => {
    const box = each.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  if (below ? below.previousElementSibling !== held.row : held.list.lastElementChild !== held.row) held.list.insertBefore(held.row, below ?? null);
}

function drop() {
  const { list, row, next, isMoving } = held;
  delete row.dataset.held;
  held = null;
  if (isMoving && row.nextElementSibling !== next) settle(list, row);
}

/** Whoever thinks better of it has the row where it was. */
function putBack() {
  if (held.isMoving) held.list.insertBefore(held.row, held.next);
  drop();
}

function settle(list, row) {
  const rows = [...list.children];
  rows.forEach((each, place) => {
    each.querySelector('[data-move="up"]').disabled = place === 0;
    each.querySelector('[data-move="down"]').disabled = place === rows.length - 1;
  });
  said.textContent = `${row.dataset.name} is now number ${rows.indexOf(row) + 1} of ${rows.length}.`;
}
