/* Saves the part of a document that somebody types: after a pause, one request at a time, saying truly whether it is saved.
   What the server does not have yet is kept in the browser. */

import { Wire } from "./interview-wire.js";

/**
 * Starts saving the form `#part` and returns how to say that it was touched.
 *
 * `kept` names what the browser keeps, `unkept` are fields that it does not keep, `unsent` fields that no save sends.
 * `onTouched`, `onSaved(body)` and `onFresh(page)` show what the page shows besides; `showFaults(faults)` marks fields.
 */
export function savePart({ kept, pauseMs, unkept, unsent, showFaults, onTouched, onSaved, onFresh }) {
  const form = document.querySelector("#part");
  const words = document.querySelector("[data-save-words]");
  const state = document.querySelector("[data-save]");
  const trouble = document.querySelector("[data-trouble]");
  const wire = new Wire(form.dataset);
  const keptName = [kept, form.dataset.user, form.dataset.draft, form.dataset.place].join(" ");

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
    onTouched?.();
    say("saving", "Saving…");
    clearTimeout(timer);
    timer = setTimeout(save, pauseMs);
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
    onSaved?.(body);
    if (typed !== stored) return save();
    forget();
    freshen();
    const open = body.problems ? `, ${body.problems} to mend before publishing` : "";
    say("saved", `Saved ${new Date(body.saved_at).toLocaleTimeString("en-GB")}${open}`);
  }

  function content() {
    const all = {};
    for (const [name, value] of new FormData(form)) if (!unsent.includes(name)) (all[name] ??= []).push(value);
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

  function say(is, sentence) {
    words.textContent = sentence;
    state.classList.toggle("save-local", is === "unsaved");
  }

  /* Titles and marks beside the form are those that a new page would show; nothing under the pointer or focus moves, and
     a page that comes after that of a later save shows nothing. */
  async function freshen() {
    const now = stored;
    const address = `${location.pathname}?at=${encodeURIComponent(form.elements.place.value)}`;
    const reply = await fetch(address).catch(() => null);
    const text = reply?.ok && (await reply.text());
    if (!text || typed !== now) return;
    const anew = new DOMParser().parseFromString(text, "text/html");
    for (const place of document.querySelectorAll("[data-fresh]")) {
      const made = anew.querySelector(`[data-fresh=${place.dataset.fresh}]`);
      if (made && !place.contains(document.activeElement)) place.replaceChildren(...made.childNodes);
    }
    onFresh?.(anew);
  }

  /* ---- what the browser keeps until the server has it ---- */

  function fields() {
    return [...new FormData(form)].filter(([name]) => !unkept.includes(name));
  }

  function keep(isSent = false) {
    try {
      localStorage.setItem(keptName, JSON.stringify({ basis: form.elements.basis.value, fields: fields(), isSent }));
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
    let found = null;
    try {
      found = JSON.parse(localStorage.getItem(keptName) ?? "null");
    } catch {
      return;
    }
    if (!found) return;
    // What a button sent has arrived if the server shows another state than the one that it was typed over.
    const hasArrived = found.isSent && found.basis !== form.elements.basis.value;
    if (hasArrived || JSON.stringify(fields()) === JSON.stringify(found.fields)) return forget();
    fill(found.fields);
    form.elements.basis.value = found.basis;
    touched();
  }

  function fill(filled) {
    const values = new Map();
    for (const [name, value] of filled) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of form.elements) {
      if (!field.name || unkept.includes(field.name) || field.type === "submit") continue;
      const found = values.get(field.name) ?? [];
      if (field.type === "checkbox") field.checked = found.includes(field.value);
      else if (found.length) field.value = found.shift();
    }
  }
}
