/* Two people in one interview: what the other one saved comes into view without a reload.

   One cheap question to the server, every few seconds while the page is in view, and far less often where nobody else
   writes; what was typed here is never touched. */

const TOGETHER_MS = 4000;
const ALONE_MS = 60000;

export function listenToOthers({ page, wire, gate, questions }) {
  let since = page.dataset.since;
  const pause = "together" in page.dataset ? TOGETHER_MS : ALONE_MS;
  const ask = async () => {
    if (!document.hidden && !gate.isShut) {
      const { status, body } = await wire.changes(since);
      if (status === 200 && body.items) {
        since = body.since;
        for (const question of questions()) if (body.items[question.slot]) question.learn(body.items[question.slot]);
        if (body.branches) page.dispatchEvent(new CustomEvent("branches", { detail: body.branches }));
      }
      if (status === 401) gate.shut("signed out");
      if (body.is_submitted || status === 403 || status === 404) return;
    }
    setTimeout(ask, pause);
  };
  setTimeout(ask, pause);
}
