/* How a question reaches the server: one request, its answer as {status, body}, and a fresh token after a new sign-in. */

const PATIENCE_MS = 20000;
export const UNREACHED = 0;

export class Wire {
  constructor(page) {
    this.token = page.token;
    this.tokenUrl = page.tokenUrl;
    this.user = page.user;
  }

  /** Sends a question; status 0 where the server was not reached. */
  async post(address, revision, content) {
    const body = new URLSearchParams({ revision });
    for (const [field, value] of Object.entries(content)) {
      for (const each of [value].flat()) body.append(field, each);
    }
    const size = new Blob([body.toString()]).size;
    return answerOf(() =>
      fetch(address, {
        method: "POST",
        body,
        headers: { Accept: "application/json", "X-CSRFToken": this.token },
        redirect: "error",
        keepalive: size < 60000,
        signal: AbortSignal.timeout(PATIENCE_MS),
      }),
    );
  }

  /** Asks for the token of the present session: "renewed", "signed out", "somebody else" or "unreached". */
  async renew() {
    const { status, body } = await answerOf(() =>
      fetch(this.tokenUrl, { headers: { Accept: "application/json" }, redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) }),
    );
    if (status === 401) return "signed out";
    if (status === 403) return "somebody else";
    if (status !== 200) return "unreached";
    if (String(body.user) !== this.user) return "somebody else";
    this.token = body.token;
    return "renewed";
  }
}

async function answerOf(ask) {
  try {
    const reply = await ask();
    const body = await reply.json().catch(() => ({}));
    return { status: reply.status, body };
  } catch {
    return { status: UNREACHED, body: {} };
  }
}
