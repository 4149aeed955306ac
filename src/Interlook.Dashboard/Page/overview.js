// Providers, steps and address pools: what every service depends on.

import { byId, element, spoken, write } from "./dom.js";
import { instant } from "./service.js";
import { ago, exact } from "./time.js";

/**
 * @typedef {Object} Provider
 * @property {string} name
 * @property {boolean} synced
 * @property {string} [last_sync]
 * @property {number} services
 * @property {{subject: string, problem: string}[]} [rejections]
 * @property {string[]} [held_withdrawals]
 * @property {string} [reason]
 * @property {string} [message]
 *
 * @typedef {Object} Extension
 * @property {string} name
 * @property {boolean} connected
 * @property {string} [reason]
 * @property {string} [message]
 * @property {string} [last_good]
 * @property {number} waiting
 * @property {string[]} [orphans]
 *
 * @typedef {Object} Pool
 * @property {string} step
 * @property {string} [network]
 * @property {number} leased
 * @property {number} size
 *
 * @typedef {Object} Overview
 * @property {Provider[]} providers
 * @property {Extension[]} extensions
 * @property {Pool[]} [pools]
 * @property {{total: number}} [entries]
 * @property {string | {version: string}} [version]
 * @property {boolean} [ready]
 */

/** Names beyond these are counted. */
const MOST_NAMES = 20;

/** A pool that is fuller than this is worth a look, and fuller than that is nearly exhausted. */
const WORTH_A_LOOK = 0.8;
const NEARLY_EXHAUSTED = 0.95;

/** @param {Overview} overview @param {number} now */
export function showOverview(overview, now) {
  const providers = overview.providers ?? [];
  const isProvider = new Set(providers.map((provider) => provider.name));
  const steps = (overview.extensions ?? []).filter((extension) => !isProvider.has(extension.name));
  const pools = overview.pools ?? [];
  keepingOpen(byId("providers"), providers.map((provider) => providerCard(provider, now)));
  keepingOpen(byId("extensions"), steps.map((extension) => extensionCard(extension, now)));
  byId("pools").replaceChildren(...pools.map(poolCard));
  byId("pools-section").hidden = pools.length === 0;

  const { version } = overview;
  write(byId("version"), typeof version === "object" ? version.version : version ?? "");
  const troubles = providers.filter((provider) => !provider.synced || held(provider).length > 0).length + steps.filter((step) => !step.connected).length;
  const trouble = byId("trouble");
  trouble.hidden = troubles === 0;
  write(trouble, troubles === 1 ? "1 problem" : `${troubles} problems`);
}

/** Ages the texts that say how long ago something was. @param {number} now */
export function tickOverview(now) {
  for (const time of byId("overview").querySelectorAll("time")) write(time, ago(Date.parse(time.dateTime), now));
}

/** @param {Provider} provider */
const held = (provider) => provider.held_withdrawals ?? [];

/** @param {Provider} provider @param {number} now */
function providerCard(provider, now) {
  const card = element("li.card", { "data-good": String(provider.synced) },
    headOf(provider.name, provider.synced ? "in step" : provider.message ? "not in step" : "starting"),
    element("p.sub", {}, provider.services === 1 ? "1 service" : `${provider.services.toLocaleString()} services`, ...moment(", last good sync ", provider.last_sync, now)));
  if (provider.message) card.append(problem(provider));
  const rejections = provider.rejections ?? [];
  if (rejections.length > 0) {
    card.append(fold(`${provider.name} rejections`, `${rejections.length} rejected`,
      element("dl.rejections", {}, ...rejections.slice(0, MOST_NAMES).flatMap(({ subject, problem }) => [element("dt", {}, subject), element("dd", {}, problem)]))));
  }
  if (held(provider).length > 0) {
    card.append(fold(`${provider.name} held`, held(provider).length === 1 ? "1 withdrawal held" : `${held(provider).length} withdrawals held`,
      element("p", {}, "The last snapshot left these out, and they are too many to believe it at once:"), names(held(provider))));
  }
  return card;
}

