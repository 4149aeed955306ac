// Every service the server told of, and which of them are shown, in which order.

import { rowOf, statuses } from "./service.js";

/** @typedef {import("./service.js").Row} Row */
/** @typedef {import("./service.js").Summary} Summary */
/** @typedef {"name" | "status" | "since"} Sort */

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** @type {Record<Sort, (a: Row, b: Row) => number>} */
const orders = {
  name: byName,
  status: (a, b) => statuses.indexOf(a.status) - statuses.indexOf(b.status) || byName(a, b),
  since: (a, b) => b.since - a.since || byName(a, b),
};

/** @param {Row} a @param {Row} b */
function byName(a, b) {
  return collator.compare(a.name, b.name) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

export class Catalogue {
  /** @type {Map<string, Row>} */
  #rows = new Map();

  /** While everything is told anew: what came so far. What was known before stays shown meanwhile. @type {Set<string> | null} */
  #told = null;

  /** Names whose row is new, changed or gone since the order was last made. @type {Set<string>} */
  #changed = new Set();

  /** @type {Row[]} */
  #ordered = [];

  /** @type {Sort} */
  #sort = "name";

  get size() {
    return this.#rows.size;
  }

  /** @param {string} name */
  find(name) {
    return this.#rows.get(name);
  }

  /** What is known is about to be told anew. */
  reset() {
    this.#told = new Set();
  }

  /** Everything has been told: what was not named again is gone. */
  ready() {
    const told = this.#told;
    this.#told = null;
    if (!told) return;
    for (const name of this.#rows.keys()) {
      if (!told.has(name)) this.#remove(name);
    }
  }

  /** @param {Record<string, Summary | null>} changes */
  take(changes) {
    for (const [name, summary] of Object.entries(changes)) {
      if (summary === null) {
        this.#told?.delete(name);
        this.#remove(name);
        continue;
      }
      this.#told?.add(name);
      this.#rows.set(name, rowOf(name, summary, this.#rows.get(name)));
      this.#changed.add(name);
    }
  }

  /** @param {Sort} sort */
  sortBy(sort) {
    if (this.#sort === sort) return;
    this.#sort = sort;
    this.#ordered = [...this.#rows.values()].sort(orders[sort]);
    this.#changed.clear();
  }

  /**
   * The rows in order. What changed is sorted alone and merged into the rest, so a change costs one walk and not a sort of everything.
   * @returns {Row[]}
   */
  ordered() {
    if (this.#changed.size === 0) return this.#ordered;
    const order = orders[this.#sort];
    const rest = this.#ordered.filter((row) => !this.#changed.has(row.name));
    const fresh = [...this.#changed].map((name) => this.#rows.get(name)).filter((row) => row !== undefined).sort(order);
    this.#changed.clear();
    this.#ordered = merge(rest, fresh, order);
    return this.#ordered;
  }

  /** How many services have each status, and in all. */
  counts() {
    const counts = { all: this.#rows.size, failed: 0, working: 0, waiting: 0, deployed: 0, undeployed: 0 };
    for (const row of this.#rows.values()) counts[row.status]++;
    return counts;
  }

  /** The providers and workflows that services have, in order. */
  origins() {
    const providers = new Set();
    const workflows = new Set();
    for (const { summary } of this.#rows.values()) {
      providers.add(summary.service.provider);
      workflows.add(summary.workflow);
    }
    return { providers: [...providers].sort(), workflows: [...workflows].sort() };
  }

  /** @param {string} name */
  #remove(name) {
    if (this.#rows.delete(name)) this.#changed.add(name);
  }
}

/**
 * @param {Row[]} left
 * @param {Row[]} right
 * @param {(a: Row, b: Row) => number} order
 */
export function merge(left, right, order) {
  if (left.length === 0) return right;
  const merged = [];
  let i = 0;
  for (const row of right) {
    // Halving finds the place in few comparisons; a language's collation is dear.
    let low = i;
    let high = left.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order(left[middle], row) <= 0) low = middle + 1;
      else high = middle;
    }
    while (i < low) merged.push(left[i++]);
    merged.push(row);
  }
  while (i < left.length) merged.push(left[i++]);
  return merged;
}
