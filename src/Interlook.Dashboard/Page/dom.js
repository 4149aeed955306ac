// Elements. Text goes in as text and nowhere else: nothing here, and nothing in the page, reads markup from a string.

/**
 * Makes an element.
 * @param {string} tag its name, with classes after dots: "span.dot.good"
 * @param {Record<string, string | number | boolean | undefined>} [attributes] false and undefined leave one out, true sets it empty
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const made = document.createElement(name);
  if (classes.length > 0) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/** The element of the page with an id. @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element '${id}'`);
  return found;
}

/** Writes a text, when it is another. @param {Element} into @param {string} text */
export function write(into, text) {
  if (into.textContent !== text) into.textContent = text;
}

/** Writes an attribute, when it is another; null takes it away. @param {Element} on @param {string} name @param {string | null} value */
export function mark(on, name, value) {
  if (value === null) on.removeAttribute(name);
  else if (on.getAttribute(name) !== value) on.setAttribute(name, value);
}

/** What was last drawn into an element. @type {WeakMap<Element, string>} */
const drawn = new WeakMap();

/**
 * Draws into an element, unless what is there was drawn from the same.
 * @param {Element} into
 * @param {string} from everything the drawing depends on
 * @param {() => Node[]} draw
 */
export function redraw(into, from, draw) {
  if (drawn.get(into) === from) return;
  drawn.set(into, from);
  into.replaceChildren(...draw());
}

/** A text for screen readers only. @param {string} text */
export const spoken = (text) => element("span.hidden", {}, text);
