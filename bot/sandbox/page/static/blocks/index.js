// Block Kit as nodes: which type is drawn by what, and the drawing of a whole message, modal or Home tab.

import { el } from "../dom.js";
import { card, carousel, container, plan, task } from "./cards.js";
import { ELEMENTS } from "./elements.js";
import { plain } from "./emoji.js";
import { remember, restore as refocus } from "./focus.js";
import { actions, alert, context, header, input, picture, section } from "./layout.js";
import { markdown } from "./markdown.js";
import { renderMarkdown } from "./mrkdwn.js";
import { NAMING } from "./named.js";
import { richText } from "./rich.js";
import { dataTable, table } from "./tables.js";
import { keyOf } from "./values.js";

export { plain, renderMarkdown };

const DRAWING = {
  section, actions, context, context_actions: actions, divider: () => el("hr", {}), header, image: picture, input, alert,
  rich_text: richText, markdown, table, data_table: dataTable, card, carousel, container, plan, task_card: task,
};

/** Block and element types by what happens to them. */
export const DRAWN = [...Object.keys(DRAWING), ...Object.keys(ELEMENTS)];
export const NAMED = Object.keys(NAMING);

/** One block, in a wrapper that carries its block_id. */
export function drawBlock(block, form) {
  const draw = DRAWING[block.type] ?? NAMING[block.type];
  const drawn = draw ? draw(block, form, drawBlock) : el("p", { class: "unknown", text: `unknown block ${block.type}` });
  return el("div", { class: `block b-${block.type}`, data: { block: block.block_id ?? "" } }, drawn);
}

/**
 * Blocks as a fragment. `context`: {surface: message | modal | home, on: {view} | {channel, ts}, values, errors,
 * restore}. What was entered and not yet sent stays; with `restore` so does the focus, once it is in the page.
 */
export function renderBlocks(blocks, { surface, on, values = {}, errors = {}, restore = true }) {
  const form = { surface, on, values: values ?? {}, errors: errors ?? {}, blocks };
  const kept = restore && on ? remember((node) => node.closest("[data-on]")?.dataset.on === keyOf(on)) : null;
  const holders = blocks.map((block) => drawBlock(block, form));
  for (const holder of holders) if (on) holder.dataset.on = keyOf(on);
  if (kept) queueMicrotask(() => refocus(kept, holders));
  const fragment = document.createDocumentFragment();
  fragment.append(...holders);
  return fragment;
}
