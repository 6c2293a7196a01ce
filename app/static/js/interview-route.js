/* Branches: which questions are asked now, as the server said after a save, and where one stands among them. */

/** Whether a question is asked as the answers stand. */
export function isAsked(form) {
  return !("closed" in form.dataset);
}

/** Opens and closes questions and puts new words into scripts; `branches` came with the reply to a save. */
export function follow(page, forms, branches) {
  if (!branches) return;
  const asked = new Set(branches.asked);
  for (const form of forms) {
    const isOpen = asked.has(form.dataset.question);
    form.toggleAttribute("data-closed", !isOpen);
    form.querySelector("[data-closed-note]").hidden = isOpen;
    const words = branches.words[form.dataset.question];
    if (words !== undefined) form.querySelector("[data-said] p").textContent = words;
  }
  for (const lead of page.querySelectorAll("[data-lead]")) lead.hidden = !asked.has(lead.dataset.lead);
  showPositions(forms);
}

/** Counts the questions of each section that are asked. */
function showPositions(forms) {
  const sections = Map.groupBy ? Map.groupBy(forms, (form) => form.dataset.section) : grouped(forms);
  for (const own of sections.values()) {
    const asked = own.filter(isAsked);
    for (const form of own) {
      const position = Math.max(asked.indexOf(form) + 1, 1);
      form.querySelector("[data-position]").textContent = `question ${position} of ${Math.max(asked.length, 1)}`;
    }
  }
}

function grouped(forms) {
  const sections = new Map();
  for (const form of forms) sections.set(form.dataset.section, [...(sections.get(form.dataset.section) ?? []), form]);
  return sections;
}

/** The asked question before or after one, or undefined. */
export function beside(forms, current, step) {
  const here = forms.indexOf(current);
  const rest = step < 0 ? forms.slice(0, here).reverse() : forms.slice(here + 1);
  return rest.find(isAsked);
}
