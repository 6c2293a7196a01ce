/* The page of one account: sections are read when somebody comes near them, the rail marks where one is, a search answers while it is typed. */

// Where somebody jumped to: what is read above it must not push it away, until they move on by themselves.
let aim = location.hash.slice(1);
addEventListener("hashchange", () => { aim = location.hash.slice(1); });
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (link) aim = link.hash.slice(1);
});
for (const move of ["wheel", "touchmove", "keydown"]) addEventListener(move, () => { aim = ""; }, { passive: true });

const later = new IntersectionObserver(
  (entries) => entries.filter((each) => each.isIntersecting).forEach((each) => read(each.target)),
  { rootMargin: "600px 0px" },
);
document.querySelectorAll("[data-later]").forEach((place) => later.observe(place));

/** Takes the section out of its own page; where that fails, the link to it stays. */
async function read(place) {
  if (!place.dataset.later) return;
  const address = place.dataset.later;
  delete place.dataset.later;
  later.unobserve(place);
  try {
    const reply = await fetch(address);
    if (!reply.ok) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const part = page.querySelector("[data-part]");
    if (part) place.replaceChildren(...document.importNode(part, true).childNodes);
    document.getElementById(aim)?.scrollIntoView();
  } catch {
    /* Out of reach for now: the link leads there. */
  }
}

const links = new Map(
  [...document.querySelectorAll(".acct-rail li a")].map((link) => [link.hash.slice(1), link]),
);
const sections = [...document.querySelectorAll(".acct-sections > section")];
let isMarking = false;
addEventListener("scroll", () => {
  if (isMarking) return;
  isMarking = true;
  requestAnimationFrame(() => {
    isMarking = false;
    mark();
  });
}, { passive: true });
mark();

/** The current section is the last whose head has passed the upper third; at the end of the page it is the last. */
function mark() {
  if (!sections.length) return;
  const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 4;
  const line = innerHeight / 3;
  const passed = sections.filter((each) => each.getBoundingClientRect().top <= line);
  const current = atEnd && scrollY > 0 ? sections.at(-1) : passed.at(-1) ?? sections[0];
  for (const [key, link] of links) {
    if (key === current.id) {
      if (link.hasAttribute("aria-current")) continue;
      link.setAttribute("aria-current", "true");
      const strip = link.closest("ul");
      if (strip.scrollWidth > strip.clientWidth) strip.scrollLeft = link.offsetLeft - strip.offsetLeft - 24;
    } else link.removeAttribute("aria-current");
  }
}

// A section that the arrangement hides has no place to jump to.
document.querySelectorAll("[data-jump]").forEach((link) => {
  if (!document.getElementById(link.dataset.jump)) link.replaceWith(...link.childNodes);
});

const form = document.querySelector("[data-find]");
const found = form.querySelector("[data-found]");
const PAUSE_MS = 120;
const FEWEST = 2;
let timer = 0;
let asked = 0;
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(find, PAUSE_MS);
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
});
document.addEventListener("click", (event) => {
  if (!form.contains(event.target)) hide();
});

/** What comes late must not take the place of what was asked for after it. */
async function find() {
  const words = new URLSearchParams(new FormData(form));
  if (words.get("q").trim().length < FEWEST) return hide();
  asked += 1;
  const turn = asked;
  try {
    const reply = await fetch(`${form.dataset.find}?${words}`);
    if (!reply.ok || turn !== asked) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    found.replaceChildren(...document.importNode(page.body, true).childNodes);
    found.hidden = false;
  } catch {
    hide();
  }
}

function hide() {
  asked += 1;
  found.hidden = true;
  found.replaceChildren();
}
