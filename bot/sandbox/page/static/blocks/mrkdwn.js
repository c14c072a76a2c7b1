// Slack's own mark-up as nodes.

import { el } from "../dom.js";
import { emoji, unescape } from "./emoji.js";
import { link, token } from "./links.js";

const STYLES = { "*": "strong", _: "em", "~": "s" };
const INLINE = new RegExp(
  [
    /`([^`\n]+)`/.source, // 1 code
    /<([@#!][^<>\n]+|[a-z]+:[^<>\n]+)>/.source, // 2 token
    /(?<![\p{L}\p{N}*_~])([*_~])(?=\S)((?:<[^<>\n]*>|`[^`\n]*`|(?!\3)[^\n])+(?<!\s))\3(?![\p{L}\p{N}])/.source, // 3, 4
    /:([a-z0-9_+'-]+):(?::skin-tone-\d:)?/.source, // 5 emoji
    /(https?:\/\/[^\s<>|`]*[^\s<>|`.,;:!?)*_~])/.source, // 6 a bare address
  ].join("|"),
  "gu",
);

/** A run of text without line structure. */
export function inline(text, verbatim = false) {
  const out = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    out.push(unescape(text.slice(from, match.index)), piece(match, verbatim));
    from = match.index + match[0].length;
  }
  return [...out, unescape(text.slice(from))];
}

function piece([whole, code, inside, mark, styled, name, url], verbatim) {
  if (code !== undefined) return el("code", {}, coded(code));
  if (inside !== undefined) return token(inside);
  if (mark !== undefined) return el(STYLES[mark], {}, inline(styled, verbatim));
  if (name !== undefined) return emoji(name);
  return verbatim ? unescape(whole) : link(unescape(url), unescape(url));
}

function coded(text) {
  return text.split(/<([@#!][^<>\n]+|[a-z]+:[^<>\n]+)>/).map((part, at) => (at % 2 ? token(part) : unescape(part)));
}

const QUOTE = /^(?:>|&gt;) ?/;

function lines(text, verbatim) {
  const out = [];
  for (const line of text.split("\n")) {
    const quoted = QUOTE.test(line);
    const shown = inline(quoted ? line.replace(QUOTE, "") : line, verbatim);
    const last = out.at(-1);
    if (last && last.quoted === quoted) last.shown.push("\n", ...shown);
    else out.push({ quoted, shown });
  }
  return out.map(({ quoted, shown }) => (quoted ? el("blockquote", {}, shown) : shown));
}

/** mrkdwn as a fragment. `verbatim`: bare addresses are not made into links. */
export function renderMarkdown(text, { verbatim = false } = {}) {
  const fragment = document.createDocumentFragment();
  const parts = String(text ?? "").split(/```([\s\S]+?)```/);
  parts.forEach((part, at) => {
    if (at % 2) return fragment.append(el("pre", {}, coded(part.replace(/^\n|\n$/g, ""))));
    const trimmed = part.replace(at > 0 ? /^\n/ : /^$/, "").replace(at < parts.length - 1 ? /\n$/ : /$^/, "");
    return trimmed && fragment.append(...lines(trimmed, verbatim).flat(Infinity));
  });
  return fragment;
}
