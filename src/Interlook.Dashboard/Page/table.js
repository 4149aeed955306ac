// A list of many thousand services of which only those in sight have elements.

import { mark } from "./dom.js";
import { emptyRow, fill, tick } from "./row.js";

/** @typedef {import("./service.js").Row} Row */

/** Rows kept ready above and below what is in sight. */
const OVERSCAN = 6;

/** The heading is row 1 (WAI-ARIA 1.2, aria-rowindex). */
const FIRST_INDEX = 2;

export class Table {
  #grid;
  #body;
  #open;

  /** @type {Row[]} */
  #rows = [];

  /** Elements in use by the name of their service, with what was last written into them. @type {Map<string, {element: HTMLElement, row: Row, index: number}>} */
  #used = new Map();

  /** Elements out of use. @type {HTMLElement[]} */
  #spare = [];

  #height = 0;
  #active = "";
  #selected = "";
  #frame = 0;

  /**
   * @param {HTMLElement} grid what scrolls and has the focus
   * @param {HTMLElement} body where the rows are
   * @param {(row: Row, by: "key" | "pointer") => void} open asked to show a service's detail
   */
  constructor(grid, body, open) {
    this.#grid = grid;
    this.#body = body;
    this.#open = open;
    grid.addEventListener("scroll", () => this.#draw(), { passive: true });
    grid.addEventListener("keydown", (event) => this.#press(event));
    grid.addEventListener("focus", () => this.#arrive());
    body.addEventListener("click", (event) => this.#click(event));
    new ResizeObserver(() => this.#measure()).observe(grid);
    this.#measure();
  }

  /**
   * Shows rows in place of the former ones.
   * @param {Row[]} rows
   * @param {"top" | "row" | "place"} keep what stays in sight: the beginning, the row that is there though others come and go above it, or the place
   */
  show(rows, keep) {
    const top = Math.floor(this.#grid.scrollTop / this.#height);
    const anchor = keep === "row" && top > 0 ? this.#rows[top] : undefined;
    const offset = this.#grid.scrollTop - top * this.#height;
    this.#rows = rows;
    mark(this.#grid, "aria-rowcount", String(rows.length + 1));
    this.#body.style.height = `${rows.length * this.#height}px`;
    if (keep === "top") this.#grid.scrollTop = 0;
    else if (anchor) {
      const now = this.#find(anchor.name, top);
      if (now >= 0 && now !== top) this.#grid.scrollTop = now * this.#height + offset;
    }
    if (this.#active && this.#find(this.#active) < 0) this.#active = "";
    this.#draw();
  }

  /** Marks the service whose detail is open. @param {string} name */
  select(name) {
    this.#selected = name;
    if (name) this.#active = name;
    this.#draw();
  }

  /** Brings a service into sight. @param {string} name */
  reveal(name) {
    const index = this.#find(name);
    if (index >= 0) this.#bringIntoSight(index);
  }

  /** Ages the texts that say how long ago something was. @param {number} now */
  tick(now) {
    for (const { element, row } of this.#used.values()) tick(element, row, now);
  }

  /** Where a service stands in the list, looked for around a place first. @param {string} name @param {number} [around] */
  #find(name, around = 0) {
    for (let i = Math.max(0, around - 8); i < Math.min(this.#rows.length, around + 8); i++) {
      if (this.#rows[i].name === name) return i;
    }
    return this.#rows.findIndex((row) => row.name === name);
  }

  #measure() {
    const height = parseFloat(getComputedStyle(this.#grid).getPropertyValue("--row-height"));
    if (height !== this.#height) {
      const top = this.#height ? this.#grid.scrollTop / this.#height : 0;
      this.#height = height;
      this.#body.style.height = `${this.#rows.length * height}px`;
      this.#grid.scrollTop = top * height;
      this.#used.forEach((use) => { use.index = -1; });
    }
    this.#draw();
  }

  #draw() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#drawNow();
    });
  }

  #drawNow() {
    const { scrollTop, clientHeight } = this.#grid;
    const first = Math.max(0, Math.floor(scrollTop / this.#height) - OVERSCAN);
    const end = Math.min(this.#rows.length, Math.ceil((scrollTop + clientHeight) / this.#height) + OVERSCAN);
    const wanted = this.#rows.slice(first, end).map((row, i) => ({ row, index: first + i }));

    // What the focus is on keeps its element wherever it is, or a screen reader would lose its place.
    const active = this.#active ? this.#find(this.#active, first) : -1;
    if (active >= 0 && (active < first || active >= end)) wanted.push({ row: this.#rows[active], index: active });

    const names = new Set(wanted.map(({ row }) => row.name));
    const free = [...this.#used].filter(([name]) => !names.has(name));

    // After a leap none of the rows remains: their elements are written anew where they stand, which is cheaper than to take them out.
    const isLeap = free.length === this.#used.size;
    for (const [name, { element }] of free) {
      this.#used.delete(name);
      if (!isLeap) element.remove();
      this.#spare.push(element);
    }

    // Elements stand in the order of the list, because that is the order in which they are read out.
    const now = Date.now();
    let next = this.#body.firstElementChild;
    wanted.sort((a, b) => a.index - b.index);
    for (const { row, index } of wanted) {
      const element = this.#place(row, index, now);
      if (element === next) next = next.nextElementSibling;
      else this.#body.insertBefore(element, next);
    }
    for (const element of this.#spare) element.remove();
    mark(this.#grid, "aria-activedescendant", active >= 0 ? `service-${this.#rows[active].id}` : null);
  }

  /** @param {Row} row @param {number} index @param {number} now */
  #place(row, index, now) {
    let use = this.#used.get(row.name);
    if (!use) {
      use = { element: this.#spare.shift() ?? emptyRow(), row, index: -1 };
      this.#used.set(row.name, use);
      fill(use.element, row, now);
    } else if (use.row !== row) {
      use.row = row;
      fill(use.element, row, now);
    }
    const { element } = use;
    if (use.index !== index) {
      use.index = index;
      element.style.transform = `translateY(${index * this.#height}px)`;
      mark(element, "aria-rowindex", String(index + FIRST_INDEX));
      element.classList.toggle("odd", index % 2 === 1);
    }
    mark(element, "aria-selected", String(row.name === this.#selected));
    element.classList.toggle("active", row.name === this.#active);
    return element;
  }

  /** The focus comes into the list: it is on a row from the beginning. */
  #arrive() {
    if (this.#active || this.#rows.length === 0) return;
    const top = Math.ceil(this.#grid.scrollTop / this.#height);
    this.#active = this.#rows[Math.min(top, this.#rows.length - 1)].name;
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.target !== this.#grid || event.ctrlKey || event.metaKey || event.altKey || this.#rows.length === 0) return;
    const at = this.#find(this.#active);
    if (event.key === "Enter" || event.key === " ") {
      if (at < 0) return;
      event.preventDefault();
      this.#open(this.#rows[at], "key");
      return;
    }
    const page = Math.max(1, Math.floor(this.#inSight() / this.#height) - 1);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: this.#rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = Math.min(Math.max(to, 0), this.#rows.length - 1);
    this.#active = this.#rows[index].name;
    this.#bringIntoSight(index);
  }

  /** How much of the list is in sight below its heading, in pixels. */
  #inSight() {
    return this.#grid.clientHeight - this.#body.offsetTop;
  }

  /** @param {number} index */
  #bringIntoSight(index) {
    const top = index * this.#height;
    if (top < this.#grid.scrollTop) this.#grid.scrollTop = top;
    else if (top + this.#height > this.#grid.scrollTop + this.#inSight()) this.#grid.scrollTop = top + this.#height - this.#inSight();
    this.#draw();
  }

  /** @param {MouseEvent} event */
  #click(event) {
    // Who marks a text to copy it opens nothing.
    if (!(event.target instanceof Element) || getSelection()?.type === "Range") return;
    const element = event.target.closest("[role=row]");
    for (const use of this.#used.values()) {
      if (use.element !== element) continue;
      this.#active = use.row.name;
      this.#open(use.row, "pointer");
      this.#draw();
      return;
    }
  }
}
