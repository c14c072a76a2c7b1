// Where the focus stands among fields and buttons, so that a redraw can put it back.

export const FOCUSABLE = "input:not([type=hidden]), select, textarea, button, a[href], [tabindex='0']";

/** What in `node` takes the focus: itself, or its first field. */
export function focusable(node) {
  return node?.matches(FOCUSABLE) ? node : node?.querySelector(FOCUSABLE);
}

/** {node, key, from, to} of the field with the focus inside something that `holds` it; null: none. */
export function remember(holds) {
  const node = document.activeElement;
  const field = node?.closest("[data-key]");
  if (!field || !holds(node)) return null;
  return { node, key: field.dataset.key, from: node.selectionStart ?? null, to: node.selectionEnd };
}

/** Give it back to the same field among `holders`, unless the focus is somewhere already. */
export function restore({ node, key, from, to }, holders) {
  if (node.isConnected || document.activeElement !== document.body) return;
  const fields = holders.flatMap((holder) => [...holder.querySelectorAll("[data-key]")]);
  const again = focusable(fields.find((field) => field.dataset.key === key));
  again?.focus({ preventScroll: true });
  if (again && from !== null) again.setSelectionRange?.(from, to);
}
