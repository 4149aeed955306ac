// Which services are asked for.

/** @typedef {import("./service.js").Row} Row */

/**
 * @typedef {Object} Filter
 * @property {string} text words that must all occur
 * @property {string} status one of the statuses; empty for every one
 * @property {string} provider empty for every one
 * @property {string} workflow empty for every one
 */

/** @param {Filter} filter */
export const isEmpty = (filter) => !filter.text.trim() && !filter.status && !filter.provider && !filter.workflow;

/**
 * The rows that a filter asks for, in the order they have.
 * @param {Row[]} rows
 * @param {Filter} filter
 * @returns {Row[]}
 */
export function matching(rows, filter) {
  if (isEmpty(filter)) return rows;
  const words = filter.text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return rows.filter((row) =>
    (!filter.status || row.status === filter.status)
    && (!filter.provider || row.summary.service.provider === filter.provider)
    && (!filter.workflow || row.summary.workflow === filter.workflow)
    && words.every((word) => row.words.includes(word)));
}
