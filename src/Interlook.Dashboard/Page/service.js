// What the page knows of a service: the words for how it does, and what is computed from it once for every later look.

/**
 * @typedef {Object} Step
 * @property {string} step
 * @property {"done" | "working" | "waiting" | "failed"} state
 *
 * @typedef {Object} Target
 * @property {string} host
 * @property {number} port
 * @property {number} weight
 * @property {string} [health] unknown, healthy, unhealthy or draining
 * @property {string} [problem]
 * @property {number} [open_connections]
 * @property {number} [connections]
 * @property {number} [failures]
 * @property {number} [bytes_received]
 * @property {number} [bytes_sent]
 *
 * @typedef {Object} Summary an entry as GET /services and GET /events show it
 * @property {string} state
 * @property {string} expected_state
 * @property {boolean} work_in_progress
 * @property {string} [wip_time]
 * @property {string} [time_detected]
 * @property {string} [last_update]
 * @property {string} [close_time]
 * @property {string} [error]
 * @property {string} [reason]
 * @property {string} [step]
 * @property {number} [attempts]
 * @property {string} [info]
 * @property {string} workflow
 * @property {Step[]} [steps]
 * @property {{name: string, provider: string, targets: Target[], tls: boolean, public_ip?: string, dns_name: string[]}} service
 *
 * @typedef {"failed" | "working" | "waiting" | "deployed" | "undeployed"} Status
 *
 * @typedef {Object} Row a service with what is computed from its summary
 * @property {number} id stays while the page is open, so that an element can be called after it
 * @property {string} name as the API shows it
 * @property {Summary} summary
 * @property {Status} status
 * @property {number} since milliseconds since 1970, 0 when not known
 * @property {string} words everything that a search may hit, in lower case
 */

/** Every status, the one that wants attention first. @type {Status[]} */
export const statuses = ["failed", "working", "waiting", "deployed", "undeployed"];

/** @param {Summary} summary @returns {Status} */
export function statusOf(summary) {
  if (summary.error !== undefined || summary.reason !== undefined) return "failed";
  if (summary.work_in_progress) return "working";
  if (summary.state === "deployed" || summary.state === "undeployed") return summary.state === summary.expected_state ? summary.state : "waiting";
  return "waiting";
}

/**
 * Since when it is as it is: worked on, closed, or wished for.
 * @param {Summary} summary
 */
export function sinceOf(summary) {
  const time = summary.work_in_progress ? summary.wip_time : instant(summary.close_time) ? summary.close_time : summary.last_update;
  return instant(time) || instant(summary.last_update);
}

/**
 * A moment in milliseconds; 0 for none, which the API writes as year 1.
 * @param {string | undefined} text
 */
export function instant(text) {
  if (!text || text.startsWith("0001-")) return 0;
  const time = Date.parse(text);
  return Number.isNaN(time) ? 0 : time;
}

/** @param {Target} target */
export function addressOf(target) {
  return target.host.includes(":") ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
}

/** The health of a target in lower case; "unknown" when nobody looks. @param {Target} target */
export const healthOf = (target) => (target.health ?? "unknown").toLowerCase();

/** @param {Summary} summary @param {string} name @param {Status} status */
function wordsOf(summary, name, status) {
  const { service } = summary;
  return [
    name, status, summary.state, summary.workflow, service.provider, service.public_ip, summary.reason, summary.error, summary.info,
    ...service.dns_name, ...service.targets.map(addressOf),
  ].join("\n").toLowerCase();
}

let rows = 0;

/**
 * @param {string} name
 * @param {Summary} summary
 * @param {Row} [before] the row that stood for this service until now
 * @returns {Row}
 */
export function rowOf(name, summary, before) {
  const status = statusOf(summary);
  return { id: before?.id ?? ++rows, name, summary, status, since: sinceOf(summary), words: wordsOf(summary, name, status) };
}
