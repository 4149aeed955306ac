// The stream of changes: opens GET /events, keeps it open while somebody looks, and says how that goes.

/** The first wait before a stream that the server refused is asked for again, and the longest, in milliseconds. */
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 30000;

/**
 * How long a page out of sight keeps its stream, in milliseconds. A browser has six connections for one server (HTTP/1.1) over all its
 * tabs; a page that nobody sees is not to keep one from a page that somebody opens.
 */
const UNSEEN = 60000;

/**
 * @typedef {"connecting" | "live" | "lost"} Connection
 *
 * @typedef {Object} Listener
 * @property {() => void} reset what is known is about to be told anew
 * @property {(changes: Record<string, import("./service.js").Summary | null>) => void} services
 * @property {() => void} ready everything has been told
 * @property {(overview: object) => void} overview
 * @property {(connection: Connection) => void} connection
 */

/**
 * Follows the server until the page is closed. A break in the connection is mended by the browser; a refusal (too many streams, a proxy in
 * between that has nobody behind it) ends the browser's patience and is mended here.
 * @param {string} address
 * @param {Listener} listener
 */
export function follow(address, listener) {
  let wait = FIRST_WAIT;
  let timer = 0;

  /** @type {EventSource | null} */
  let source = null;

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) later(close, UNSEEN);
    else if (source) clearTimeout(timer);
    else open();
  });
  open();

  function open() {
    clearTimeout(timer);
    const opened = source = new EventSource(address);
    opened.addEventListener("reset", () => listener.reset());
    opened.addEventListener("services", (event) => listener.services(JSON.parse(event.data)));
    opened.addEventListener("overview", (event) => listener.overview(JSON.parse(event.data)));
    opened.addEventListener("ready", () => {
      wait = FIRST_WAIT;
      listener.ready();
      listener.connection("live");
    });
    opened.onerror = () => {
      listener.connection("lost");
      if (opened.readyState !== EventSource.CLOSED) return;
      source = null;
      later(open, wait);
      wait = Math.min(2 * wait, LONGEST_WAIT);
    };
  }

  function close() {
    source?.close();
    source = null;
    listener.connection("connecting");
  }

  /** @param {() => void} what @param {number} milliseconds */
  function later(what, milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(what, milliseconds);
  }
}
