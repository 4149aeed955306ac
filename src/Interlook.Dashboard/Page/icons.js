// The few drawings, made of elements because no markup is read from strings.

const SVG = "http://www.w3.org/2000/svg";

/** Path data on a 16 by 16 field. @type {Record<string, string>} */
const paths = {
  done: "M4.2 8.4 6.9 11 11.8 5.4",
  working: "M8 2.6a5.4 5.4 0 0 1 5.4 5.4",
  waiting: "M8 7.9h.01",
  failed: "M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4",
  close: "M4 4l8 8M12 4l-8 8",
};

/** @type {Map<string, SVGElement>} */
const drawn = new Map();

/**
 * A drawing that says nothing to a screen reader; a word stands beside it.
 * @param {"done" | "working" | "waiting" | "failed" | "close"} name
 */
export function icon(name) {
  let made = drawn.get(name);
  if (!made) {
    made = document.createElementNS(SVG, "svg");
    made.setAttribute("viewBox", "0 0 16 16");
    made.setAttribute("aria-hidden", "true");
    made.setAttribute("class", `icon ${name}`);
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", paths[name] ?? paths.waiting);
    made.append(path);
    drawn.set(name, made);
  }
  return made.cloneNode(true);
}
