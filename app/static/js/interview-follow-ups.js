/* A follow-up is added beside the questions without leaving the page; what was typed stays until the server has it. */

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
  form.addEventListener("input", () => sessionStorage.setItem(place, new URLSearchParams(new FormData(form)).toString()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    add(place);
  });
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
  button.disabled = true;
  tell("");
  let { status, body } = await post();
  if ((status === 400 && !body.field) || status === 401) {
    if (await renewed()) ({ status, body } = await post());
  }
  button.disabled = false;
  if (status !== 201) return tell(wordsFor(status, body), body.field);
  sessionStorage.removeItem(place);
  show(body);
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

function tell(words, field) {
  const trouble = form.querySelector("[data-trouble]");
  trouble.textContent = words;
  trouble.hidden = !words;
  for (const each of form.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
  if (!field || !form.elements[field]) return;
  form.elements[field].setAttribute("aria-invalid", "true");
  form.elements[field].focus();
}

function show(added) {
  const line = document.createElement("li");
  line.className = "action action-open";
  const link = Object.assign(document.createElement("a"), { href: added.address, textContent: added.title, target: "_blank", rel: "noopener" });
  const about = Object.assign(document.createElement("span"), { className: "sub", textContent: added.about });
  line.append(link, about);
  section.querySelector(".actions").append(line);
  form.elements.title.value = "";
  form.elements.form_key.value = added.form_key;
  section.querySelector("[data-added]").textContent = `Added: ${added.title}`;
  form.elements.title.focus();
}
