// Building elements without ever parsing text as HTML.

/**
 * An element. `props`: `class`, `text`, `on` (event → listener), `data` (dataset), everything else is an
 * attribute (true: present, false/null/undefined: absent). Children: nodes, texts, arrays of them, or null.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "on") for (const [type, heard] of Object.entries(value)) node.addEventListener(type, heard);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Replace what stands in `node`. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
}

let last = 0;

/** An id nothing else on the page has. */
export function freshId(prefix = "i") {
  last += 1;
  return `${prefix}${last}`;
}
