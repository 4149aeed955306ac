// Puts the page together: the feed changes the catalogue, the catalogue and the view make the list, a frame at a time.

import { announce } from "./announcer.js";
import { readView, writeView } from "./address.js";
import { Catalogue } from "./catalogue.js";
import { Controls } from "./controls.js";
import { Detail } from "./detail.js";
import { byId, mark, write } from "./dom.js";
import { follow } from "./feed.js";
import { isEmpty, matching } from "./filter.js";
import { showOverview, tickOverview } from "./overview.js";
import { Table } from "./table.js";
import { exact } from "./time.js";

const grid = byId("grid");
const catalogue = new Catalogue();
const view = readView();

/** What differs from what is painted. */
const due = { list: true, detail: true, overview: false };

/** @type {import("./overview.js").Overview | null} */
let overview = null;
let isComplete = false;
let lostAt = 0;
let failed = 0;
let frame = 0;

/** Below this width the detail lies over everything else, as in phone.css. */
const narrow = matchMedia("(max-width: 1099px)");

const controls = new Controls(view, (kind) => {
  if (kind !== "typing") writeView(view, kind);
  if (kind !== "trace") sift();
});
const table = new Table(grid, byId("rows"), (row, by) => open(row.name, by));
const detail = new Detail(byId("detail"), close);

follow("events", {
  reset: () => catalogue.reset(),
  services: (changes) => {
    catalogue.take(changes);
    paint("list", "detail");
  },
  ready: () => {
    catalogue.ready();
    isComplete = true;
    paint("list", "detail");
  },
  overview: (told) => {
    overview = /** @type {import("./overview.js").Overview} */ (told);
    paint("overview");
  },
  connection: showConnection,
});

addEventListener("popstate", () => {
  Object.assign(view, readView());
  sift();
});
addEventListener("keydown", press);
byId("clear").addEventListener("click", () => {
  view.filter = { text: "", status: "", provider: "", workflow: "" };
  writeView(view, "step");
  sift();
  grid.focus();
});
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  grid.focus();
});
byId("overview-fold").toggleAttribute("open", !narrow.matches);
narrow.addEventListener("change", () => {
  byId("overview-fold").toggleAttribute("open", !narrow.matches);
  cover();
});
setInterval(() => {
  if (document.hidden) return;
  table.tick(Date.now());
  tickOverview(Date.now());
}, 1000);
paint();

/** Asks for a frame, in which what is due is painted once. @param {...keyof typeof due} what */
function paint(...what) {
  for (const each of what) due[each] = true;
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    if (due.list) paintList();
    if (due.detail) paintDetail();
    if (due.overview && overview) {
      due.overview = false;
      showOverview(overview, Date.now());
      paintShown();
    }
  });
}

/** The view changed: another order, another filter, or another service. */
function sift() {
  paint("list", "detail");
}

let shown = 0;
let sifted = "";

function paintList() {
  due.list = false;
  const asked = JSON.stringify([view.filter, view.sort]);
  const isOther = asked !== sifted;
  sifted = asked;
  catalogue.sortBy(view.sort);
  const rows = matching(catalogue.ordered(), view.filter);
  shown = rows.length;

  // In the order of names what is in sight remains there; in the other orders rows move because they change, and the place remains.
  table.show(rows, isOther ? "top" : view.sort === "name" ? "row" : "place");
  const counts = catalogue.counts();
  controls.showCounts(counts);
  controls.showOrigins(catalogue.origins(), view);
  controls.show(view);
  paintShown();
  tellFailures(counts.failed);
  if (isOther && isComplete && !isEmpty(view.filter)) announce(`${shown} of ${catalogue.size} services shown`);
}

/** How many services are shown, and what is said when there are none. */
function paintShown() {
  const all = catalogue.size.toLocaleString();
  const coming = !isComplete && overview?.entries?.total ? `, reading ${overview.entries.total.toLocaleString()}` : "";
  write(byId("shown"), (isEmpty(view.filter) ? (catalogue.size === 1 ? "1 service" : `${all} services`) : `${shown.toLocaleString()} of ${all} services`) + coming);
  mark(grid, "aria-busy", String(!isComplete));
  const empty = byId("empty");
  empty.hidden = shown > 0;
  byId("clear").hidden = isEmpty(view.filter) || catalogue.size === 0;
  const text = !isComplete ? "Reading the services…"
    : catalogue.size > 0 ? "No service is like that."
    : overview?.ready === false ? "The providers have not named any service yet."
    : "No provider publishes a service.";
  if (empty.firstElementChild) write(empty.firstElementChild, text);
}

/** @param {number} count */
function tellFailures(count) {
  if (isComplete && count !== failed) announce(count === 0 ? "no service fails any more" : count === 1 ? "1 service fails" : `${count} services fail`);
  failed = count;
}

function paintDetail() {
  due.detail = false;
  table.select(view.service);
  if (!view.service) {
    if (detail.isOpen) detail.close();
  } else {
    const row = catalogue.find(view.service);
    if (row || isComplete) detail.show(view.service, row);
  }
  byId("frame").classList.toggle("with-detail", detail.isOpen);
  cover();
}

/** Where the detail covers the rest, the rest is out of reach. */
function cover() {
  const covered = narrow.matches && detail.isOpen;
  for (const id of ["services", "overview"]) byId(id).inert = covered;
}

/** @param {string} name @param {"key" | "pointer"} by */
function open(name, by) {
  controls.settle();
  view.service = name;
  writeView(view, "step");
  paintDetail();
  if (by === "key" || narrow.matches) detail.focus();
}

function close() {
  if (!view.service) return;
  controls.settle();
  const name = view.service;
  view.service = "";
  writeView(view, "step");
  paintDetail();
  table.reveal(name);
  grid.focus({ preventScroll: true });
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    controls.focusSearch();
  } else if (event.key === "Escape") {
    escape(event);
  } else if (event.target === byId("search") && (event.key === "ArrowDown" || event.key === "Enter")) {
    event.preventDefault();
    grid.focus();
  }
}

/** Goes one step back: out of the detail, out of what is searched for, out of the search. @param {KeyboardEvent} event */
function escape(event) {
  if (event.target === byId("search")) {
    event.preventDefault();
    if (view.filter.text) {
      view.filter.text = "";
      writeView(view, "trace");
      sift();
    } else grid.focus();
  } else if (detail.isOpen) close();
}

/** @param {import("./feed.js").Connection} connection */
function showConnection(connection) {
  const pill = byId("connection");
  mark(pill, "data-state", connection);
  const word = pill.querySelector(".word");
  if (word) write(word, connection === "lost" ? "connection lost, trying again" : connection);
  const notice = byId("notice");
  if (connection === "lost") lostAt ||= Date.now();
  else lostAt = 0;
  notice.hidden = lostAt === 0 || catalogue.size === 0;
  if (!notice.hidden) write(notice, `What is shown is as of ${exact(lostAt)}; Interlook has not been heard from since.`);
}
