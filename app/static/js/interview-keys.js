/* The keyboard all the way: every control that has a key says so by `data-key`; digits choose answers. */

const TEN_MS = 900;
const TYPED = "textarea, select, input:not([type=radio], [type=checkbox])";

let lastDigit = { key: "", at: 0 };

/** Listens to the page; `shown` gives the question in view, `areOn` whether single keys act, `act` what else there is. */
export function listenToKeys(page, { shown, areOn, go, openNext, announce }) {
  addEventListener("keydown", (event) => {
    if (page.querySelector("dialog[open]") || event.defaultPrevented) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      go(event.shiftKey ? "back" : "next");
      return;
    }
    const isTyping = event.target.matches(TYPED);
    if (event.key === "Escape" && isTyping) {
      event.preventDefault();
      shown().querySelector(".where").focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping || !areOn()) return;
    const key = event.key.toLowerCase();
    if (/^[0-9]$/.test(key) ? choose(shown(), event) : key === "o" ? openNext() : use(page, shown(), key, announce)) {
      event.preventDefault();
    }
  });
}

function use(page, form, key, announce) {
  if (key === '"' || key === "\\" || key.length !== 1) return false;
  const found = form.querySelector(`[data-key="${key}"]`) ?? page.querySelector(`[data-key="${key}"]`);
  if (!found || found.disabled) return false;
  if (found.matches(TYPED)) found.focus();
  else if (found.matches("fieldset, div")) (found.querySelector("input:checked") ?? found.querySelector("input, select"))?.focus();
  else if (found.name === "go") found.form.requestSubmit(found);
  else if (key === "h") found.focus();
  else {
    found.click();
    if (found.type === "checkbox") announce(`${found.closest("label").textContent.trim()}: ${found.checked ? "ticked" : "not ticked"}`);
  }
  return true;
}

function choose(form, { key: digit, timeStamp }) {
  const group = form.querySelector("[data-answer=choice]");
  if (!group) return false;
  const field = group.querySelector("input[type=checkbox]") ? boxFor(group, form, digit) : radioFor(group, digit, timeStamp);
  if (!field) return false;
  field.checked = field.type === "checkbox" ? !field.checked : true;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function boxFor(group, form, digit) {
  if (digit === "0") return form.querySelector("input[name=absence][value=not_applicable]");
  return group.querySelectorAll("input[type=checkbox]")[Number(digit) - 1];
}

/* The instant of a key is when it was pressed: a busy page gets to it later. */
function radioFor(group, digit, at) {
  const radios = [...group.querySelectorAll("input[type=radio]")];
  const values = radios.filter((radio) => radio.value && !radio.value.startsWith(":"));
  const named = (value) => values.find((radio) => radio.value === value);
  const isTen = digit === "0" && lastDigit.key === "1" && at - lastDigit.at < TEN_MS;
  lastDigit = { key: digit, at };
  if (named("10") && isTen) return named("10");
  if (values.every((radio) => /^\d+$/.test(radio.value)) && named(digit)) return named(digit);
  if (digit === "0") return radios.find((radio) => radio.value === ":not_applicable");
  return values.every((radio) => /^\d+$/.test(radio.value)) ? null : values[Number(digit) - 1];
}
