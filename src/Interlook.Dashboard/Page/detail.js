// Everything about one service, and what happened to it.

import { element, spoken, write } from "./dom.js";
import { fetchHistory, historyList } from "./history.js";
import { icon } from "./icons.js";
import { badge, progress } from "./row.js";
import { addressOf, healthOf, instant } from "./service.js";
import { clock, exact } from "./time.js";

/** @typedef {import("./service.js").Row} Row */
/** @typedef {import("./service.js").Target} Target */

/** How long after a change the history is asked for: a walk of several steps is one question. */
const SETTLE = 400;

export class Detail {
  #panel;
  #title = element("h2", { id: "detail-title" });
  #badge = element("span.badge");
  #way = element("span.sub");
  #body = element("div.detail-body");
  #history = element("div.history", { "aria-live": "off" });

  /** @type {Row | undefined} */
  #row;
  #waiting = 0;

  /** Stops what is asked for a service that is no longer looked at. */
  #looking = new AbortController();

  /** @param {HTMLElement} panel @param {() => void} close */
  constructor(panel, close) {
    this.#panel = panel;
    const button = element("button.shut", { type: "button", "aria-label": "Close the detail" }, icon("close"));
    button.addEventListener("click", close);
    panel.append(
      element("header", {}, this.#title, button, element("p.detail-status", {}, this.#badge, this.#way)),
      this.#body,
      element("h3", {}, "History"),
      this.#history);
  }

  get isOpen() {
    return !this.#panel.hidden;
  }

  /**
   * Opens the detail of a service, or shows what became of the one that is open.
   * @param {string} name
   * @param {Row | undefined} row undefined when there is no such service
   */
  show(name, row) {
    const isOther = !this.isOpen || this.#title.textContent !== name;
    if (!isOther && row && row === this.#row) return;
    write(this.#title, name);
    this.#panel.hidden = false;
    if (isOther) {
      this.#looking.abort();
      this.#looking = new AbortController();
      this.#history.replaceChildren(element("p.sub", {}, "reading…"));
      this.#panel.scrollTop = 0;
    }
    if (!row) this.#showGone(isOther);
    else this.#showRow(row, isOther);
    this.#row = row;
  }

  close() {
    this.#looking.abort();
    clearTimeout(this.#waiting);
    this.#panel.hidden = true;
    this.#row = undefined;
    write(this.#title, "");
  }

  focus() {
    this.#panel.focus();
  }

  /** @param {boolean} isOther */
  #showGone(isOther) {
    this.#badge.hidden = true;
    write(this.#way, "There is no such service any more.");
    if (!isOther) return;
    this.#body.replaceChildren();
    this.#history.replaceChildren(element("p.sub", {}, "none"));
  }

  /** @param {Row} row @param {boolean} isOther */
  #showRow(row, isOther) {
    const { summary } = row;
    this.#badge.hidden = false;
    badge(this.#badge, row.status);
    write(this.#way, progress(row));
    this.#body.replaceChildren(...[fault(row), note(row), steps(row), facts(row), targets(summary.service.targets)].filter((part) => part !== null));
    clearTimeout(this.#waiting);
    const { signal } = this.#looking;
    this.#waiting = setTimeout(() => this.#read(row, signal), isOther ? 0 : SETTLE);
  }

  /** @param {Row} row @param {AbortSignal} signal */
  async #read(row, signal) {
    try {
      const transitions = await fetchHistory(row.summary, signal);
      if (!signal.aborted) this.#history.replaceChildren(historyList(transitions, Date.now()));
    } catch (failure) {
      if (!signal.aborted) this.#history.replaceChildren(element("p.sub", {}, `The history cannot be read: ${failure instanceof Error ? failure.message : failure}`));
    }
  }
}

/** @param {Row} row */
function fault({ summary }) {
  if (summary.error === undefined && summary.reason === undefined) return null;
  const where = [summary.step, summary.attempts ? (summary.attempts === 1 ? "1 attempt" : `${summary.attempts} attempts`) : ""].filter((word) => word).join(", ");
  return element("div.fault", {},
    element("p.fault-head", {}, icon("failed"), element("strong", {}, summary.reason ?? "Failed"), element("span", {}, where)),
    element("p", {}, summary.error ?? ""));
}

/** @param {Row} row */
function note({ summary }) {
  return summary.info ? element("p.remark", {}, summary.info) : null;
}

/** @param {Row} row */
function steps({ summary }) {
  const list = summary.steps ?? [];
  if (list.length === 0) return null;
  return element("section", {},
    element("h3", {}, "Workflow"),
    element("ol.steps", {}, ...list.map(({ step, state }) =>
      element("li", { "data-state": state }, icon(state), element("span.step", {}, step), element("span.sub", {}, state)))));
}

/** @param {Row} row */
function facts({ summary }) {
  const { service } = summary;
  const moment = (/** @type {string | undefined} */ text) => {
    const time = instant(text);
    return time ? element("time", { datetime: text, title: exact(time) }, clock(time, Date.now())) : null;
  };
  /** @type {[string, string | Node | null][]} */
  const all = [
    ["Address", service.public_ip ? element("span.mono", {}, service.public_ip) : null],
    ["Names", service.dns_name.length > 0 ? element("span.lines", {}, ...service.dns_name.map((name) => element("span", {}, name))) : null],
    ["Provider", service.provider],
    ["Workflow", summary.workflow],
    ["State", summary.state],
    ["TLS", service.tls ? "targets speak TLS" : null],
    ["Detected", moment(summary.time_detected)],
    ["Changed", moment(summary.last_update)],
    [summary.state === "undeployed" ? "Undeployed" : "Deployed", moment(summary.close_time)],
    ["Worked on", summary.work_in_progress ? moment(summary.wip_time) : null],
  ];
  return element("section", {},
    element("h3", {}, "Service"),
    element("dl.facts", {}, ...all.filter(([, value]) => value !== null).flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value ?? "")])));
}

/** @param {Target[]} all */
function targets(all) {
  const heading = element("h3", {}, all.length === 1 ? "1 target" : `${all.length} targets`);
  if (all.length === 0) return element("section", {}, heading);
  return element("section", {}, heading, element("ul.target-list", {}, ...all.map((target) => {
    const state = healthOf(target);
    const line = element("li", { "data-health": state },
      element("i", { "data-health": state, "aria-hidden": "true" }),
      element("span.mono", {}, addressOf(target)));
    if (state !== "unknown") line.append(element("span.word", {}, state));
    const carried = figures(target);
    if (carried) line.append(element("span.sub", {}, carried));
    if (target.problem) line.append(element("span.problem", {}, spoken("problem: "), target.problem));
    return line;
  })));
}

/** @param {Target} target */
function figures(target) {
  return [
    target.weight === 1 ? "" : `weight ${target.weight}`,
    target.open_connections === undefined ? "" : `${target.open_connections.toLocaleString()} open`,
    target.connections === undefined ? "" : `${target.connections.toLocaleString()} connections`,
    target.failures ? `${target.failures.toLocaleString()} failed` : "",
  ].filter((word) => word !== "").join(" · ");
}
