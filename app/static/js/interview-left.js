/* On pages around an interview: what this person typed on this device and the server does not have. */

import { entriesOf, throwAway } from "./interview-drafts.js";
import { showKept } from "./interview-kept.js";

const place = document.querySelector("[data-kept]");
const { user, interview, guides } = place.dataset;
await show();

async function show() {
  const found = (await entriesOf(user)).filter((entry) => !interview || entry.interview === interview);
  const shown = found.map((entry) => (guides ? { ...entry, address: guides.replace("/0", `/${entry.interview}`) } : entry));
  showKept(place, shown, async (entry) => {
    await throwAway(entry);
    await show();
  });
}
