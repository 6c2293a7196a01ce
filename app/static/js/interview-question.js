/* One question: the fields of its form as a content, and a content in its fields; how it is saved stands in Saving. */

import { Saving } from "./interview-saving.js";

const FIELDS = ["value", "absence", "note", "quote", "quote_permission", "probes"];

export class Question extends Saving {
  constructor(form, shared) {
    super({ slot: form.dataset.question, revision: Number(form.dataset.revision), saved: asServed(form), ...shared });
    this.form = form;
    this.title = form.dataset.title;
  }

  get key() {
    return this.slot;
  }

  get address() {
    return this.form.action;
  }

  content() {
    return contentIn(this.form);
  }

  fill(content) {
    const isWritten = Boolean(this.form.querySelector("textarea[name=value]"));
    const radio = !isWritten && content.absence && !content.value ? `:${content.absence}` : content.value;
    for (const field of this.form.querySelectorAll("textarea")) field.value = content[field.name] ?? "";
    for (const field of this.form.querySelectorAll("input[type=radio]")) {
      field.checked = field.value === (field.name === "value" ? radio : (content[field.name] ?? ""));
    }
    for (const field of this.form.querySelectorAll("input[type=checkbox]")) {
      field.checked = (content.probes ?? []).includes(field.value);
    }
  }

  get isDone() {
    const { value, absence } = this.content();
    return value.trim() !== "" || absence !== "";
  }

  /** Puts other texts above one's own, to be edited before “Keep mine”. */
  join(others) {
    const mine = this.content();
    for (const field of this.form.querySelectorAll("textarea")) {
      const [own, other] = [mine[field.name].trim(), (others[field.name] ?? "").trim()];
      if (other && !own.includes(other)) field.value = own ? `${other}\n${own}` : other;
    }
  }

  /** An older content with what has been typed since the page was opened: both texts where both have one. */
  merged(older) {
    const typed = this.content();
    const merged = { ...older };
    for (const field of FIELDS) {
      const [was, is, before] = [older[field], typed[field], this.saved[field]].map((value) => JSON.stringify(value));
      if (is === before) continue;
      const isText = this.form.querySelector(`textarea[name=${field}]`) && older[field] && was !== before;
      merged[field] = isText && !typed[field].includes(older[field]) ? `${older[field]}\n${typed[field]}` : typed[field];
    }
    return merged;
  }

  isSame(one, other) {
    return FIELDS.every((field) => JSON.stringify(one[field]) === JSON.stringify(other[field]));
  }

  contentOf(theirs) {
    return Object.fromEntries(FIELDS.map((field) => [field, theirs[field] ?? (field === "probes" ? [] : "")]));
  }
}

function contentIn(form) {
  const data = new FormData(form);
  const radio = String(data.get("value") ?? "");
  const isAbsent = radio.startsWith(":") && !form.querySelector("textarea[name=value]");
  return {
    value: isAbsent ? "" : radio,
    absence: isAbsent ? radio.slice(1) : String(data.get("absence") ?? ""),
    note: String(data.get("note") ?? ""),
    quote: String(data.get("quote") ?? ""),
    quote_permission: String(data.get("quote_permission") ?? ""),
    probes: data.getAll("probes").map(String),
  };
}

/* What the server put into the fields, whatever was typed before this script ran; a refused form was never stored. */
function asServed(form) {
  if ("refused" in form.dataset) return {};
  const served = form.cloneNode(true);
  served.reset();
  return contentIn(served);
}
