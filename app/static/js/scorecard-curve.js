/* The points curve, drawn while it is typed; a curve that goes back is not drawn, and its row is said. */

import { numberIn } from "./scorecard-shares.js";

const WIDTH = 320;
const HEIGHT = 120;
const MARGIN = 0.1;
const SVG = "http://www.w3.org/2000/svg";

/** Draws the curve of the form's rows, if they make one. */
export function drawCurve(form) {
  const drawing = form.querySelector("[data-curve]");
  if (!drawing) return;
  const line = drawing.querySelector("[data-line]");
  const corners = drawing.querySelector("[data-corners]");
  const pairs = pairsOf(form);
  const fault = faultOf(pairs);
  const said = form.querySelector('[data-error="points"]');
  said.textContent = fault;
  said.hidden = !fault;
  if (fault) {
    line.setAttribute("points", "");
    corners.replaceChildren();
    return;
  }
  const low = pairs[0].x;
  const high = pairs.at(-1).x;
  const span = high - low || 1;
  const places = pairs.map(({ x, y }) => [WIDTH * (MARGIN + (1 - 2 * MARGIN) * ((x - low) / span)), HEIGHT * (1 - y / 100)]);
  const whole = [[0, places[0][1]], ...places, [WIDTH, places.at(-1)[1]]];
  line.setAttribute("points", whole.map((place) => place.map((n) => n.toFixed(1)).join(",")).join(" "));
  corners.replaceChildren(...places.map(corner));
  form.querySelector("[data-low]").textContent = String(low);
  form.querySelector("[data-high]").textContent = String(high);
}

function pairsOf(form) {
  const worth = [...form.querySelectorAll("[name=point_worth]")];
  return [...form.querySelectorAll("[name=point_value]")]
    .map((field, row) => ({ row: row + 1, left: field.value.trim(), right: worth[row].value.trim() }))
    .filter(({ left, right }) => left || right)
    .map(({ row, left, right }) => ({ row, x: numberIn(left), y: numberIn(right) }));
}

function faultOf(pairs) {
  if (!pairs.length) return "Give at least one value and what it is worth.";
  for (const [at, { row, x, y }] of pairs.entries()) {
    if (x === null || y === null) return `Row ${row}: write the value and its points as numbers such as 2.5.`;
    if (y < 0 || y > 100) return `Row ${row}: points run from 0 to 100.`;
    if (at && x <= pairs[at - 1].x) return `Row ${row}: the curve goes back; each value must be above the one before it.`;
  }
  return "";
}

function corner([x, y]) {
  const mark = document.createElementNS(SVG, "circle");
  mark.setAttribute("class", "hc-corner");
  mark.setAttribute("cx", x.toFixed(1));
  mark.setAttribute("cy", y.toFixed(1));
  mark.setAttribute("r", "4");
  return mark;
}
