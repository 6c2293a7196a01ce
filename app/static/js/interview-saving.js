/* The way of one question to the server: what stands in it, what was confirmed, and what is under way in between.

   A content that was sent keeps its name until it was answered: after a lost answer, a reload or a crash the same save
   goes out again before anything newer, and the server knows it. So nothing is stored twice, and nobody is in conflict
   with themselves. */

import { fresh } from "./interview-drafts.js";
import { UNREACHED } from "./interview-wire.js";

const TYPING_MS = 1000;
const AGAIN_MS = 250;
const BROKEN_MS = 10000;
const AWAY = new Set([UNREACHED, 408, 429, 502, 503, 504]);

/** Made into a question by what knows its fields: content(), fill(), join(), merged(), isSame(), contentOf(). */
export class Saving {
  constructor({ slot, revision, saved, drafts, wire, queue, gate, changed }) {
    Object.assign(this, { slot, revision, saved, drafts, wire, queue, gate, changed });
    this.sending = null;
    this.conflict = null;
    this.problem = null;
    this.newer = null;
    this.by = null;
    this.isKept = true;
    this.isBroken = false;
    this.typedAt = 0;
    this.renewals = 0;
    this.writes = 0;
  }

  get isUnsent() {
    return Boolean(this.sending || this.conflict) || this.isChanged;
  }

  /** Its place in the order of typing: what is under way already was typed before what stands in the fields. */
  get turn() {
    return this.sending?.typedAt ?? this.typedAt;
  }

  get isChanged() {
    return !this.isSame(this.content(), this.saved);
  }

  /** Something was typed: kept at once, sent after a pause in the typing, or now. */
  touched(isNow) {
    this.problem = null;
    this.by = null;
    this.typedAt = Date.now();
    this.keep();
    this.queue.plan(this, isNow ? 0 : TYPING_MS);
    this.changed();
  }

  /** Goes on where this window left off before it was reloaded, or another one before it was closed.

      What was typed here since keeps its later time where the entry goes out by itself, under its name. */
  restore(entry) {
    const content = this.isChanged ? this.merged(entry.content) : entry.content;
    this.fill(content);
    this.sending = entry.sending ?? null;
    if (this.isUnsent) this.revision = entry.revision;
    if (!entry.sending || this.isSame(content, entry.content)) this.typedAt = entry.typedAt;
    this.keep({ instead: entry });
    this.queue.plan(this, 0);
  }

  /** Keeps on this device what the server does not have, and what it had last. */
  async keep({ confirmed = null, isStrict = false, instead = null } = {}) {
    const { title, revision, sending, typedAt } = this;
    const draft = this.isUnsent ? { title, revision, sending, typedAt, content: this.content() } : null;
    const write = (this.writes += 1);
    const isKept = this.drafts.keep(this.slot, draft, { confirmed, isStrict, instead });
    if (draft) this.isKept = false;
    const done = await isKept;
    if (write === this.writes && this.isKept !== done) {
      this.isKept = done;
      this.changed();
    }
    return done;
  }

  send() {
    if (this.isUnsent) this.queue.plan(this, 0);
  }

  /** Sends what is to be sent; false where the server was not reached. */
  async deliver() {
    if (this.conflict || this.problem) return true;
    if (!this.sending) {
      if (!this.isChanged) {
        this.settle();
        return true;
      }
      this.sending = { key: fresh(), revision: this.revision, content: this.content(), typedAt: this.typedAt };
    }
    // It is on the device under its name before it leaves, so that after a crash it is still the same save.
    await this.keep({ isStrict: true });
    this.changed();
    const { status, body } = await this.wire.post(this.address, this.sending);
    return this.answered(status, body);
  }

  async answered(status, body) {
    this.isBroken = status === 500;
    if (AWAY.has(status)) return false;
    if (status === 200) this.confirmed(body);
    else if (status === 500) this.queue.plan(this, BROKEN_MS);
    else if (status === 401) this.shut("signed out");
    else if (status === 409 && body.theirs) await this.collided(body);
    else if (status === 400 && !body.message) return this.renewed();
    else this.refused(body);
    return true;
  }

  confirmed({ saved_at: savedAt, revision, standing }) {
    this.renewals = 0;
    this.saved = this.sending.content;
    this.revision = standing ? this.sending.revision + 1 : revision;
    this.sending = null;
    this.gate.savedAt = savedAt;
    if (standing) this.newer = standing;
    if (this.isChanged) this.queue.plan(this, AGAIN_MS);
    this.settle();
  }

  /** Nothing is under way: what somebody else saved meanwhile comes into view, and the device knows what stands. */
  settle() {
    const { newer } = this;
    if (!this.isUnsent && newer) {
      this.newer = null;
      this.learn(newer);
      return;
    }
    this.keep({ confirmed: { revision: this.revision, content: this.saved } });
  }

  /** What somebody else saved: shown where nothing was typed here, else it waits until that is decided. */
  learn({ revision, theirs }) {
    if (revision <= this.revision) return;
    if (this.isUnsent) {
      this.newer = { revision, theirs };
      return;
    }
    this.adopt(revision, this.contentOf(theirs));
    this.by = theirs;
    this.settle();
    this.changed();
  }

  /** What was confirmed since the copy of the page was kept comes below what was typed into it already. */
  catchUp(revision, content) {
    const typed = this.isChanged ? this.merged(content) : null;
    this.adopt(revision, content);
    if (typed) this.fill(typed);
  }

  adopt(revision, content) {
    this.fill(content);
    this.revision = revision;
    this.saved = this.content();
  }

  shut(reason) {
    this.queue.plan(this, 0);
    this.gate.shut(reason);
  }

  /** Where this device sent what stands there, from a window that is gone, what was typed here simply comes after it. */
  async collided(body) {
    const theirs = this.contentOf(body.theirs);
    const isOurs = await this.drafts.hasSent(this.slot, (content) => this.isSame(content, theirs));
    this.sending = null;
    if (isOurs) {
      Object.assign(this, { revision: body.revision, saved: theirs });
      this.queue.plan(this, 0);
    } else this.conflict = { ...body, yours: this.content() };
    this.keep();
  }

  /** Nothing was stored; what was typed stays, and goes out again once it was changed or on “Try again”. */
  refused(body) {
    this.sending = null;
    const advice = body.error ? `${body.error.title}. ${body.error.advice}` : "The server refused it.";
    this.problem = { field: body.field ?? null, message: body.message ?? advice };
    this.keep();
  }

  /** The page is older than the session: a fresh token, once; then it is not the token. */
  async renewed() {
    this.renewals += 1;
    const state = this.renewals > 2 ? "refused" : await this.wire.renew();
    if (state === "renewed") this.queue.plan(this, 0);
    else if (state === "unreached") return false;
    else if (state === "refused") this.refused({ message: "This page could not prove that it is ours. Reload it; what you typed is kept." });
    else this.shut(state);
    return true;
  }

  /** Ends a conflict: what stands in the fields now is saved over theirs, which stays in the history. */
  keepMine() {
    this.revision = this.conflict.revision;
    this.saved = this.contentOf(this.conflict.theirs);
    this.conflict = null;
    this.touched(true);
  }

  takeTheirs() {
    this.fill(this.contentOf(this.conflict.theirs));
    this.keepMine();
  }

  /** Puts the texts of both below each other, to be edited before “Keep mine”. */
  joinTheirs() {
    this.join(this.contentOf(this.conflict.theirs));
    this.keep();
  }

  /** “Try again”, the network is back, or somebody signed in. */
  again() {
    this.renewals = 0;
    this.problem = null;
    this.send();
  }
}
