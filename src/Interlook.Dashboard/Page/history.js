// What happened to a service: who did what, when, how long it took, and what went wrong.

import { element, spoken } from "./dom.js";
import { clock, duration, exact } from "./time.js";
import { instant } from "./service.js";

/**
 * @typedef {Object} Transition
 * @property {string} time
 * @property {string} [step] who: a step or a provider
 * @property {string} action what
 * @property {number} [duration_ms]
 * @property {string} [reason]
 * @property {string} [error]
 * @property {number} [attempts] how often in a row, when more than once
 * @property {string} [last_time] when it was the last time, then
 */

/**
 * @param {import("./service.js").Summary} summary
 * @param {AbortSignal} signal
 * @returns {Promise<Transition[]>} newest last
 */
export async function fetchHistory(summary, signal) {
  // With its workflow every name is one path segment that means this entry and none that a browser takes for "." or "..".
  const path = `services/${encodeURIComponent(`${summary.workflow}/${summary.service.name}`)}/history`;
  const answer = await fetch(path, { signal, headers: { accept: "application/json" } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail ?? `${answer.status} ${answer.statusText}`);
  return body.transitions ?? [];
}

/**
 * @param {Transition[]} transitions
 * @param {number} now
 * @returns {HTMLElement} newest first
 */
export function historyList(transitions, now) {
  if (transitions.length === 0) return element("p.sub", {}, "Nothing has happened yet.");
  return element("ol.transitions", { reversed: true }, ...transitions.toReversed().map((transition) => {
    const time = instant(transition.time);
    const kind = transition.action === "failed" ? "error" : transition.action === "drifted" ? "remark" : undefined;
    const line = element("li", { "data-kind": kind },
      element("time", { datetime: transition.time, title: time ? exact(time) : undefined }, time ? clock(time, now) : ""),
      element("span.what", {}, transition.action.replaceAll("_", " ")),
      element("span.took", {}, took(transition, now)),
      element("span.step", {}, spoken("by "), transition.step ?? ""));
    const why = [transition.reason, transition.error].filter((word) => word).join(": ");
    if (why) line.append(element("span.why", {}, why));
    return line;
  }));
}

/** @param {Transition} transition @param {number} now */
function took(transition, now) {
  const last = instant(transition.last_time);
  return [
    transition.duration_ms === undefined ? "" : duration(transition.duration_ms),
    transition.attempts && transition.attempts > 1 ? `${transition.attempts} times` : "",
    last ? `last ${clock(last, now)}` : "",
  ].filter((word) => word !== "").join(", ");
}
