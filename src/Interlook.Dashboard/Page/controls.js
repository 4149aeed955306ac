// What narrows the list down and puts it in order: search, states, provider, workflow, headings.

import { byId, element, mark, write } from "./dom.js";
import { statuses } from "./service.js";

/** @typedef {import("./address.js").View} View */

/** How long typing pauses before the address is written. */
const PAUSE = 300;

export class Controls {
  #search = /** @type {HTMLInputElement} */ (byId("search"));
  #provider = /** @type {HTMLSelectElement} */ (byId("provider"));
  #workflow = /** @type {HTMLSelectElement} */ (byId("workflow"));
  #headings = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-sort]"))];

  /** @type {Map<string, {button: HTMLElement, count: HTMLElement}>} */
  #states = new Map();
  #waiting = 0;
  #changed;

  /**
   * @param {View} view what is shown; changed here
   * @param {(kind: "step" | "trace" | "typing") => void} changed
   */
  constructor(view, changed) {
    this.#changed = changed;
    const choose = (/** @type {() => void} */ change) => {
      this.settle();
      change();
      changed("step");
    };
    for (const status of ["", ...statuses]) {
      const count = element("span.count", {}, "0");
      const button = element("button.status", { type: "button", "data-status": status, "aria-pressed": false }, element("span.dot", { "aria-hidden": "true" }), `${status || "all"} `, count);
      button.addEventListener("click", () => choose(() => { view.filter.status = view.filter.status === status ? "" : status; }));
      this.#states.set(status, { button, count });
      byId("statuses").append(button);
    }
    this.#search.addEventListener("input", () => {
      view.filter.text = this.#search.value;
      changed("typing");
      clearTimeout(this.#waiting);
      this.#waiting = setTimeout(() => this.settle(), PAUSE);
    });
    this.#provider.addEventListener("change", () => choose(() => { view.filter.provider = this.#provider.value; }));
    this.#workflow.addEventListener("change", () => choose(() => { view.filter.workflow = this.#workflow.value; }));
    for (const heading of this.#headings) {
      heading.addEventListener("click", () => choose(() => { view.sort = /** @type {import("./catalogue.js").Sort} */ (heading.dataset.sort); }));
    }
    byId("tools").addEventListener("submit", (event) => event.preventDefault());
  }

  /** What was typed is written now: the back button is to come back to it. */
  settle() {
    if (!this.#waiting) return;
    clearTimeout(this.#waiting);
    this.#waiting = 0;
    this.#changed("trace");
  }

  focusSearch() {
    this.#search.focus();
    this.#search.select();
  }

  /** Shows what is chosen. @param {View} view */
  show(view) {
    if (this.#search.value.trim() !== view.filter.text.trim()) this.#search.value = view.filter.text;
    for (const [status, { button }] of this.#states) mark(button, "aria-pressed", String(view.filter.status === status));
    for (const [select, value] of /** @type {[HTMLSelectElement, string][]} */ ([[this.#provider, view.filter.provider], [this.#workflow, view.filter.workflow]])) {
      if (value && ![...select.options].some((option) => option.value === value)) select.add(new Option(value, value));
      select.value = value;
    }
    for (const heading of this.#headings) {
      const order = view.sort !== heading.dataset.sort ? "none" : view.sort === "since" ? "descending" : "ascending";
      if (heading.parentElement) mark(heading.parentElement, "aria-sort", order);
    }
  }

  /** @param {Record<string, number>} counts */
  showCounts(counts) {
    for (const [status, { button, count }] of this.#states) {
      write(count, (counts[status || "all"] ?? 0).toLocaleString());
      button.classList.toggle("none", status !== "" && !counts[status]);
    }
  }

  /** Offers what can be chosen. @param {{providers: string[], workflows: string[]}} origins @param {View} view */
  showOrigins({ providers, workflows }, view) {
    offer(this.#provider, providers, view.filter.provider);
    offer(this.#workflow, workflows, view.filter.workflow);
    byId("workflow-choice").hidden = workflows.length < 2 && !view.filter.workflow;
  }
}

/** @param {HTMLSelectElement} select @param {string[]} values @param {string} chosen */
function offer(select, values, chosen) {
  const all = chosen && !values.includes(chosen) ? [...values, chosen] : values;
  const [first, ...rest] = [...select.options];
  if (rest.length === all.length && rest.every((option, i) => option.value === all[i])) return;
  select.replaceChildren(first, ...all.map((value) => new Option(value, value)));
  select.value = chosen;
}
