/* A follow-up is added beside the questions without leaving the page; what was typed stays until the server has it.

   The reply may come late: whoever has gone on by then, to the next follow-up or to a question, is left alone. */

const PATIENCE_MS = 20000;
const UNREACHED = "The server cannot be reached. What you typed is kept; add it again in a moment.";
const SIGNED_OUT = "Your sign-in has ended. Sign in in another tab, then add it again; what you typed is kept.";
const REFUSED = "It could not be added; what you typed is kept.";

const section = document.querySelector("[data-follow-ups]");
const form = section?.querySelector("[data-follow-up]");
if (form) prepare();

function prepare() {
  const place = `follow-up-${section.dataset.user}-${form.dataset.followUp}`;
  restore(place);
  form.addEventListener("input", () => keep(place));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    add(place);
  });
}

function keep(place) {
  sessionStorage.setItem(place, new URLSearchParams(new FormData(form)).toString());
}

/** Puts back what was typed before a reload, except the token and the key of another form. */
function restore(place) {
  const kept = new URLSearchParams(sessionStorage.getItem(place) ?? "");
  if (!kept.get("title")) return;
  for (const name of ["title", "owner", "due_on", "form_key"]) form.elements[name].value = kept.get(name) ?? "";
  form.elements.is_promised.checked = kept.has("is_promised");
  form.closest("details").open = true;
}

async function add(place) {
  const button = form.querySelector("button");
  const [title, from] = [form.elements.title.value, document.activeElement];
  button.disabled = true;
  tell("");
  let { status, body } = await post();
  if ((status === 400 && !body.field) || status === 401) {
    if (await renewed()) ({ status, body } = await post());
  }
  button.disabled = false;
  // A button that is pressed and disabled gives the focus to the page itself.
  const isHere = [from, document.body].includes(document.activeElement);
  if (status !== 201) return tell(wordsFor(status, body), body.field, isHere);
  show(body);
  if (form.elements.title.value === title) form.elements.title.value = "";
  if (form.elements.title.value) keep(place);
  else sessionStorage.removeItem(place);
  if (isHere) form.elements.title.focus();
}

async function post() {
  try {
    const reply = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: reply.status, body: await reply.json().catch(() => ({})) };
  } catch {
    return { status: 0, body: {} };
  }
}

/** Takes the token of the present session, if it is the same person's. */
async function renewed() {
  try {
    const reply = await fetch(section.dataset.tokenUrl, { headers: { Accept: "application/json" }, redirect: "error" });
    const body = await reply.json();
    if (reply.status !== 200 || String(body.user) !== section.dataset.user) return false;
    form.elements.csrf_token.value = body.token;
    return true;
  } catch {
    return false;
  }
}

function wordsFor(status, body) {
  if (status === 0) return UNREACHED;
  if (status === 401) return SIGNED_OUT;
  return body.message ?? REFUSED;
}

function tell(words, field, isHere) {
  const trouble = form.querySelector("[data-trouble]");
  trouble.textContent = words;
  trouble.hidden = !words;
  for (const each of form.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
  if (!field || !form.elements[field]) return;
  form.elements[field].setAttribute("aria-invalid", "true");
  if (isHere) form.elements[field].focus();
}

function show(added) {
  const line = document.createElement("li");
  line.className = "action action-open";
  const link = Object.assign(document.createElement("a"), { href: added.address, textContent: added.title, target: "_blank", rel: "noopener" });
  const about = Object.assign(document.createElement("span"), { className: "sub", textContent: added.about });
  line.append(link, about);
  section.querySelector(".actions").append(line);
  form.elements.form_key.value = added.form_key;
  section.querySelector("[data-added]").textContent = `Added: ${added.title}`;
}
