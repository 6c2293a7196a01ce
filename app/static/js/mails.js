// While mails go out, the page's numbers follow; when none waits any more, the page is made anew.
"use strict";
(() => {
  const place = document.querySelector("[data-mails]");
  if (!place) return;
  const show = (name, number) => {
    const figure = place.querySelector(`[data-count="${name}"]`);
    if (figure) figure.textContent = number.toLocaleString("en");
  };
  // One question at a time: an answer that comes late must not undo what a later one has shown.
  const PATIENCE_MS = 20000;
  let isAsking = false;
  const ask = async () => {
    if (document.hidden || isAsking) return;
    isAsking = true;
    try {
      const reply = await fetch(place.dataset.mails, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!reply.ok) return;
      const counts = await reply.json();
      for (const name of ["waiting", "sent", "bounced"]) show(name, counts[name]);
      show("unsent", counts.failed + counts.cancelled);
      if (!counts.waiting) { clearInterval(timer); location.reload(); }
    } catch { /* Out of reach for now: the next round asks again. */ }
    finally { isAsking = false; }
  };
  const timer = setInterval(ask, 3000);
  document.addEventListener("visibilitychange", ask);
})();
