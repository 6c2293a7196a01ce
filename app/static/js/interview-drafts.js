/* What was typed and is not confirmed yet, kept in this browser until the server has it.

   One entry per person, interview, window and question, so that two windows never overwrite each other's text. A window
   holds a lock of its name for as long as it lives: entries of a window that is gone are taken over by the next. */

const PREFIX = "parallax-interview";
const WINDOW = "parallax-window";
const PATIENCE_MS = 600;

export class Drafts {
  constructor(user, interview, name) {
    this.prefix = `${PREFIX}:${user}:${interview}:`;
    this.name = name;
  }

  /** Keeps an entry; false where the browser keeps nothing. */
  keep(question, draft) {
    try {
      localStorage.setItem(this.key(question), JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }

  drop(question) {
    remove(this.key(question));
  }

  /** Forgets an entry that was taken over from a window that is gone. */
  forget(key, question) {
    if (key !== this.key(question)) remove(key);
  }

  key(question) {
    return `${this.prefix}${this.name}:${question}`;
  }

  /** What this window left off with before it was reloaded: [{key, question, draft}]. */
  own() {
    return entries(this.prefix).filter(({ name }) => name === this.name);
  }

  /** What windows left that are gone. */
  async orphans() {
    const living = await livingWindows();
    return entries(this.prefix).filter(({ name }) => name !== this.name && !living.has(name));
  }
}

function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept, so nothing is left behind.
  }
}

/** All entries of a person and interview, whichever window wrote them. */
export function entries(prefix) {
  const found = [];
  try {
    for (let i = 0; i < localStorage.length; i += 1) {
      const key = localStorage.key(i);
      if (!key.startsWith(prefix)) continue;
      const [name, question] = key.slice(prefix.length).split(":");
      const draft = parsed(localStorage.getItem(key));
      if (draft && question) found.push({ key, name, question, draft });
    }
  } catch {
    // A browser that keeps nothing has no entries.
  }
  return found;
}

export function prefixOf(user, interview) {
  return `${PREFIX}:${user}:${interview}:`;
}

/** The name of this window, the same after a reload. */
export function windowName() {
  return remembered() || renamed();
}

/** Holds the name for as long as the window lives; a copy of a window gets another name. */
export async function settledName(name) {
  if (await held(name)) return name;
  const other = renamed();
  await held(other);
  return other;
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

function fresh() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* The page before a reload gives its lock back a moment later, so a short wait comes before “that is another window”. */
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

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
