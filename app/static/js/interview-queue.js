/* The order in which questions go out: one after another, what was typed first goes first.

   Where the server is away all of them wait, a little longer each time, and go on when the network is back. */

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30000;

export class Queue {
  constructor(gate) {
    this.gate = gate;
    this.waiting = new Set();
    this.isBusy = false;
    this.isHeld = true;
    this.isAway = false;
    this.failures = 0;
    this.pausedUntil = 0;
    this.timer = null;
  }

  /** Puts a question in line, to be sent after that many milliseconds at the latest. */
  plan(question, delay) {
    question.dueAt = Date.now() + delay;
    this.waiting.add(question);
    this.soon();
  }

  /** Begins, once everything that was left on this device is in line. */
  open() {
    this.isHeld = false;
    this.soon();
  }

  /** Goes on at once: the network is back, or somebody signed in. */
  wake() {
    this.failures = 0;
    this.pausedUntil = 0;
    this.soon();
  }

  /* Never in the midst of something: what is put in line together goes out in its order. */
  soon(wait = 0) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), wait);
  }

  run() {
    if (this.isBusy || this.isHeld || this.gate.isShut || this.waiting.size === 0) return;
    const due = Math.max(this.pausedUntil, Math.min(...[...this.waiting].map((question) => question.dueAt)));
    const wait = due - Date.now();
    if (wait > 0) this.soon(wait);
    else this.deliver();
  }

  async deliver() {
    const [first] = [...this.waiting].sort((one, other) => one.turn - other.turn);
    this.waiting.delete(first);
    this.isBusy = true;
    const isReached = await first.deliver();
    this.isBusy = false;
    this.isAway = !isReached;
    if (isReached) this.failures = 0;
    else this.pause(first);
    first.changed();
    this.soon();
  }

  pause(question) {
    this.waiting.add(question);
    this.pausedUntil = Date.now() + Math.min(FIRST_RETRY_MS * 2 ** this.failures, LAST_RETRY_MS);
    this.failures += 1;
  }
}
