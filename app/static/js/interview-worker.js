/* Opens an interview's page from the copy that this device kept when the server cannot be reached.

   It keeps nothing itself: the page does, and only the page of an interview that one may write in (interview-offline.js).
   With network every page comes from the server. */

const COPIES = "parallax-interview-pages-";
const PATIENCE_MS = 6000;
const LONGEST_MS = 12 * 60 * 60 * 1000;
const AWAY = new Set([502, 503, 504]);
const PARTS = new Set(["script", "style", "font", "image"]);

addEventListener("install", () => self.skipWaiting());
addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const below = pathname.slice(new URL(self.registration.scope).pathname.length);
  if (request.mode === "navigate" && /^[0-9]+$/.test(below)) event.respondWith(page(request, pathname));
  else if (PARTS.has(request.destination)) event.respondWith(part(request));
});

async function page(request, pathname) {
  const copy = await copyOf(pathname);
  if (!copy) return fetch(request);
  try {
    const reply = await Promise.race([fetch(request), late()]);
    return AWAY.has(reply.status) ? copy : reply;
  } catch {
    return copy;
  }
}

/* The page learns that it is a copy, so that it shows what was confirmed since. */
async function copyOf(pathname) {
  const found = await matched(new URL(pathname, self.location.origin).href);
  if (!found || Date.now() - Number(found.headers.get("X-Kept-At")) > LONGEST_MS) return null;
  const text = await found.text();
  return new Response(text.replace('class="iv-page"', 'class="iv-page" data-kept-copy'), { headers: found.headers });
}

async function part(request) {
  try {
    return await fetch(request);
  } catch {
    return (await matched(request.url)) ?? Response.error();
  }
}

/* Only one person's copies are here at a time. */
async function matched(address) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(COPIES)) continue;
    const found = await (await caches.open(name)).match(address);
    if (found) return found;
  }
  return null;
}

function late() {
  return new Promise((_, refuse) => setTimeout(() => refuse(new Error("late")), PATIENCE_MS));
}
