// What text points at: people, channels, groups, moments, and pages.

import { el } from "../dom.js";
import { state } from "../store.js";
import { written } from "./dates.js";
import { plain, unescape } from "./emoji.js";

const SAFE = /^(https?:\/\/|mailto:|tel:)/i;

/** "@ana", "#general": a mention, with its own name when the workspace has none for it. */
export function mention(id, label) {
  const name = state.names[id] ?? (label || id);
  const mine = id === state.me ? " mine" : "";
  const text = /^[@#]/.test(name) ? name : `${id.startsWith("C") ? "#" : "@"}${name}`;
  return el("span", { class: `mention${mine}`, text, data: { id } });
}

export function broadcast(range) {
  return el("span", { class: "mention mine", text: `@${range}` });
}

export function moment(epoch_s, form, fallback, url) {
  const text = written(epoch_s, form, fallback);
  const time = el("time", { datetime: stamp(epoch_s), title: fallback || null, text });
  return url ? link(url, time) : time;
}

function stamp(epoch_s) {
  const date = new Date(Number(epoch_s) * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** A link; the router keeps those to messages inside. Unsafe addresses stay text. */
export function link(url, ...children) {
  if (!SAFE.test(url)) return el("span", {}, ...children, ` (${url})`);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** What stands between < and > in mrkdwn. */
export function token(inside) {
  const date = /^!date\^(-?\d+)\^([^|^]*)(?:\^([^|]*))?(?:\|([\s\S]*))?$/.exec(inside);
  if (date) return moment(date[1], plain(date[2]), plain(date[4]), date[3]);
  const [target, ...labels] = inside.split("|");
  const label = labels.join("|");
  if (/^[@#]/.test(target)) return mention(target.slice(1), label);
  if (target.startsWith("!subteam^")) return mention(target.slice(9), label);
  if (target.startsWith("!")) return broadcast(label || target.slice(1).split("^")[0]);
  return link(unescape(target), plain(label || target));
}
