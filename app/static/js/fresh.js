// An open page asks every few seconds whether newer figures are there. It never moves what somebody reads: it offers them.
"use strict";
(() => {
  const place = document.querySelector("[data-fresh]");
  if (!place) return;
  const { fresh: address, stamp, reloads } = place.dataset;
  const offer = () => {
    if (reloads) return location.reload();
    const link = document.createElement("a");
    link.href = location.href.split("#")[0];
    link.textContent = "New figures are ready. Show them";
    // Loading anew keeps the place on the page, following the link would not.
    link.addEventListener("click", (event) => { event.preventDefault(); location.reload(); });
    place.replaceChildren(link);
  };
  // One question at a time: an answer that comes late must not undo what a later one has shown.
  const PATIENCE_MS = 20000;
  let isAsking = false;
  const ask = async () => {
    if (document.hidden || isAsking) return;
    isAsking = true;
    try {
      const reply = await fetch(address, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!reply.ok) return;
      const state = await reply.json();
      if ((state.stamp || state.scored_at || "") !== stamp) { clearInterval(timer); offer(); }
      else place.textContent = state.is_waiting ? "New answers are being scored…" : "";
    } catch { /* Out of reach for now: the next round asks again. */ }
    finally { isAsking = false; }
  };
  const timer = setInterval(ask, 3000);
  document.addEventListener("visibilitychange", ask);
})();
