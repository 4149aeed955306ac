// What is shown stands in the address after the '#', so that it can be sent to somebody and the back button works.

import { statuses } from "./service.js";

/**
 * @typedef {Object} View
 * @property {import("./filter.js").Filter} filter
 * @property {import("./catalogue.js").Sort} sort
 * @property {string} service whose detail is open; empty for none
 */

/** @returns {View} */
export function readView() {
  const part = new URLSearchParams(location.hash.slice(1));
  const sort = part.get("sort");
  const status = statuses.find((each) => each === part.get("state"));
  return {
    filter: {
      text: part.get("q") ?? "",
      status: status ?? "",
      provider: part.get("provider") ?? "",
      workflow: part.get("workflow") ?? "",
    },
    sort: sort === "status" || sort === "since" ? sort : "name",
    service: part.get("service") ?? "",
  };
}

/**
 * Writes a view into the address.
 * @param {View} view
 * @param {"step" | "trace"} kind a step is one that the back button undoes; typing leaves no steps
 */
export function writeView(view, kind) {
  const part = new URLSearchParams();
  if (view.filter.text.trim()) part.set("q", view.filter.text.trim());
  if (view.filter.status) part.set("state", view.filter.status);
  if (view.filter.provider) part.set("provider", view.filter.provider);
  if (view.filter.workflow) part.set("workflow", view.filter.workflow);
  if (view.sort !== "name") part.set("sort", view.sort);
  if (view.service) part.set("service", view.service);
  const text = part.toString();
  const address = text ? `#${text}` : location.pathname + location.search;
  if (text === location.hash.slice(1)) return;
  if (kind === "step") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}
