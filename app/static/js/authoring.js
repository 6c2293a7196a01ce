/* The editor of a questionnaire: what is typed is saved after a pause and shown as the one who answers sees it. */

import { savePart } from "./part-saving.js";

const form = document.querySelector("#part");
const preview = document.querySelector("[data-preview]");

preview.addEventListener("load", showPart);
form.addEventListener("change", (event) => {
  // Another kind has other fields, another key another address: the page is made anew.
  if (["kind", "key"].includes(event.target.name)) form.requestSubmit();
});
savePart({
  kept: "parallax-draft",
  pauseMs: 900,
  unkept: ["place", "basis", "csrf_token", "new_kind"],
  unsent: ["csrf_token", "key"],
  showFaults,
  onSaved(body) {
    showHere(body.here);
    preview.contentWindow.location.reload();
  },
});

function showFaults(faults) {
  for (const place of document.querySelectorAll("[data-error]")) {
    const sentence = faults?.[place.dataset.error] ?? "";
    place.textContent = sentence;
    place.hidden = !sentence;
    const field = form.elements[place.dataset.error];
    if (!(field instanceof Element)) continue;
    if (sentence) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

function showHere(sentences) {
  const lines = sentences.map((sentence) => {
    const line = document.createElement("li");
    line.textContent = sentence;
    return line;
  });
  document.querySelector("[data-here]").replaceChildren(...lines);
}

/* The frame alone is scrolled: an address with a mark in it would move this page too. */
function showPart() {
  const field = preview.contentDocument?.getElementById(preview.dataset.shows ?? "");
  const shown = field?.closest("fieldset, .q") ?? field;
  if (shown) preview.contentWindow.scrollTo(0, shown.getBoundingClientRect().top + preview.contentWindow.scrollY - 12);
}
