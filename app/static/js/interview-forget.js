/* At the sign-in page nobody is signed in: no copy of an interview stays on this device. What was typed and not sent
   does, and only who typed it gets to see it. */

import { forgetPages } from "./interview-offline.js";

forgetPages().catch(() => {});
