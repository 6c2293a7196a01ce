/* How a question reaches the server: one request, its answer as {status, body}, and a fresh token after a new sign-in. */

const PATIENCE_MS = 20000;
export const UNREACHED = 0;

export class Wire {
  constructor(page) {
    this.token = page.token;
    this.tokenUrl = page.tokenUrl;
    this.changesUrl = page.changesUrl;
    this.user = page.user;
  }

  /** Sends the fields of a form; status 0 where the server was not reached. */
  async send(address, fields) {
    const body = new URLSearchParams();
    for (const [field, value] of Object.entries(fields)) {
      for (const each of [value].flat()) body.append(field, each);
    }
    const size = new Blob([body.toString()]).size;
    return this.ask(address, { method: "POST", body, headers: { "X-CSRFToken": this.token }, keepalive: size < 60000 });
  }

  /** Sends a question under the name of its save. */
  async post(address, { key, revision, content }) {
    const answer = await this.send(address, { revision, save_key: key, ...content });
    // A network's own sign-in page answers everything with 200; only the server can name a revision.
    return answer.status === 200 && !Number.isInteger(answer.body.revision) ? { status: UNREACHED, body: {} } : answer;
  }

  /** Asks what was saved since the instant that it was told last. */
  async changes(since) {
    return this.ask(`${this.changesUrl}?since=${encodeURIComponent(since)}`);
  }

  /** Asks for the token of the present session: "renewed", "signed out", "somebody else" or "unreached". */
  async renew() {
    const { status, body } = await this.ask(this.tokenUrl);
    if (status === 401) return "signed out";
    if (status === 403) return "somebody else";
    if (status !== 200 || !body.token) return "unreached";
    if (String(body.user) !== this.user) return "somebody else";
    this.token = body.token;
    return "renewed";
  }

  async ask(address, { headers = {}, ...more } = {}) {
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const reply = await fetch(address, { ...more, headers: { Accept: "application/json", ...headers }, redirect: "error", signal });
      const body = await reply.json().catch(() => ({}));
      return { status: reply.status, body };
    } catch {
      return { status: UNREACHED, body: {} };
    }
  }
}
