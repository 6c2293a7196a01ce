/* The editor of a scorecard: draws and adds up while one types; what is typed is saved after a pause. */

import { savePart } from "./part-saving.js";
import { drawCurve } from "./scorecard-curve.js";
import { showShares } from "./scorecard-shares.js";

const form = document.querySelector("#part");

savePart({
  kept: "parallax-scorecard",
  pauseMs: 700,
  unkept: ["place", "basis", "csrf_token"],
  unsent: ["csrf_token"],
  showFaults,
  onTouched() {
    drawCurve(form);
    showShares(form);
    tellMetric();
  },
  onFresh(anew) {
    // The share beside the form is no part that is replaced whole: one types beside it.
    for (const share of form.querySelectorAll("[data-share]")) {
      const made = anew.querySelector(`#part [data-share="${CSS.escape(share.dataset.share)}"]`);
      if (made) share.textContent = made.textContent;
    }
  },
});

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
