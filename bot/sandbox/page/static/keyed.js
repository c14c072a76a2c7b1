// A list that changes only where something changed: each item has a key and a stamp of what it was drawn from.

const AT_ONCE = 60;
const whenIdle = globalThis.requestIdleCallback ?? ((run) => setTimeout(run, 1));
const notAnyMore = globalThis.cancelIdleCallback ?? clearTimeout;

/**
 * Make `list` show `items`: [{key, stamp: [anything], draw(): element}], in their order. Long lists are drawn
 * from the end, the rest when the browser is idle. Returns a function that draws everything at once.
 */
export function keyed(list) {
  const rows = new Map(); // key → {node, stamp}
  let items = [];
  let idle = 0;

  function put(most) {
    let drawn = 0;
    let cursor = null;
    let isLacking = false;
    for (const item of items.toReversed()) {
      const row = rows.get(item.key);
      if (!row && drawn >= most) {
        isLacking = true;
        continue;
      }
      if (!row || !same(row.stamp, item.stamp)) {
        redraw(item, row);
        drawn += 1;
      } else row.stamp = item.stamp;
      const { node } = rows.get(item.key);
      if (node.nextSibling !== cursor || node.parentNode !== list) list.insertBefore(node, cursor);
      cursor = node;
    }
    notAnyMore(idle);
    if (isLacking) idle = whenIdle(() => put(AT_ONCE / 2), { timeout: 200 });
  }

  function redraw(item, row) {
    const node = item.draw();
    rows.set(item.key, { node, stamp: item.stamp });
    if (!row) return;
    const place = focusPlace(row.node);
    row.node.replaceWith(node);
    refocus(node, place);
  }

  return {
    show(wanted) {
      items = wanted;
      const kept = new Set(items.map((item) => item.key));
      for (const [key, row] of rows) {
        if (kept.has(key)) continue;
        row.node.remove();
        rows.delete(key);
      }
      put(AT_ONCE);
    },
    all: () => put(Infinity),
    clear() {
      rows.clear();
      list.replaceChildren();
    },
    node: (key) => rows.get(key)?.node,
  };
}

const FOCUSABLE = "a[href], button, input, select, textarea, [tabindex]";

/** Which focusable of `node` has the focus; -1: itself; null: none. */
function focusPlace(node) {
  if (!node.contains(document.activeElement)) return null;
  return [...node.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
}

function refocus(node, place) {
  if (place === null) return;
  const there = [...node.querySelectorAll(FOCUSABLE)].filter((one) => !one.disabled);
  (there[Math.min(place, there.length - 1)] ?? node).focus({ preventScroll: true });
}

function same(a, b) {
  return a.length === b.length && a.every((one, i) => one === b[i] || (isPlain(one) && like(one, b[i])));
}

const isPlain = (value) => typeof value === "object" && value !== null;

// What stands in a message's own inputs is not drawn again: whoever types there knows it already.
const like = (a, b) => JSON.stringify({ ...a, values: 0 }) === JSON.stringify({ ...b, values: 0 });
