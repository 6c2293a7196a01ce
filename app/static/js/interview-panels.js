/* What floats over the page: all its keys, and a way to any question by typing; and what is loaded when it is asked for. */

import { isAsked } from "./interview-route.js";

const MOST_FOUND = 8;

/** Makes the panels open by their buttons; `turnTo` goes to a question by name. */
export function listenToPanels(page, forms, turnTo) {
  page.querySelector("[data-tools]").hidden = false;
  const finder = page.querySelector("[data-panel=finder]");
  const emptyFinder = listenToFinder(finder, forms, turnTo);
  for (const button of page.querySelectorAll("[data-open]")) {
    const panel = page.querySelector(`[data-panel="${button.dataset.open}"]`);
    button.addEventListener("click", () => {
      // Before it opens, not by its event: that comes late, and who types at once would lose the first letters.
      if (panel === finder) emptyFinder();
      panel.showModal();
    });
  }
  listenToEarlier(page.querySelector("[data-earlier]"));
}

/** Lets somebody find a question by typing; returns what empties the finder before it opens. */
function listenToFinder(panel, forms, turnTo) {
  const [field, found, count] = ["#finder-words", "[data-found]", "[data-finder-count]"].map((each) => panel.querySelector(each));
  const titles = new Map(forms.map((form) => [form, `${form.dataset.title} ${form.querySelector(".where").textContent}`.toLowerCase()]));
  const show = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const hits = forms.filter((form) => isAsked(form) && words.every((word) => titles.get(form).includes(word)));
    count.textContent = hits.length > MOST_FOUND ? `${hits.length} questions, the first ${MOST_FOUND} below` : `${hits.length} found`;
    found.replaceChildren(...hits.slice(0, MOST_FOUND).map((form) => line(form, panel)));
  };
  field.addEventListener("input", show);
  panel.addEventListener("close", () => {
    const wanted = panel.returnValue === "first" ? found.querySelector("button")?.value : panel.returnValue;
    if (wanted && forms.some((form) => form.dataset.question === wanted)) turnTo(wanted);
  });
  return () => {
    field.value = "";
    panel.returnValue = "";
    show();
  };
}

function line(form, panel) {
  const [item, button, where] = [document.createElement("li"), document.createElement("button"), document.createElement("span")];
  button.type = "button";
  button.value = form.dataset.question;
  button.className = "link";
  button.textContent = form.dataset.title;
  button.addEventListener("click", () => panel.close(button.value));
  where.className = "xs muted";
  where.textContent = ` ${form.querySelector(".where").textContent.split(" · ")[0]}`;
  item.append(button, where);
  return item;
}

/* Loaded once it is opened, from our own server, as text that the server has escaped. */
function listenToEarlier(details) {
  details?.addEventListener("toggle", async () => {
    if (!details.open || "loaded" in details.dataset) return;
    const reply = await fetch(details.dataset.earlier, { headers: { "X-Part": "1" }, redirect: "error" }).catch(() => null);
    if (!reply?.ok) return;
    const parts = new DOMParser().parseFromString(await reply.text(), "text/html");
    details.querySelector("[data-earlier-body]").replaceChildren(...parts.body.childNodes);
    details.dataset.loaded = "";
  });
}
