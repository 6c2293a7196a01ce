/* Where the time goes: seconds in view per question, changes of what was answered, visits and jumps. Nothing per key.

   The clock stands still while the page is hidden, or when it is stopped. Totals of this window go to the server when a
   question is left and when the page is hidden; a total that is lost is made up for by the next one, and nothing that is
   typed ever waits for it. */

const TICK_MS = 1000;
const LONGEST_TICK_MS = 5000;

export class Clock {
  constructor(page, forms, wire) {
    Object.assign(this, { page, wire });
    this.tab = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    this.spent = new Map(forms.map((form) => [form, { ms: 0, until: null, edits: 0, visits: 0, jumps: 0, isNew: false }]));
    this.isOff = "fromNotes" in page.dataset;
    this.isStopped = false;
    this.current = null;
    this.last = performance.now();
    this.changed = () => {};
  }

  start(changed) {
    this.changed = changed;
    if (this.isOff) return;
    setInterval(() => this.tick(), TICK_MS);
    document.addEventListener("visibilitychange", () => {
      this.tick();
      if (document.hidden) this.send();
    });
    addEventListener("pagehide", () => this.send());
  }

  tick() {
    const now = performance.now();
    const passed = Math.min(now - this.last, LONGEST_TICK_MS);
    this.last = now;
    if (this.isStopped || document.hidden || !this.current) return;
    const here = this.spent.get(this.current);
    here.ms += passed;
    here.isNew = true;
    this.changed();
  }

  /** A question comes into view; a jump is one that was not the next or the one before. */
  turn(form, isJump) {
    if (this.isOff) return;
    this.tick();
    this.send();
    this.current = form;
    const here = this.spent.get(form);
    here.visits += 1;
    if (isJump) here.jumps += 1;
    here.isNew = true;
  }

  /** Something of a question was changed; `isDone` tells whether it had an answer before, `isAnswer` whether it has now. */
  edited(form, wasDone, isDone) {
    const here = this.spent.get(form);
    if (wasDone) here.edits += 1;
    else if (isDone && here.until === null) {
      this.tick();
      here.until = seconds(here.ms);
    }
    here.isNew = true;
  }

  stop(isStopped) {
    this.tick();
    this.isStopped = isStopped;
    this.changed();
  }

  /** Seconds at a question in this window. */
  secondsAt(form) {
    return seconds(this.spent.get(form).ms);
  }

  send() {
    if (this.isOff) return;
    const body = new URLSearchParams({ tab: this.tab });
    const sent = [...this.spent].filter(([, each]) => each.isNew);
    if (sent.length === 0) return;
    for (const [form, each] of sent) {
      each.isNew = false;
      body.append("row", [form.dataset.question, seconds(each.ms), each.until ?? "-", each.edits, each.visits, each.jumps].join(" "));
    }
    const again = () => sent.forEach(([, each]) => (each.isNew = true));
    const headers = { Accept: "application/json", "X-CSRFToken": this.wire.token };
    fetch(this.page.dataset.timesUrl, { method: "POST", body, headers, redirect: "error", keepalive: true }).then(
      (reply) => reply.ok || again(),
      again,
    );
  }
}

function seconds(ms) {
  return Math.round(ms / 1000);
}

/** A time as the rail shows it. */
export function minutes(all) {
  return all < 60 ? `${all} s` : `${Math.round(all / 60)} min`;
}
