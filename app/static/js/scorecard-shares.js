/* The shares of groups and measures, added up while weights are typed. */

const NUMBER = /^[+-]?(\d{1,30}([.,]\d{0,20})?|[.,]\d{1,20})(e[+-]?\d{1,2})?$/i;
const THOUSANDS = /[1-9]\d{0,2},\d{3}$/;

/** The number that was typed, or null where it is none or ambiguous. */
export function numberIn(text) {
  const plain = text.trim().replace("−", "-");
  return NUMBER.test(plain) && !THOUSANDS.test(plain) ? Number(plain.replace(",", ".")) : null;
}

/** Shows each share beside its weight, where the form holds all weights. */
export function showShares(form) {
  const table = form.querySelector("[data-measures]");
  if (!table) return;
  const groups = rows(form.querySelector("[data-groups]"), "group");
  const measures = rows(table, "measure").map((row) => ({ ...row, weight: row.weight / (row.tier === "secondary" ? 2 : 1) }));
  const within = sums(measures, groups.length ? "group" : null);
  const used = groups.filter((group) => within.get(group.key));
  const total = used.reduce((sum, group) => sum + group.weight, 0);
  for (const group of groups) show(form, `group.${group.key}`, used.includes(group) && total ? group.weight / total : 0);
  for (const measure of measures) {
    const group = groups.find((each) => each.key === measure.group);
    const around = groups.length ? (group && total ? group.weight / total : 0) : 1;
    const all = within.get(groups.length ? measure.group : "");
    show(form, `measure.${measure.key}`, all ? (around * measure.weight) / all : 0);
  }
}

function rows(table, kind) {
  if (!table) return [];
  return [...table.querySelectorAll(`[name=${kind}_key]`)].map((field) => {
    const row = field.closest("tr");
    const value = (name) => row.querySelector(`[name=${kind}_${name}]`)?.value ?? "";
    return { key: field.value, weight: Math.max(numberIn(value("weight")) ?? 0, 0), tier: value("tier"), group: value("group") };
  });
}

function sums(measures, by) {
  const found = new Map();
  for (const measure of measures) {
    const name = by ? measure[by] : "";
    found.set(name, (found.get(name) ?? 0) + measure.weight);
  }
  return found;
}

function show(form, name, share) {
  const place = form.querySelector(`[data-share="${CSS.escape(name)}"]`);
  if (place) place.textContent = share > 0 && share < 0.005 ? "<1\u00a0%" : `${Math.round(share * 100)}\u00a0%`;
}
