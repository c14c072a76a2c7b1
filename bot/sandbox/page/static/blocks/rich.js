// rich_text: sections, lists, quotes, preformatted text, and the styles of their parts.

import { el } from "../dom.js";
import { emoji } from "./emoji.js";
import { broadcast, link, mention, moment } from "./links.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u", highlight: "mark" };

const SPANS = {
  text: (part) => part.text,
  link: (part) => link(part.url, part.text ?? part.url),
  emoji: (part) => emoji(part.name, part.unicode),
  user: (part) => mention(part.user_id),
  channel: (part) => mention(part.channel_id),
  usergroup: (part) => mention(part.usergroup_id),
  team: (part) => mention(part.team_id),
  broadcast: (part) => broadcast(part.range),
  color: (part) => [swatch(part.value), el("code", { text: part.value })],
  date: (part) => moment(part.timestamp, part.format ?? "{date_num} {time}", part.fallback, part.url),
};

// A drawing, because its attribute may carry a colour where the page's policy forbids inline styles.
function swatch(value) {
  const ns = "http://www.w3.org/2000/svg";
  const drawn = document.createElementNS(ns, "svg");
  const square = document.createElementNS(ns, "rect");
  drawn.setAttribute("class", "swatch");
  drawn.setAttribute("viewBox", "0 0 1 1");
  drawn.setAttribute("aria-hidden", "true");
  square.setAttribute("width", "1");
  square.setAttribute("height", "1");
  square.setAttribute("fill", /^#[0-9a-f]{3,8}$/i.test(value) ? value : "none");
  drawn.append(square);
  return drawn;
}

function span(part) {
  let node = SPANS[part.type] ? SPANS[part.type](part) : el("span", { class: "unknown", text: `unknown ${part.type}` });
  for (const [style, tag] of Object.entries(STYLES)) if (part.style?.[style]) node = el(tag, {}, node);
  return node;
}

const spans = (part) => part.elements.map(span);

const MARKS = ["•", "◦", "▪"];
const NUMBERS = [String, (n) => String.fromCharCode(96 + ((n - 1) % 26) + 1), roman];

function roman(n) {
  const signs = [[10, "x"], [9, "ix"], [5, "v"], [4, "iv"], [1, "i"]];
  return signs.reduce(([out, rest], [size, sign]) => [out + sign.repeat(Math.floor(rest / size)), rest % size], ["", n])[0];
}

function list(part) {
  const indent = part.indent ?? 0;
  const ordered = part.style === "ordered";
  const first = (part.offset ?? 0) + 1;
  const mark = (at) => (ordered ? `${NUMBERS[indent % 3](first + at)}.` : MARKS[indent % 3]);
  return el(ordered ? "ol" : "ul", { class: `rich-list indent-${Math.min(indent, 8)}${part.border ? " bordered" : ""}`, role: "list" },
    part.elements.map((item, at) => el("li", {}, el("span", { class: "mark", "aria-hidden": "true", text: mark(at) }), el("div", {}, spans(item)))));
}

const PARTS = {
  rich_text_section: (part) => el("div", {}, spans(part)),
  rich_text_list: list,
  rich_text_quote: (part) => el("blockquote", {}, spans(part)),
  rich_text_preformatted: (part) => el("pre", { tabindex: "0" }, spans(part)),
};

export function richText(block) {
  const drawn = block.elements.map((part) => PARTS[part.type]?.(part) ?? el("span", { class: "unknown", text: `unknown ${part.type}` }));
  return el("div", { class: "text rich" }, drawn);
}

export const RICH = Object.keys({ ...PARTS, ...SPANS });
