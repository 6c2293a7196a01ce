/* The editor of a questionnaire: saves what is typed after a pause, says truly whether it is saved, and shows it. */

import { Wire } from "./interview-wire.js";

const PAUSE_MS = 900;
const KEPT = "parallax-draft";
const NAMED = ["place", "basis", "csrf_token", "new_kind"];

const form = document.querySelector("#part");
const preview = document.querySelector("[data-preview]");
const words = document.querySelector("[data-save-words]");
const state = document.querySelector("[data-save]");
const trouble = document.querySelector("[data-trouble]");
const wire = new Wire(form.dataset);
const keptName = [KEPT, form.dataset.user, form.dataset.draft, form.dataset.place].join(" ");

let typed = 0;
let stored = 0;
let sending = null;
let timer = 0;
let isLeaving = false;

restore();
preview.addEventListener("load", showPart);
form.addEventListener("input", touched);
form.addEventListener("change", (event) => {
  // Another kind has other fields, another key another address: the page is made anew.
  if (["kind", "key"].includes(event.target.name)) form.requestSubmit();
});
document.addEventListener("submit", leaveByButton);
document.addEventListener("keydown", moveByKey);
document.querySelector("[data-again]").addEventListener("click", again);
addEventListener("beforeunload", (event) => {
  if (typed !== stored && !isLeaving) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden && typed !== stored) save();
});
form.dataset.ready = "";

function touched() {
  typed += 1;
  keep();
  say("saving", "Saving…");
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE_MS);
}

/** One request at a time; what is typed meanwhile goes with the next. */
async function save() {
  clearTimeout(timer);
  if (sending || typed === stored) return sending;
  const now = typed;
  sending = wire.send(form.action, content());
  const { status, body } = await sending;
  sending = null;
  if (status !== 200) return refused(status, body);
  stored = now;
  form.elements.basis.value = body.basis;
  trouble.hidden = true;
  showFaults(body.faults);
  showHere(body.here);
  preview.contentWindow.location.reload();
  if (typed !== stored) return save();
  forget();
  freshen();
  const open = body.problems ? `, ${body.problems} to mend before publishing` : "";
  say("saved", `Saved ${new Date(body.saved_at).toLocaleTimeString("en-GB")}${open}`);
}

function content() {
  const all = {};
  for (const [name, value] of new FormData(form)) if (!["csrf_token", "key"].includes(name)) (all[name] ??= []).push(value);
  return all;
}

function refused(status, body) {
  const reasons = {
    0: "the server does not answer. What you typed is kept in this browser",
    400: body.message ?? body.error?.advice ?? "something in it cannot be stored",
    401: "you are signed out. What you typed is kept in this browser: sign in in another tab",
    409: `${body.message} Press Save to see both versions`,
  };
  const reason = reasons[status] ?? body.error?.advice ?? "the server refused it";
  if (status === 400 && body.field) showFaults({ [body.field]: body.message });
  say("unsaved", `Not saved yet: ${reason}`);
  trouble.hidden = false;
  trouble.querySelector("[data-trouble-words]").textContent = `Not saved yet: ${reason}.`;
}

async function again() {
  const renewed = await wire.renew();
  if (renewed === "renewed") {
    form.elements.csrf_token.value = wire.token;
    typed += 1;
    save();
    return;
  }
  trouble.querySelector("[data-trouble-words]").textContent = {
    "signed out": "Not saved yet: you are still signed out. Sign in in another tab, then try again.",
    "somebody else": "Not saved yet: somebody else is signed in in this browser now. Sign in as yourself in another tab.",
    unreached: "Not saved yet: the server does not answer. Try again in a moment.",
  }[renewed];
}

/* A button sends the whole form by itself; what is under way must arrive first, or it would look like a colleague's. */
async function leaveByButton(event) {
  if (event.target !== form) return;
  clearTimeout(timer);
  if (sending) {
    event.preventDefault();
    const { submitter } = event;
    await sending;
    setTimeout(() => form.requestSubmit(submitter), 0);
    return;
  }
  isLeaving = true;
  if (typed !== stored) keep(true);
}

function moveByKey(event) {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const button = document.querySelector(`[data-key=${event.key}]`);
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
}

/* ---- what the page shows ---- */

function say(is, sentence) {
  words.textContent = sentence;
  state.classList.toggle("save-local", is === "unsaved");
}

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

/* Titles and marks beside the form are those that a new page would show; nothing under the pointer or focus moves, and a
   page that comes after that of a later save shows nothing. */
async function freshen() {
  const now = stored;
  const reply = await fetch(`${location.pathname}?at=${encodeURIComponent(form.elements.place.value)}`).catch(() => null);
  const text = reply?.ok && (await reply.text());
  if (!text || typed !== now) return;
  const anew = new DOMParser().parseFromString(text, "text/html");
  for (const place of document.querySelectorAll("[data-fresh]")) {
    const made = anew.querySelector(`[data-fresh=${place.dataset.fresh}]`);
    if (made && !place.contains(document.activeElement)) place.replaceChildren(...made.childNodes);
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

/* ---- what the browser keeps until the server has it ---- */

function keep(isSent = false) {
  try {
    const fields = [...new FormData(form)].filter(([name]) => !NAMED.includes(name));
    localStorage.setItem(keptName, JSON.stringify({ basis: form.elements.basis.value, fields, isSent }));
  } catch {
    // A browser that keeps nothing still has the page.
  }
}

function forget() {
  try {
    localStorage.removeItem(keptName);
  } catch {
    // Nothing was kept.
  }
}

function restore() {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(keptName) ?? "null");
  } catch {
    return;
  }
  if (!kept) return;
  const same = JSON.stringify([...new FormData(form)].filter(([name]) => !NAMED.includes(name))) === JSON.stringify(kept.fields);
  // What a button sent has arrived if the server shows another state than the one that it was typed over.
  if (same || (kept.isSent && kept.basis !== form.elements.basis.value)) return forget();
  const values = new Map();
  for (const [name, value] of kept.fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || NAMED.includes(field.name) || field.type === "submit") continue;
    const found = values.get(field.name) ?? [];
    if (field.type === "checkbox") field.checked = found.includes(field.value);
    else if (found.length) field.value = found.shift();
  }
  form.elements.basis.value = kept.basis;
  touched();
}