/** @param {Extension} extension @param {number} now */
function extensionCard(extension, now) {
  const card = element("li.card", { "data-good": String(extension.connected) },
    headOf(extension.name, extension.connected ? "connected" : extension.message ? "not connected" : "starting"));
  const line = element("p.sub", {});
  if (extension.waiting > 0) line.append(extension.waiting === 1 ? "1 service waits" : `${extension.waiting.toLocaleString()} services wait`);
  if (!extension.connected) line.append(...moment(extension.waiting > 0 ? ", last good " : "last good ", extension.last_good, now));
  if (line.hasChildNodes()) card.append(line);
  if (!extension.connected && extension.message) card.append(problem(extension));
  const orphans = extension.orphans ?? [];
  if (orphans.length > 0) card.append(fold(`${extension.name} orphans`, orphans.length === 1 ? "1 orphan" : `${orphans.length} orphans`, names(orphans)));
  return card;
}

/** @param {Pool} pool */
function poolCard(pool) {
  const share = pool.size > 0 ? pool.leased / pool.size : 0;
  const fill = element("span.fill", { "data-level": share >= NEARLY_EXHAUSTED ? "full" : share >= WORTH_A_LOOK ? "high" : "low" });
  fill.style.width = `${Math.min(100, 100 * share)}%`;
  const label = pool.network ?? pool.step;
  return element("li.card.pool", {},
    element("p.card-head", {}, element("span.card-name", {}, label), element("span.card-word", {}, `${Math.round(100 * share)} %`)),
    element("div.meter", {
      role: "meter", "aria-label": `Leased addresses of ${label}`, "aria-valuemin": 0, "aria-valuemax": pool.size, "aria-valuenow": pool.leased,
      "aria-valuetext": `${pool.leased} of ${pool.size} leased`,
    }, fill),
    element("p.sub", {}, `${pool.leased.toLocaleString()} of ${pool.size.toLocaleString()} leased${pool.network ? `, ${pool.step}` : ""}`));
}

/** @param {string} name @param {string} word */
function headOf(name, word) {
  return element("p.card-head", {}, element("span.dot", { "aria-hidden": "true" }), element("span.card-name", {}, name), element("span.card-word", {}, spoken(" "), word));
}

/** @param {{reason?: string, message?: string}} of */
function problem({ reason, message }) {
  return element("p.problem", {}, [reason, message].filter((word) => word).join(": "));
}

/** @param {string} before @param {string | undefined} text @param {number} now @returns {(Node | string)[]} */
function moment(before, text, now) {
  const time = instant(text);
  return time ? [before, element("time", { datetime: text, title: exact(time) }, ago(time, now))] : [];
}

/** @param {string} key by which it is known again when the card is made anew @param {string} title @param {...Node} content */
function fold(key, title, ...content) {
  return element("details", { "data-key": key }, element("summary", {}, title), ...content);
}

/** @param {string[]} all */
function names(all) {
  const rest = all.length - MOST_NAMES;
  return element("ul.names", {}, ...all.slice(0, MOST_NAMES).map((name) => element("li", {}, name)), ...(rest > 0 ? [element("li.sub", {}, `and ${rest} more`)] : []));
}

/** Puts new cards in place of the old; what was unfolded remains so, and the focus remains where it was. @param {HTMLElement} list @param {HTMLElement[]} cards */
function keepingOpen(list, cards) {
  const open = new Set([...list.querySelectorAll("details[open]")].map((each) => each.getAttribute("data-key")));
  const focused = document.activeElement?.parentElement?.getAttribute("data-key");
  list.replaceChildren(...cards);
  for (const each of list.querySelectorAll("details")) {
    const key = each.getAttribute("data-key");
    if (open.has(key)) each.open = true;
    if (focused && key === focused) each.querySelector("summary")?.focus();
  }
}
