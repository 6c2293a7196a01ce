/* Before an interview is submitted: says so where this browser still keeps text that the server does not have. */

import { entriesOf } from "./interview-drafts.js";

const notice = document.querySelector("[data-unsent]");
const { user, interview } = notice.dataset;
notice.hidden = !(await entriesOf(user)).some((entry) => entry.interview === interview);
