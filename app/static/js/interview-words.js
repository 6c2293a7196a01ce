/* What the page says about saving, and the panel that shows two versions of one question. */

const FIELD_NAMES = {
  answer: "Answer",
  reason: "Skipped, because",
  note: "Note",
  quote: "Quote",
  quote_permission: "May be quoted",
  probes: "Probes asked",
  marks: "Marked",
};

/** The state of all questions in one sentence: {is, words}. Only the server's confirmation reads as saved. */
export function stateOf(questions, gate, queue) {
  const unsent = questions.filter((question) => question.isUnsent);
  if (unsent.length === 0) {
    return gate.savedAt ? { is: "saved", words: `Saved ${clock(gate.savedAt)}` } : { is: "idle", words: "Nothing typed yet" };
  }
  const decision = toDecide(unsent);
  if (decision) return { is: "unsaved", words: `Not saved: ${decision}` };
  const reason = reasonToWait(unsent, gate, queue);
  if (!reason) return { is: "saving", words: "Sending…" };
  if (unsent.every((question) => question.isKept)) {
    return { is: "device", words: `Saved on this device, not yet sent (${unsent.length}): ${reason}` };
  }
  return { is: "unsaved", words: `Not saved: ${reason}. Leave this page open` };
}

/** The same without times and counts, for those who hear the page: said once when it changes, not at each save. */
export function saidOf({ is, words }) {
  return { saved: "Saved", idle: "", saving: "" }[is] ?? words.replace(/ \(\d+\)/, "");
}

function toDecide(unsent) {
  const refused = unsent.find((question) => question.problem);
  if (refused) return refused.problem.message;
  return unsent.some((question) => question.conflict) ? "a question was saved elsewhere; choose which version stays" : "";
}

function reasonToWait(unsent, gate, queue) {
  if (gate.isShut) return gate.reason === "signed out" ? "you are signed out" : "somebody else is signed in";
  if (queue.isAway) return navigator.onLine ? "the server does not answer" : "no network";
  return unsent.some((question) => question.isBroken) ? "the server had a fault" : "";
}

export const SHUT_WORDS = {
  "signed out": "You are signed out. What you typed is kept on this device. Sign in in another tab; it is sent when you come back here.",
  "somebody else":
    "Somebody else is signed in in this browser now. What you typed is kept for you alone. Sign in as yourself in another tab, then Try again.",
};

export function clock(instant) {
  return new Date(instant).toLocaleTimeString("en-GB");
}

/** Fills the panel of a question that was saved elsewhere; the buttons do what they say. */
export function showConflict(question, template) {
  const panel = question.form.querySelector("[data-conflict]");
  const isShown = !panel.hidden;
  if (!question.conflict) {
    panel.hidden = true;
    panel.replaceChildren();
    return;
  }
  if (isShown) return;
  panel.append(template.content.cloneNode(true));
  const { theirs, yours } = question.conflict;
  const when = theirs.at ? ` at ${clock(theirs.at)}` : "";
  panel.querySelector("[data-who]").textContent = theirs.by ? `Saved by ${theirs.by}${when}.` : "";
  list(panel.querySelector("[data-theirs]"), question.form, theirs);
  list(panel.querySelector("[data-yours]"), question.form, yours);
  panel.querySelector("[data-mine]").addEventListener("click", () => question.keepMine());
  panel.querySelector("[data-take]").addEventListener("click", () => question.takeTheirs());
  panel.querySelector("[data-join]").addEventListener("click", () => question.joinTheirs());
  panel.hidden = false;
}

function list(into, form, content) {
  const shown = {
    answer: labelOf(form, "value", content.value) || labelOf(form, "value", content.absence && `:${content.absence}`) || labelOf(form, "absence", content.absence),
    reason: content.reason,
    note: content.note,
    quote: content.paraphrase && content.quote ? `${content.quote} (not word for word)` : content.quote,
    quote_permission: labelOf(form, "quote_permission", content.quote_permission),
    probes: (content.probes ?? []).join(" · "),
    marks: [content.star && "starred", content.later && "to come back to"].filter(Boolean).join(", "),
  };
  for (const [field, name] of Object.entries(FIELD_NAMES)) {
    if (!shown[field] && field !== "answer") continue;
    const [term, words] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = name;
    words.textContent = shown[field] || "none";
    into.append(term, words);
  }
}

function labelOf(form, name, value) {
  if (!value) return "";
  const labels = new Map(
    [...form.querySelectorAll(`input[type=checkbox][name=${name}], select[name^="place/"]`)].map((field) => [
      field.matches("select") ? field.name.slice("place/".length) : field.value,
      field.closest("label").lastChild.textContent.trim(),
    ]),
  );
  if (labels.size > 0 && name === "value") return value.split(" ").map((each) => labels.get(each) ?? each).join(", ");
  const radio = [...form.querySelectorAll(`input[type=radio][name=${name}]`)].find((each) => each.value === value);
  if (radio) return radio.closest("label").textContent.trim();
  return name === "value" && !value.startsWith(":") ? value : "";
}

/** Shows the sentence of a refused field at the field, and takes it away again. */
export function showProblem({ form, problem }) {
  for (const place of form.querySelectorAll("[data-error]")) {
    const isHere = problem?.field === place.dataset.error;
    place.textContent = isHere ? problem.message : "";
    place.hidden = !isHere;
    for (const field of form.querySelectorAll(`[name=${place.dataset.error}]:not([type=radio], [type=checkbox])`)) {
      if (isHere) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }
}

/** Says at a question who else wrote there, until one types oneself. */
export function showBy({ form, by }) {
  let place = form.querySelector("[data-by]");
  if (!place && !by) return;
  if (!place) {
    place = document.createElement("p");
    place.className = "small muted";
    place.dataset.by = "";
    form.querySelector("[data-conflict]").before(place);
  }
  place.textContent = by?.by ? `${by.by} wrote here${by.at ? ` at ${clock(by.at)}` : ""}.` : "";
}
