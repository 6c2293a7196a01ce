/* Keeps this interview's page on the device, so that it opens without network; see interview-worker.js.

   The copies belong to one person: those of anybody else are thrown away, and all of them at the sign-in page. */

import { forgetStanding } from "./interview-drafts.js";

const COPIES = "parallax-interview-pages-";
const MADE = /^\/static\//;

/** Registers the worker and keeps a fresh copy of the page; where the browser has no such thing, nothing happens. */
export async function keepPage(page) {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  try {
    await navigator.serviceWorker.register(page.dataset.workerUrl);
    await forgetOthers(COPIES + page.dataset.user);
    await keepCopy(page, await caches.open(COPIES + page.dataset.user));
    page.dataset.copied = "";
  } catch {
    // The network went away meanwhile, or the device is full: the next visit tries again.
  }
}

/** Throws away every copy, whoever it belongs to, and what the server confirmed; what was not sent stays. */
export async function forgetPages() {
  if ("caches" in window) await forgetOthers("");
  await forgetStanding();
}

async function forgetOthers(own) {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(COPIES) && name !== own).map((name) => caches.delete(name)));
}

/* The server is asked anew: what stands in the document has been typed into, and somebody else may be signed in by now. */
async function keepCopy(page, copies) {
  const address = page.dataset.guideUrl;
  const reply = await fetch(address, { redirect: "error" });
  const text = await reply.text();
  const found = new DOMParser().parseFromString(text, "text/html").querySelector(".iv-page");
  if (!reply.ok || found?.dataset.user !== page.dataset.user) {
    await copies.delete(address);
    return;
  }
  await keepParts(copies);
  const headers = new Headers(reply.headers);
  headers.set("X-Kept-At", String(Date.now()));
  await copies.put(address, new Response(text, { headers }));
}

/* What the page is made of, and nothing of an older release. A part that is missing, a font say, keeps nothing else away. */
async function keepParts(copies) {
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  const linked = [...document.querySelectorAll("link[href], script[src]")].map((each) => each.href || each.src);
  const parts = new Set([...loaded, ...linked].filter((each) => new URL(each).origin === location.origin && MADE.test(new URL(each).pathname)));
  for (const each of await copies.keys()) if (MADE.test(new URL(each.url).pathname) && !parts.has(each.url)) await copies.delete(each);
  const missing = await Promise.all([...parts].map(async (each) => !new URL(each).searchParams.has("v") || !(await copies.match(each))));
  await Promise.allSettled([...parts].filter((_, place) => missing[place]).map((each) => copies.add(each)));
}
