/* One question: the fields of its form as a content, and a content in its fields; how it is saved stands in Saving. */

import { Saving } from "./interview-saving.js";


const PLACE = "place/";
const FIELDS = ["value", "absence", "reason", "note", "quote", "quote_permission", "paraphrase", "probes", "star", "later"];

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

  get isDone() {
    const { value, absence, reason } = this.content();
    return value.trim() !== "" || absence !== "" || reason.trim() !== "";
  }

  get isLater() {
    return this.content().later !== "";
  }

  /** Branches that the save has opened or closed come into view. */
  confirmed(body) {
    if (body.branches) this.form.dispatchEvent(new CustomEvent("branches", { bubbles: true, detail: body.branches }));
    super.confirmed(body);
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
