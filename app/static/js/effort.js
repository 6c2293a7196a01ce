/* A week as it is typed: the sum at every key, the way from account to account, and nothing typed is lost in this tab. */

const form = document.querySelector("[data-week]");
if (form) begin();

function begin() {
  const kept = `parallax-week ${form.dataset.week} ${location.search}`;
  const fields = [...form.querySelectorAll(".week-share, .week-complexity")];
  const bar = form.querySelector(".week-sum");
  const state = form.querySelector("[data-state]");
  const discard = form.querySelector("[data-discard]");
  let isSending = false;

  const changed = () => fields.filter((field) => !isSame(field.value, field.dataset.stored));

  // A refused form shows what was typed already.
  function restore() {
    if (form.hasAttribute("data-refused")) return;
    const before = JSON.parse(sessionStorage.getItem(kept) || "{}");
    for (const field of fields) if (field.name in before) field.value = before[field.name];
  }

  function keep() {
    const typed = Object.fromEntries(changed().map((field) => [field.name, field.value]));
    if (Object.keys(typed).length) sessionStorage.setItem(kept, JSON.stringify(typed));
    else sessionStorage.removeItem(kept);
  }

  function show() {
    keep();
    const shares = fields.filter((field) => field.matches(".week-share")).map((field) => permille(field.value));
    const isSaid = Number(form.dataset.elsewhere) > 0 || shares.some((share) => share !== null);
    const total = shares.reduce((sum, share) => sum + (share || 0), Number(form.dataset.elsewhere));
    form.querySelector("[data-sum]").textContent = isSaid ? weekWords(total) : "Nothing is said yet.";
    bar.classList.toggle("is-over", total > 1000);
    for (const field of fields.filter((each) => each.matches(".week-share"))) {
      field.closest("tr").querySelector("[data-level]").textContent = level(permille(field.value));
    }
    const many = changed().length;
    state.textContent = many ? `${many} not stored yet` : "";
    discard.hidden = !many;
  }

  restore();
  show();
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.addEventListener("submit", () => { isSending = true; });
  discard.addEventListener("click", () => {
    for (const field of fields) field.value = field.dataset.stored;
    show();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("button")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    const steps = { Enter: 1, ArrowDown: 1, ArrowUp: -1 };
    // In a list of choices the arrows choose.
    if (!(event.key in steps) || (event.key !== "Enter" && event.target.matches("select"))) return;
    event.preventDefault();
    const row = event.target.closest("tr");
    const next = steps[event.key] > 0 ? row?.nextElementSibling : row?.previousElementSibling;
    const field = next?.querySelector(event.target.matches("select") ? ".week-complexity" : ".week-share");
    field?.focus();
    field?.select?.();
  });
  addEventListener("beforeunload", (event) => {
    if (changed().length && !isSending) event.preventDefault();
  });
  form.dataset.ready = "";
}

/** Whether two texts say the same: `12,5` is `12.5`. */
function isSame(one, other) {
  const share = permille(one);
  return share === null ? one.trim() === other : share === permille(other);
}

/** A share in tenths of a percent; null where nothing is typed or it cannot be read. */
function permille(text) {
  const found = /^(\d{1,3})(?:[.,](\d))?$/.exec(text.trim().replace(/%$/, "").trim());
  const tenths = found ? Number(found[1]) * 10 + Number(found[2] || 0) : null;
  return tenths !== null && tenths <= 1000 ? tenths : null;
}

function weekWords(tenths) {
  const words = `Together ${tenths / 10} % of a week.`;
  return tenths > 1000 ? `${words} That is ${(tenths - 1000) / 10} % more than a week has; it is stored as typed.` : words;
}

function level(tenths) {
  if (tenths === null) return "";
  if (tenths >= 200) return "extremely high";
  if (tenths >= 100) return "high";
  return tenths >= 50 ? "probably high" : "usual";
}
