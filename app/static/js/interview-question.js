/* One question: what stands in its fields, what the server confirmed, and what is under way in between.

   At most one request is under way, and a content that was sent stays "sending" until it was answered: after a lost
   answer the same content goes out again before anything newer, so nobody is in conflict with themselves. */

import { UNREACHED } from "./interview-wire.js";

const PLACE = "place/";
const TYPING_MS = 1000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30000;
const RETRYING = new Set([UNREACHED, 408, 429, 500, 502, 503, 504]);
const FIELDS = ["value", "absence", "reason", "note", "quote", "quote_permission", "paraphrase", "probes", "star", "later"];

export class Question {
  constructor(form, { drafts, wire, changed, gate }) {
    Object.assign(this, { form, drafts, wire, changed, gate });
    this.key = form.dataset.question;
    this.title = form.dataset.title;
    this.revision = Number(form.dataset.revision);
    this.saved = asServed(form);
    this.sending = null;
    this.conflict = null;
    this.problem = null;
    this.isBusy = false;
    this.isRetrying = false;
    this.isKept = true;
    this.failures = 0;
    this.timer = null;
    this.renewals = 0;
  }

  content() {
    return contentIn(this.form);
  }

  fill(content) {
    const isCoded = Boolean(this.form.querySelector("input[type=radio][name=value]"));
    const radio = isCoded && content.absence && !content.value ? `:${content.absence}` : content.value;
    const chosen = (content.value ?? "").split(" ");
    for (const field of this.form.querySelectorAll("textarea, input:not([type=radio], [type=checkbox], [type=hidden])")) {
      field.value = content[field.name] ?? "";
    }
    for (const field of this.form.querySelectorAll(`select[name^="${PLACE}"]`)) {
      const place = chosen.indexOf(field.name.slice(PLACE.length)) + 1;
      field.value = place ? String(place) : "";
    }
    for (const field of this.form.querySelectorAll("input[type=radio]")) {
      field.checked = field.value === (field.name === "value" ? radio : (content[field.name] ?? ""));
    }
    for (const field of this.form.querySelectorAll("input[type=checkbox]")) {
      const ticked = { value: chosen, probes: content.probes ?? [] }[field.name] ?? [content[field.name]];
      field.checked = ticked.includes(field.value);
    }
  }

  get isUnsent() {
    return Boolean(this.sending || this.conflict) || !same(this.content(), this.saved);
  }

  get isDone() {
    const { value, absence, reason } = this.content();
    return value.trim() !== "" || absence !== "" || reason.trim() !== "";
  }

  get isLater() {
    return this.content().later !== "";
  }

  /** Something was typed: kept at once, sent after a pause in the typing, or now. */
  touched(isNow) {
    this.problem = null;
    this.keep();
    this.plan(isNow ? 0 : TYPING_MS);
    this.changed();
  }

  /** Goes on where this window left off before it was reloaded, or another one before it was closed. */
  restore(draft, key) {
    this.fill(draft.content);
    this.revision = draft.revision;
    this.sending = draft.sending ?? null;
    this.keep();
    if (this.isKept) this.drafts.forget(key, this.key);
    this.plan(0);
  }

