// How one service looks in the list.

import { chain } from "./chain.js";
import { element, mark, redraw, write } from "./dom.js";
import { icon } from "./icons.js";
import { addressOf, healthOf } from "./service.js";
import { age, exact } from "./time.js";

/** @typedef {import("./service.js").Row} Row */
/** @typedef {import("./service.js").Summary} Summary */

/** More squares than this say no more. */
const MOST_SQUARES = 8;

/** Makes an empty row; {@link fill} writes a service into it, again and again. */
export function emptyRow() {
  const cell = (name, column, ...children) => element(`div.cell.${name}`, { role: "gridcell", "aria-colindex": column }, ...children);
  const row = element("div.row", { role: "row" },
    cell("name", 1, element("span.title"), element("span.sub")),
    cell("state", 2, element("span.badge"), element("span.sub")),
    cell("flow", 3, element("div.chain-place"), element("span.sub")),
    cell("address", 4, element("span.mono.title"), element("span.sub")),
    cell("targets", 5, element("span.health"), element("span.sub.mono")),
    cell("since", 6, element("time")));
  return row;
}

/**
 * @param {HTMLElement} into made by {@link emptyRow}
 * @param {Row} row
 * @param {number} now
 */
export function fill(into, row, now) {
  const { summary, status } = row;
  const { service } = summary;
  const [name, state, flow, address, targets] = /** @type {HTMLElement[]} */ ([...into.children]);
  mark(into, "id", `service-${row.id}`);
  mark(into, "data-status", status);

  put(name.children[0], row.name);
  put(name.children[1], summary.workflow === "default" ? service.provider : `${service.provider} · ${summary.workflow}`);
  badge(state.children[0], status);
  put(state.children[1], progress(row));
  const steps = summary.steps ?? [];
  redraw(flow.children[0], steps.map(({ step, state }) => `${step} ${state}`).join("\n"), () => [chain(steps)]);
  remark(flow.children[1], summary);
  put(address.children[0], service.public_ip ?? "–");
  put(address.children[1], names(service.dns_name));
  health(targets.children[0], service.targets);
  put(targets.children[1], names(service.targets.map(addressOf)));
  tick(into, row, now);
}

/** Writes how long ago it was, which changes while nothing else does. @param {HTMLElement} into @param {Row} row @param {number} now */
export function tick(into, row, now) {
  const time = /** @type {HTMLTimeElement} */ (into.lastElementChild?.firstElementChild);
  write(time, row.since ? age(row.since, now) : "–");
  const moment = row.since ? new Date(row.since).toISOString() : "";
  if (time.dateTime === moment) return;
  mark(time, "datetime", moment || null);
  mark(time, "title", moment ? exact(row.since) : null);
}

/** A status as a word with its colour and sign. @param {Element} into @param {import("./service.js").Status} status */
export function badge(into, status) {
  if (into.getAttribute("data-status") === status) return;
  into.setAttribute("data-status", status);
  into.replaceChildren(icon(status === "deployed" ? "done" : status === "undeployed" ? "waiting" : status), status);
}

/** What it is on the way to, when it is on the way. @param {Row} row */
export function progress({ summary, status }) {
  if (status === "failed" && summary.attempts && summary.expected_state === "deployed") return `attempt ${summary.attempts}`;
  if (summary.state === summary.expected_state) return "";
  return summary.expected_state === "undeployed" ? "undeploying" : "deploying";
}

/** @param {Element} into @param {Summary} summary */
function remark(into, summary) {
  const failed = summary.error !== undefined || summary.reason !== undefined;
  const text = failed ? [summary.reason, summary.error].filter((word) => word).join(": ") : summary.info ?? "";
  put(into, text);
  mark(into, "data-kind", failed ? "error" : text ? "remark" : null);
}

/** @param {Element} into @param {import("./service.js").Target[]} targets */
function health(into, targets) {
  const states = targets.map(healthOf);
  const count = (/** @type {string} */ state) => states.filter((each) => each === state).length;
  const [healthy, unhealthy] = [count("healthy"), count("unhealthy")];
  const word = targets.length === 0 ? "none"
    : healthy + unhealthy > 0 ? `${healthy} of ${targets.length - count("draining")} healthy`
    : targets.length === 1 ? "1 target" : `${targets.length} targets`;
  redraw(into, states.join(), () => [
    element("span.squares", { "aria-hidden": "true" }, ...states.slice(0, MOST_SQUARES).map((state) => element("i", { "data-health": state }))),
    element("span", {}, word),
  ]);
  mark(into, "data-kind", unhealthy > 0 ? "error" : null);
}

/** Writes a text, and the whole of it into the title, because the place may be narrow. @param {Element} into @param {string} text */
function put(into, text) {
  write(into, text);
  mark(into, "title", text === "" || text === "–" ? null : text);
}

/** @param {string[]} all */
const names = (all) => all.length > 1 ? `${all[0]} +${all.length - 1}` : all[0] ?? "";
