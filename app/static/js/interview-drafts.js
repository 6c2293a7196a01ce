/* What was typed and is not confirmed yet, kept on this device until the server has it: one IndexedDB of this browser.

   “unsent” holds one entry per person, interview, window and question, so that two windows never overwrite each other's
   text. A window holds a lock of its name for as long as it lives: entries of a window that is gone are taken over by
   the next. “standing” holds what the server confirmed last, for a page that is opened without network. */

const BASE = "parallax-interviews";
const STORES = { unsent: ["user", "interview", "window", "slot"], standing: ["user", "interview", "slot"] };
const WINDOW = "parallax-window";
const PATIENCE_MS = 5000;
const OPENING_MS = 15000;

export class Drafts {
  constructor(user, interview) {
    Object.assign(this, { user, interview, name: "", about: "" });
    this.base = opened();
    this.settled = settledName(windowName()).then((name) => {
      this.name = name;
    });
  }

  /** Keeps an entry, or drops it where there is none any more; false where this browser keeps nothing.

      The transaction is closed at once, so that it ends well even if the page is gone the moment after. An entry that was
      taken over goes `instead` in the same one: two entries of one text would end in a conflict with oneself. */
  async keep(slot, draft, { confirmed = null, isStrict = false, instead = null } = {}) {
    const base = await this.base;
    await this.settled;
    const key = { user: this.user, interview: this.interview };
    const entry = draft && { ...key, window: this.name, slot, about: this.about, ...draft };
    return written(base, isStrict, ({ unsent, standing }) => {
      if (entry) unsent.put(entry);
      else unsent.delete([this.user, this.interview, this.name, slot]);
      if (instead && instead.window !== this.name) unsent.delete(keyOf(instead));
      if (confirmed) standing.put({ ...key, slot, ...confirmed });
    });
  }

  /** What this window left off with before it was reloaded. */
  async own() {
    await this.settled;
    return (await this.all()).filter((entry) => entry.window === this.name);
  }

  /** What windows left that are gone. */
  async orphans() {
    await this.settled;
    const living = await livingWindows();
    return (await this.all()).filter((entry) => entry.window !== this.name && !living.has(entry.window));
  }

  /** Whether another window of this device has such a content of the question under way, its answer lost. */
  async hasSent(slot, isIt) {
    const others = (await this.all()).filter((entry) => entry.slot === slot && entry.window !== this.name);
    return others.some(({ sending }) => sending && isIt(sending.content));
  }

  async all() {
    return read(await this.base, "unsent", [this.user, this.interview]);
  }

  /** What the server confirmed last: [{slot, revision, content}]. */
  async standing() {
    await this.settled;
    return read(await this.base, "standing", [this.user, this.interview]);
  }
}

/** All entries of a person, of every interview and window. */
export async function entriesOf(user) {
  return read(await opened(), "unsent", [user]);
}

export async function throwAway(entry) {
  return written(await opened(), false, ({ unsent }) => unsent.delete(keyOf(entry)));
}

/** Forgets what the server has anyway; what was not sent stays, and only its writer can see it. */
export async function forgetStanding() {
  return written(await opened(), false, ({ standing }) => standing.clear());
}

/* ---- the database ---- */

function opened() {
  return new Promise((tell) => {
    setTimeout(() => tell(null), OPENING_MS);
    try {
      const asked = indexedDB.open(BASE, 1);
      asked.onupgradeneeded = () => {
        for (const [name, keyPath] of Object.entries(STORES)) asked.result.createObjectStore(name, { keyPath });
      };
      asked.onsuccess = () => tell(asked.result);
      asked.onerror = () => tell(null);
    } catch {
      tell(null);
    }
  });
}

function written(base, isStrict, act) {
  return new Promise((tell) => {
    try {
      const change = base.transaction(Object.keys(STORES), "readwrite", { durability: isStrict ? "strict" : "relaxed" });
      change.oncomplete = () => tell(true);
      change.onabort = () => tell(false);
      act(Object.fromEntries(Object.keys(STORES).map((name) => [name, change.objectStore(name)])));
      change.commit();
    } catch {
      tell(false);
    }
  });
}

function keyOf({ user, interview, window, slot }) {
  return [user, interview, window, slot];
}

function read(base, store, start) {
  return new Promise((tell) => {
    try {
      const asked = base.transaction(store).objectStore(store).getAll(IDBKeyRange.bound(start, [...start, []]));
      asked.onsuccess = () => tell(asked.result);
      asked.onerror = () => tell([]);
    } catch {
      tell([]);
    }
  });
}

/* ---- windows ---- */

/* The name of this window, the same after a reload. */
function windowName() {
  return remembered() || renamed();
}

/* Holds the name for as long as the window lives; a copy of a window gets another name. Nothing is read or written under
   a name before that: a page that was reloaded gives its lock back a moment late. */
async function settledName(name) {
  if (await held(name)) return name;
  const other = renamed();
  await held(other);
  return other;
}

/** A name that nothing else has. */
export function fresh() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function renamed() {
  const name = fresh();
  try {
    sessionStorage.setItem(WINDOW, name);
  } catch {
    // Without a memory each load is a window of its own; entries are still taken over.
  }
  return name;
}

function remembered() {
  try {
    return sessionStorage.getItem(WINDOW);
  } catch {
    return null;
  }
}

function held(name) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((tell) => {
    navigator.locks
      .request(`${WINDOW}:${name}`, { signal: AbortSignal.timeout(PATIENCE_MS) }, () => {
        tell(true);
        return new Promise(() => {});
      })
      .catch(() => tell(false));
  });
}

async function livingWindows() {
  if (!navigator.locks) return new Set();
  const { held: locks } = await navigator.locks.query();
  return new Set(locks.map((lock) => lock.name.split(":")[1]));
}
