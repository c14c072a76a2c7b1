// Where the focus stands among fields and buttons, so that a redraw can put it back.

export const FOCUSABLE = "input:not([type=hidden]), select, textarea, button, a[href], [tabindex='0']";

/** What in `node` takes the focus: itself, or its first field. */
export function focusable(node) {
  return node?.matches(FOCUSABLE) ? node : node?.querySelector(FOCUSABLE);
}

const called = (node) => node.getAttribute("aria-label") ?? node.textContent;
const alike = (holders, name) =>
  holders.flatMap((holder) => [...holder.querySelectorAll(FOCUSABLE)]).filter((node) => called(node) === name);

/**
 * {node, key, from, to, name, place} of the field with the focus inside something that `holds` it; null: none.
 * `place`: which one of its name it is among `holders`; Slack gives what the bot left unnamed new ids each time.
 */
export function remember(holds, holders = []) {
  const node = document.activeElement;
  const field = node?.closest("[data-key]");
  if (!field || !holds(node)) return null;
  return { node, key: field.dataset.key, from: node.selectionStart ?? null, to: node.selectionEnd, name: called(node), place: alike(holders, called(node)).indexOf(node) };
}

/** Give it back to the same field among `holders`, unless the focus is somewhere already. */
export function restore({ node, key, from, to, name, place }, holders) {
  if (node.isConnected || document.activeElement !== document.body) return;
  const fields = holders.flatMap((holder) => [...holder.querySelectorAll("[data-key]")]);
  const same = fields.find((field) => field.dataset.key === key);
  const again = same ? focusable(same) : alike(holders, name)[place];
  again?.focus({ preventScroll: true });
  if (again && from !== null) again.setSelectionRange?.(from, to);
}
