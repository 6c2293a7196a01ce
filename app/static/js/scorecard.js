/* The editor of a scorecard: draws and adds up while one types, saves after a pause, and says truly whether it is saved. */

import { Wire } from "./interview-wire.js";
import { drawCurve } from "./scorecard-curve.js";
import { showShares } from "./scorecard-shares.js";

const PAUSE_MS = 700;
const NAMED = ["place", "basis", "csrf_token"];

const form = document.querySelector("#part");
const words = document.querySelector("[data-save-words]");
const state = document.querySelector("[data-save]");
const trouble = document.querySelector("[data-trouble]");
const wire = new Wire(form.dataset);
const keptName = ["parallax-scorecard", form.dataset.user, form.dataset.draft, form.dataset.place].join(" ");

let typed = 0;
let stored = 0;
let sending = null;
let timer = 0;
let isLeaving = false;

restore();
form.addEventListener("input", touched);
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
  drawCurve(form);
  showShares(form);
  tellMetric();
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
  if (typed !== stored) return save();
  forget();
  freshen();
  const open = body.problems ? `, ${body.problems} to mend before publishing` : "";
  say("saved", `Saved ${new Date(body.saved_at).toLocaleTimeString("en-GB")}${open}`);
}

function content() {
  const all = {};
  for (const [name, value] of new FormData(form)) if (name !== "csrf_token") (all[name] ??= []).push(value);
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
  for (const line of form.querySelectorAll("[data-error]")) {
    const sentence = faults[line.dataset.error] ?? "";
    line.textContent = sentence;
    line.hidden = !sentence;
    const row = line.closest("[data-error-row]");
    if (row) row.hidden = !sentence;
    const field = form.querySelector(`[name="${CSS.escape(line.dataset.error)}"]`);
    if (field && sentence) field.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
  }
}

function tellMetric() {
  const fact = form.querySelector("[data-metric-fact]");
  if (!fact) return;
  const chosen = form.elements.metric.value.trim();
  const option = [...form.querySelectorAll("#metrics option")].find((each) => each.value === chosen);
  const divided = form.elements.per.value ? ` ${fact.dataset.divided}` : "";
  fact.textContent = option ? `${option.textContent}${divided}.` : chosen ? "No account has this metric so far." : "";
}

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
  // The share beside the form is no part that is replaced whole: one types beside it.
  for (const share of form.querySelectorAll("[data-share]")) {
    const made = anew.querySelector(`#part [data-share="${CSS.escape(share.dataset.share)}"]`);
    if (made) share.textContent = made.textContent;
  }
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
  const here = [...new FormData(form)].filter(([name]) => !NAMED.includes(name));
  // What a button sent has arrived if the server shows another state than the one that it was typed over.
  if (JSON.stringify(here) === JSON.stringify(kept.fields) || (kept.isSent && kept.basis !== form.elements.basis.value)) {
    forget();
    return;
  }
  const values = new Map();
  for (const [name, value] of kept.fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || NAMED.includes(field.name) || field.type === "submit") continue;
    const found = values.get(field.name) ?? [];
    if (found.length) field.value = found.shift();
  }
  form.elements.basis.value = kept.basis;
  touched();
}
