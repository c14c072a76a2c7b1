// The markdown block: standard Markdown, unlike Slack's own mark-up.

import { el } from "../dom.js";
import { plain } from "./emoji.js";
import { link, token } from "./links.js";

const INLINE = new RegExp(
  [
    /`([^`\n]+)`/.source, // 1 code
    /!?\[([^\]\n]*)\]\(([^)\s]+)[^)\n]*\)/.source, // 2, 3 link or image
    /(\*\*|__)(?=\S)([\s\S]+?)(?<=\S)\4/.source, // 4, 5 bold
    /(?<![\p{L}\p{N}])([*_])(?=\S)([\s\S]+?)(?<=\S)\6(?![\p{L}\p{N}])/.source, // 6, 7 italic
    /~~([\s\S]+?)~~/.source, // 8 struck
    /<([@#!][^<>\n]+|https?:[^<>\n]+)>/.source, // 9 Slack's own tokens
    /(https?:\/\/[^\s<>|`]*[^\s<>|`.,;:!?)*_~])/.source, // 10 a bare address
    /\\([\\`*_{}[\]()#+.!~>|-])/.source, // 11 an escaped mark
  ].join("|"),
  "gu",
);

function inline(text) {
  const out = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    out.push(plain(text.slice(from, match.index)), piece(match));
    from = match.index + match[0].length;
  }
  return [...out, plain(text.slice(from))];
}

function piece([, code, label, url, , bold, , italic, struck, inside, bare, escaped]) {
  if (code !== undefined) return el("code", { text: code });
  if (url !== undefined) return link(url, inline(label || url).flat());
  if (bold !== undefined) return el("strong", {}, inline(bold));
  if (italic !== undefined) return el("em", {}, inline(italic));
  if (struck !== undefined) return el("s", {}, inline(struck));
  if (inside !== undefined) return token(inside);
  return bare !== undefined ? link(bare, bare) : escaped;
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((one) => inline(one.trim()));
const ITEM = /^(\s*)(?:[-*+]|(\d+)[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;

const KINDS = [
  [/^```/, fence],
  [/^#{1,6}\s/, heading],
  [/^\s*(?:[-*_]\s*){3,}$/, (lines) => { lines.shift(); return el("hr", {}); }],
  [/^>/, quote],
  [ITEM, list],
];

function fence(lines) {
  lines.shift();
  const inside = [];
  while (lines.length && !lines[0].startsWith("```")) inside.push(lines.shift());
  lines.shift();
  return el("pre", { tabindex: "0", text: inside.join("\n") });
}

function heading(lines) {
  const [, marks, title] = /^(#+)\s+(.*?)\s*#*$/.exec(lines.shift()) ?? [null, "#", ""];
  return el("div", { class: `md-head md-${marks.length}`, role: "heading", "aria-level": String(Math.min(marks.length + 3, 6)) }, inline(title));
}

function quote(lines) {
  const inside = [];
  while (lines.length && lines[0].startsWith(">")) inside.push(lines.shift().replace(/^> ?/, ""));
  return el("blockquote", {}, parts(inside));
}

function list(lines) {
  const rows = [];
  while (lines.length && ITEM.test(lines[0])) {
    const [, indent, number, ticked, said] = ITEM.exec(lines.shift());
    const mark = ticked === undefined ? (number ? `${number}.` : "•") : ticked === " " ? "☐" : "☑";
    rows.push(el("li", { class: `indent-${Math.min(Math.floor(indent.length / 2), 8)}` }, el("span", { class: "mark", text: mark }), el("div", {}, inline(said))));
  }
  return el("ul", { class: "rich-list", role: "list" }, rows);
}

function table(lines) {
  const head = cells(lines.shift());
  lines.shift();
  const rows = [];
  while (lines.length && lines[0].includes("|")) rows.push(cells(lines.shift()));
  const row = (one, tag) => el("tr", {}, one.map((said) => el(tag, { scope: tag === "th" ? "col" : null }, said)));
  return el("div", { class: "table", tabindex: "0", role: "group", "aria-label": "Table" },
    el("table", {}, el("thead", {}, row(head, "th")), el("tbody", {}, rows.map((one) => row(one, "td")))));
}

function parts(lines) {
  const out = [];
  while (lines.length) {
    const kind = KINDS.find(([start]) => start.test(lines[0]));
    if (!lines[0].trim()) lines.shift();
    else if (kind) out.push(kind[1](lines));
    else if (lines[0].includes("|") && /^[\s|:-]+$/.test(lines[1] ?? "") && lines[1].includes("-")) out.push(table(lines));
    else out.push(paragraph(lines));
  }
  return out;
}

function paragraph(lines) {
  const inside = [lines.shift()];
  while (lines.length && lines[0].trim() && !KINDS.some(([start]) => start.test(lines[0]))) inside.push(lines.shift());
  return el("p", {}, inline(inside.join("\n")));
}

export function markdown(block) {
  return el("div", { class: "text markdown" }, parts(block.text.split("\n")));
}