  plan(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), delay);
  }

  keep() {
    if (!this.isUnsent) {
      this.drafts.drop(this.key);
      return;
    }
    const { revision, sending } = this;
    this.isKept = this.drafts.keep(this.key, { revision, sending, content: this.content() });
  }

  async send() {
    clearTimeout(this.timer);
    if (this.isBusy || this.conflict || this.problem || this.gate.isShut) return;
    if (!this.sending) {
      if (same(this.content(), this.saved)) {
        this.keep();
        this.changed();
        return;
      }
      this.sending = { revision: this.revision, content: this.content() };
      this.keep();
    }
    this.isBusy = true;
    this.changed();
    const { status, body } = await this.wire.post(this.form.action, this.sending.revision, this.sending.content);
    this.isBusy = false;
    await this.answered(status, body);
    this.keep();
    this.changed();
  }

  async answered(status, body) {
    this.isRetrying = false;
    if (status === 200) this.confirmed(body);
    else if (RETRYING.has(status)) this.retryLater();
    else if (status === 401) this.gate.shut("signed out");
    else if (status === 409 && body.theirs) this.collided(body);
    else if (status === 400 && !body.message) await this.renewed();
    else this.refused(body);
  }

  confirmed({ revision, saved_at: savedAt, branches }) {
    if (branches) this.form.dispatchEvent(new CustomEvent("branches", { bubbles: true, detail: branches }));
    this.failures = 0;
    this.renewals = 0;
    this.saved = this.sending.content;
    this.revision = revision;
    this.sending = null;
    this.form.elements.revision.value = revision;
    this.gate.savedAt = savedAt;
    if (!same(this.content(), this.saved)) this.plan(TYPING_MS / 4);
  }

  retryLater() {
    this.isRetrying = true;
    this.plan(Math.min(FIRST_RETRY_MS * 2 ** this.failures, LAST_RETRY_MS));
    this.failures += 1;
  }

  collided(body) {
    this.sending = null;
    this.conflict = body;
  }

  /** Nothing was stored; what was typed stays, and goes out again once it was changed or on “Try again”. */
  refused(body) {
    this.sending = null;
    const advice = body.error ? `${body.error.title}. ${body.error.advice}` : "The server refused it.";
    this.problem = { field: body.field ?? null, message: body.message ?? advice };
  }

  /** The page is older than the session: a fresh token, once; then it is not the token. */
  async renewed() {
    this.renewals += 1;
    const state = this.renewals > 2 ? "refused" : await this.wire.renew();
    if (state === "renewed") this.plan(0);
    else if (state === "unreached") this.retryLater();
    else if (state === "refused") this.refused({ message: "This page could not prove that it is ours. Reload it; what you typed is kept." });
    else this.gate.shut(state);
  }

  /** Ends a conflict: what stands in the fields now is saved over theirs, which stays in the history. */
  keepMine() {
    this.revision = this.conflict.revision;
    this.saved = contentOf(this.conflict.theirs);
    this.conflict = null;
    this.touched(true);
  }

  takeTheirs() {
    this.fill(this.conflict.theirs);
    this.keepMine();
  }

  /** Puts the texts of both below each other, to be edited before “Keep mine”. */
  join() {
    const mine = this.content();
    const { theirs } = this.conflict;
    for (const field of this.form.querySelectorAll("textarea")) {
      const [own, other] = [mine[field.name].trim(), (theirs[field.name] ?? "").trim()];
      if (other && !own.includes(other)) field.value = own ? `${other}\n${own}` : other;
    }
    this.keep();
  }

  /** “Try again”, the network is back, or somebody signed in. */
  again() {
    this.failures = 0;
    this.renewals = 0;
    if (this.problem) this.problem = null;
    if (this.isUnsent) this.plan(0);
  }
}

function contentIn(form) {
  const data = new FormData(form);
  const value = valueIn(form, data);
  const isAbsent = value.startsWith(":") && Boolean(form.querySelector("input[type=radio][name=value]"));
  const typed = (name) => String(data.get(name) ?? "");
  return {
    value: isAbsent ? "" : value,
    absence: isAbsent ? value.slice(1) : typed("absence"),
    reason: typed("reason"),
    note: typed("note"),
    quote: typed("quote"),
    quote_permission: typed("quote_permission"),
    paraphrase: typed("paraphrase"),
    probes: data.getAll("probes").map(String),
    star: typed("star"),
    later: typed("later"),
  };
}

/* The answer as its kind reads it: the boxes that are ticked, or the options in the order of their places. Two options at
   one place make no order: such an option comes twice, which the server refuses in words. */
function valueIn(form, data) {
  const places = [...form.querySelectorAll(`select[name^="${PLACE}"]`)].filter((field) => field.value);
  if (places.length === 0) return data.getAll("value").map(String).join(" ");
  const taken = (place) => places.filter((field) => field.value === place).length;
  const ordered = places.toSorted((one, other) => Number(one.value) - Number(other.value));
  return ordered.flatMap((field) => Array(Math.min(taken(field.value), 2)).fill(field.name.slice(PLACE.length))).join(" ");
}

/* What the server put into the fields, whatever was typed before this script ran; a refused form was never stored. */
function asServed(form) {
  if ("refused" in form.dataset) return {};
  const served = form.cloneNode(true);
  served.reset();
  return contentIn(served);
}

function contentOf(theirs) {
  return Object.fromEntries(FIELDS.map((field) => [field, theirs[field] ?? (field === "probes" ? [] : "")]));
}

function same(one, other) {
  return FIELDS.every((field) => JSON.stringify(one[field]) === JSON.stringify(other[field]));
}
