// The workflow of a service as a chain of steps.

import { element, spoken } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @param {import("./service.js").Step[]} steps
 * @returns {HTMLElement} a list, in deploy order
 */
export function chain(steps) {
  return element("ol.chain", {}, ...steps.map(({ step, state }) =>
    element("li", { "data-state": state, title: `${step}: ${state}` }, icon(state), element("span.step", {}, step), spoken(` ${state}`))));
}
