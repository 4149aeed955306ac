// Says in words what happened, to who does not see it. Politely: the newest thing once, when there was a pause.

import { byId, write } from "./dom.js";

const PAUSE = 700;

let waiting = 0;

/** @param {string} text */
export function announce(text) {
  clearTimeout(waiting);
  waiting = setTimeout(() => write(byId("announcer"), text), PAUSE);
}
