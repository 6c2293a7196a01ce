/* What this device keeps and the server did not take: to be read, copied, and downloaded as text. */

const FIELDS = { value: "Answer", absence: "No answer, because", note: "Note", quote: "Quote", quote_permission: "May be quoted", probes: "Probes asked" };

/** Shows entries in a place of the page; hidden where there are none. `forget` throws one away, where that is offered. */
export function showKept(place, entries, forget = null) {
  const marks = JSON.stringify(entries);
  if (place.dataset.shown === marks) return;
  place.dataset.shown = marks;
  place.hidden = entries.length === 0;
  place.querySelector("[data-kept-count]").textContent = entries.length === 1 ? "1 answer" : `${entries.length} answers`;
  place.querySelector("[data-kept-list]").replaceChildren(...entries.map((entry) => itemOf(entry, forget)));
  const download = place.querySelector("[data-kept-download]");
  URL.revokeObjectURL(download.href);
  download.href = URL.createObjectURL(new Blob([entries.map(textOf).join("\n\n")], { type: "text/plain;charset=utf-8" }));
}

/** An entry as text: whom it is about, the question, and what was typed when. */
export function textOf({ about, title, typedAt, content }) {
  const lines = Object.entries(content).filter(([, value]) => String(value).length > 0);
  const said = lines.map(([field, value]) => `${FIELDS[field] ?? field}: ${[value].flat().join(", ")}`);
  return [about, title, typedAt ? `Typed ${new Date(typedAt).toLocaleString("en-GB")}` : "", ...said].filter(Boolean).join("\n");
}

function itemOf(entry, forget) {
  const item = document.createElement("li");
  const words = document.createElement("p");
  words.className = "pre";
  words.textContent = textOf(entry);
  const row = document.createElement("p");
  row.className = "btn-row";
  row.append(button("Copy", (pressed) => copied(pressed, textOf(entry))));
  if (entry.address) row.append(link("Open the interview to send it", entry.address));
  if (forget) row.append(button("Throw away", () => confirm("Throw this text away? Nobody else has it.") && forget(entry)));
  item.append(words, row);
  return item;
}

async function copied(pressed, text) {
  await navigator.clipboard.writeText(text).then(
    () => (pressed.textContent = "Copied"),
    () => (pressed.textContent = "Select the text and copy it"),
  );
}

function button(words, act) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "btn btn-s", textContent: words });
  made.addEventListener("click", () => act(made));
  return made;
}

function link(words, address) {
  const made = document.createElement("a");
  Object.assign(made, { className: "btn btn-s", textContent: words, href: address });
  return made;
}
