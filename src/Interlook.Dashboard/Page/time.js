// Moments and durations in words.

const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const clockFormat = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const dayFormat = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit", second: "2-digit" });

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How long something took or lasts, in at most two letters and a number: 7 ms, 12 s, 5 min, 3 h, 9 d.
 * @param {number} milliseconds
 */
export function duration(milliseconds) {
  if (milliseconds < 0.5) return "< 1 ms";
  if (milliseconds < SECOND) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 10 * SECOND) return `${(Math.floor(milliseconds / 100) / 10).toFixed(1)} s`;
  return coarse(milliseconds);
}

/**
 * How long ago a moment was: 12 s, 5 min, 3 h, 9 d. A clock that runs behind the server's makes no future.
 * @param {number} time
 * @param {number} now
 */
export function age(time, now) {
  return now - time < SECOND ? "now" : coarse(now - time);
}

/** The same as a phrase. @param {number} time @param {number} now */
export function ago(time, now) {
  return now - time < SECOND ? "just now" : `${coarse(now - time)} ago`;
}

/** A moment as this reader's clock and calendar show it. @param {number} time */
export function exact(time) {
  return exactFormat.format(time);
}

/** The same in short: without the year, and without the date when it is less than twelve hours ago. @param {number} time @param {number} now */
export function clock(time, now) {
  return now - time < 12 * HOUR ? clockFormat.format(time) : dayFormat.format(time);
}

/** @param {number} milliseconds */
function coarse(milliseconds) {
  if (milliseconds < MINUTE) return `${Math.floor(milliseconds / SECOND)} s`;
  if (milliseconds < HOUR) return `${Math.floor(milliseconds / MINUTE)} min`;
  if (milliseconds < 2 * DAY) return `${Math.floor(milliseconds / HOUR)} h`;
  return `${Math.floor(milliseconds / DAY)} d`;
}
