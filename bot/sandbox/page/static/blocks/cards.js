// Blocks made of blocks: cards, carousels, containers, plans and their tasks.

import { el, freshId } from "../dom.js";
import { element } from "./elements.js";
import { link } from "./links.js";
import { richText } from "./rich.js";
import { image, text, words } from "./texts.js";

export function card(block, form) {
  const title = freshId("t");
  return el("article", { class: "card", "aria-labelledby": block.title ? title : null, "aria-label": block.title ? null : "Card" },
    block.hero_image ? image(block.hero_image) : null,
    el("div", { class: "card-head" }, block.icon ? image(block.icon, true) : null,
      block.title ? el("strong", { id: title, class: "text" }, text(block.title)) : null),
    block.subtitle ? el("div", { class: "soft text" }, text(block.subtitle)) : null,
    block.body ? el("div", { class: "text" }, text(block.body)) : null,
    block.actions ? el("div", { class: "row" }, block.actions.map((shown) => element(shown, form, block))) : null);
}

export function carousel(block, form, draw) {
  return el("div", { class: "carousel", role: "group", "aria-label": "Carousel", tabindex: "0" }, block.elements.map((one) => draw(one, form)));
}

export function container(block, form, draw) {
  const title = block.rich_text_title ? richText(block.rich_text_title) : el("strong", {}, text(block.title));
  const head = el("div", { class: "container-head" }, block.icon ? image(block.icon, true) : null, title,
    block.subtitle ? el("span", { class: "soft text" }, text(block.subtitle)) : null);
  const body = el("div", { class: block.has_header_divider ? "container-body ruled" : "container-body" }, block.child_blocks.map((child) => draw(child, form)));
  const look = `container ${block.width ?? "standard"}`;
  if (!block.is_collapsible) return el("div", { class: look }, head, body);
  return el("details", { class: look, open: !block.default_collapsed }, el("summary", {}, head), body);
}

const STATUS = { pending: ["○", "Pending"], in_progress: ["◐", "In progress"], complete: ["●", "Complete"], error: ["✕", "Error"] };

export function task(block) {
  const [sign, said] = STATUS[block.status ?? "pending"] ?? STATUS.pending;
  const sources = (block.sources ?? []).map((one) => el("li", {}, link(one.url, words(one.text ?? one.url))));
  return el("div", { class: "task" },
    el("div", {}, el("span", { "aria-hidden": "true", text: `${sign} ` }), el("strong", { text: words(block.title) }), el("span", { class: "soft", text: ` ${said}` })),
    block.details ? richText(block.details) : null,
    block.output ? el("div", { class: "task-output" }, richText(block.output)) : null,
    sources.length ? el("ul", { class: "sources", "aria-label": "Sources" }, sources) : null);
}

export function plan(block, form, draw) {
  return el("div", { class: "container" }, el("strong", { text: words(block.title) }), (block.tasks ?? []).map((one) => draw(one, form)));
}
