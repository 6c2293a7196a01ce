/* What a customer says of a promise is kept at once, without leaving the page; without this file a button does it. */

const PATIENCE_MS = 20000;
const UNREACHED = "The server cannot be reached. Choose it again in a moment.";
const SIGNED_OUT = "Your sign-in has ended. Sign in in another tab, then choose it again.";
const REFUSED = "It could not be kept.";

const section = document.querySelector("[data-promised]");
for (const form of section?.querySelectorAll("[data-promise]") ?? []) prepare(form);

function prepare(form) {
  form.querySelector("[data-by-hand]").hidden = true;
  form.addEventListener("change", () => keep(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep(form);
  });
}

/** Sends what stands there; of several choices in a row the last one stands, because each waits for the one before. */
function keep(form) {
  form.sending = (form.sending ?? Promise.resolve()).then(() => send(form));
}

async function send(form) {
  tell(form, "Keeping it…");
  let { status, body } = await post(form);
  if (((status === 400 && !body.field) || status === 401) && (await renewed(form))) ({ status, body } = await post(form));
  if (status === 200) return tell(form, `Kept: ${body.words}`);
  tell(form, status === 0 ? UNREACHED : status === 401 ? SIGNED_OUT : (body.message ?? REFUSED), true);
}

async function post(form) {
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
async function renewed(form) {
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

function tell(form, words, isTrouble = false) {
  const line = form.querySelector("[data-kept]");
  line.textContent = words;
  line.classList.toggle("error", isTrouble);
}
