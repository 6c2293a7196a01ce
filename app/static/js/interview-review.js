/* Before an interview is submitted: says so where this browser still keeps text that the server does not have. */

import { entries, prefixOf } from "./interview-drafts.js";

const notice = document.querySelector("[data-unsent]");
notice.hidden = entries(prefixOf(notice.dataset.user, notice.dataset.interview)).length === 0;
